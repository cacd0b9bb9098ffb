/**
 * Extensions: what a developer writes into an operation in OpenAPI's own words.
 *
 * @module
 */
import type { OperationExtension } from "./description.ts";
import type { OperationObject } from "./document.ts";

/** The operation with an extension put on top. */
export function extended(
  operation: OperationObject,
  extension: OperationExtension,
): OperationObject {
  const result =
    typeof extension === "function"
      ? extension(operation)
      : // What the developer writes has the last word, also on what an operation is.
        (merged(operation, extension) as OperationObject);
  const name = operation["x-martlet-name"] ?? operation.operationId;
  // Martlet's own clients find the route by the name of its place.
  return result.operationId === operation.operationId
    ? result
    : { ...result, "x-martlet-name": name };
}

/** Objects are merged member by member; all else is replaced, and `undefined` takes away. */
function merged(own: unknown, more: unknown): unknown {
  if (!isPlain(own) || !isPlain(more)) return more;
  const result = { ...own };
  for (const [key, value] of Object.entries(more)) {
    if (value === undefined) delete result[key];
    else result[key] = merged(own[key], value);
  }
  return result;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
