/**
 * Contracts: where each argument of each operation goes, as a small table of plain JSON. All that a
 * client needs of an OpenAPI document.
 *
 * @module
 */
import type { Document, MessageKind, OperationObject } from "../index.ts";

/** The operations of an application by name: `"items.update"`. Plain JSON. */
export interface Contract {
  readonly [name: string]: ContractOperation;
}

/** Where the arguments of one operation go. */
export interface ContractOperation {
  readonly method: string;
  /** The path with its placeholders: `"/items/{id}"`, `"/files/{file*}"`. */
  readonly path: string;
  /** The names that go into the query string. */
  readonly query?: readonly string[];
  /** The headers, in lower case. The argument of `if-match` is `ifMatch`. */
  readonly header?: readonly string[];
  /** The media type of the body. */
  readonly body?: string;
  /** What the server takes as messages and sends as such, if the operation is a socket. */
  readonly receives?: MessageKind;
  readonly sends?: MessageKind;
  /** The arguments that are members of the body. */
  readonly members?: readonly string[];
  /** The fields of the body, if it is a form. Without them the body is the argument `body`. */
  readonly form?: readonly string[];
  /** Those of the form's fields that are sent as JSON, unless they are files. */
  readonly json?: readonly string[];
}

/**
 * Makes a contract of an OpenAPI document. Write it to a file when you build, and give it to the
 * clients that go to production.
 *
 * @example
 * ```ts
 * import { martlet, patch, router } from "martlet";
 * import { contractOf } from "martlet/client";
 * import { z } from "zod";
 *
 * const update = patch(
 *   "/{id}",
 *   { path: { id: z.int() }, header: { ifMatch: z.string() }, body: z.object({ price: z.number() }) },
 *   ({ id, body }) => ({ id, ...body }),
 * );
 * const app = martlet({ items: router("/items", { update }) });
 * expect(contractOf(app.openapi())).toEqual({
 *   "items.update": {
 *     method: "PATCH",
 *     path: "/items/{id}",
 *     header: ["if-match"],
 *     body: "application/json",
 *   },
 * });
 * ```
 */
export function contractOf(document: Document): Contract {
  const contract: Record<string, ContractOperation> = { ...document["x-martlet-sockets"] };
  for (const [path, { additionalOperations, ...own }] of Object.entries(document.paths)) {
    // What is left of a path item are operations by their methods.
    const operations = { ...(own as Record<string, OperationObject>), ...additionalOperations };
    for (const [method, operation] of Object.entries(operations)) {
      const name = operation["x-martlet-name"] ?? operation.operationId;
      // A path may hold more than operations: a summary, for one.
      if (name === undefined) continue;
      contract[name] = {
        method: method.toUpperCase(),
        path: operation["x-martlet-path"] ?? path,
        ...named("query", operation),
        ...named("header", operation),
        ...bodyOf(operation),
      };
    }
  }
  return contract;
}

function named(
  place: "query" | "header",
  { parameters = [] }: OperationObject,
): Pick<ContractOperation, typeof place> {
  const names = parameters.filter((each) => each.in === place).map((each) => each.name);
  return names.length > 0 ? { [place]: names } : {};
}

function bodyOf({
  requestBody,
}: OperationObject): Pick<ContractOperation, "body" | "form" | "json" | "members"> {
  const [found] = Object.entries(requestBody?.content ?? {});
  if (found === undefined) return {};
  const [body, { schema }] = found;
  const members = requestBody?.["x-martlet-members"];
  if (members !== undefined) return { body, members };
  return isForm(body) ? { body, form: Object.keys(schema?.["properties"] ?? {}) } : { body };
}

function isForm(mediaType: string): boolean {
  return /^multipart\/|\/x-www-form-urlencoded$/.test(mediaType);
}
