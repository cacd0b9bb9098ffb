/**
 * Responses that the application, its routers and its routes describe themselves, put on those that
 * follow from signatures.
 *
 * @module
 */
import { isSchema } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import type { Components } from "./components.ts";
import type {
  HeaderDescription,
  MediaTypeDescription,
  ResponseDescription,
  ResponseDescriptions,
} from "./description.ts";
import type { HeaderObject, MediaTypeObject, OperationObject, ResponseObject } from "./document.ts";
import { mapped } from "./json.ts";
import { phraseOf } from "./phrases.ts";

type Responses = OperationObject["responses"];

/** The responses with what is described of them, the outermost first: later ones win. */
export function withDescriptions(
  responses: Responses,
  described: readonly ResponseDescriptions[],
  components: Components,
): Responses {
  const result = { ...responses };
  for (const [status, each] of described.flatMap((each) => Object.entries(each))) {
    result[status] = withDescription(result[status] ?? { description: phraseOf(status) }, each, {
      components,
    });
  }
  return result;
}

function withDescription(
  response: ResponseObject,
  { description, headers, content, links }: ResponseDescription,
  { components }: { readonly components: Components },
): ResponseObject {
  return {
    ...response,
    ...(description !== undefined && { description }),
    ...(headers && {
      headers: { ...response.headers, ...mapped(headers, (each) => headerOf(each, components)) },
    }),
    ...(content && {
      content: { ...response.content, ...mapped(content, (each) => mediaOf(each, components)) },
    }),
    ...(links && { links: { ...response.links, ...links } }),
  };
}

function headerOf(header: AnySchema | HeaderDescription, components: Components): HeaderObject {
  if (isSchema(header)) return headerOf({ schema: header }, components);
  // What is no schema is a description: there is nothing else.
  const { schema, ...rest } = header as HeaderDescription;
  return { ...rest, schema: schema ? components.schema(schema, "output") : { type: "string" } };
}

function mediaOf(media: AnySchema | MediaTypeDescription, components: Components): MediaTypeObject {
  if (isSchema(media)) return mediaOf({ schema: media }, components);
  // What is no schema is a description: there is nothing else.
  const { schema, examples } = media as MediaTypeDescription;
  return {
    ...(schema && { schema: components.schema(schema, "output") }),
    ...(examples && { examples: { ...examples } }),
  };
}
