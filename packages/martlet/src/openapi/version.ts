/**
 * The versions of OpenAPI: what only one of them has words for.
 *
 * @module
 */
import type { OpenApiVersion } from "./description.ts";
import type {
  Content,
  MediaTypeObject,
  OperationObject,
  ServerObject,
  TagObject,
} from "./document.ts";
import { mapped } from "./json.ts";

/** The methods that a path item has a place for, in 3.1. */
const fixed = new Set(["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]);

/** Where a path item holds the operation of a method; `undefined` when the version has no place. */
export function placeOf(method: string, version: OpenApiVersion): "own" | "additional" | undefined {
  if (fixed.has(method)) return "own";
  if (version === "3.1.1") return undefined;
  return method === "QUERY" ? "own" : "additional";
}

/** A server in the words of a version. */
export function serverIn(server: ServerObject, version: OpenApiVersion): ServerObject {
  if (version !== "3.1.1") return server;
  const { name: _name, ...rest } = server;
  return rest;
}

/** A tag in the words of a version. */
export function tagIn(tag: TagObject, version: OpenApiVersion): TagObject {
  if (version !== "3.1.1") return tag;
  const { summary, parent: _parent, kind: _kind, ...rest } = tag;
  return { ...rest, ...(summary !== undefined && { "x-displayName": summary }) };
}

/** An operation in the words of a version. */
export function operationIn(operation: OperationObject, version: OpenApiVersion): OperationObject {
  const { requestBody, responses, servers } = operation;
  return {
    ...operation,
    ...(requestBody && {
      requestBody: { ...requestBody, content: contentIn(requestBody.content, version) },
    }),
    responses: mapped(responses, (each) => ({
      ...each,
      ...(each.content && { content: contentIn(each.content, version) }),
    })),
    ...(servers && { servers: servers.map((each) => serverIn(each, version)) }),
  };
}

function contentIn(content: Content, version: OpenApiVersion): Content {
  return mapped(content, (each) => mediaIn(each, version));
}

/** Items are told as items where there is a word for it; elsewhere the whole is all that is told. */
function mediaIn(media: MediaTypeObject, version: OpenApiVersion): MediaTypeObject {
  const { schema, itemSchema, ...rest } = media;
  if (itemSchema !== undefined && version !== "3.1.1") return { itemSchema, ...rest };
  return { ...(schema && { schema }), ...rest };
}
