/**
 * Items: how the document tells of a body that comes item by item.
 *
 * @module
 */
import type { Content, JsonSchema } from "../openapi/document.ts";

/**
 * The content of a stream, in the words of both versions: OpenAPI 3.2 has `itemSchema`, and 3.1 no more
 * than text in which there is a list.
 */
export function itemsIn(mediaType: string, item: JsonSchema): Content {
  const list = { type: "array", items: item };
  const schema = { type: "string", contentMediaType: mediaType, contentSchema: list };
  return { [mediaType]: { schema, itemSchema: item } };
}
