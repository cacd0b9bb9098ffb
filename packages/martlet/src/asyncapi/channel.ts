/**
 * Channels: where a socket is, and what its handshake takes.
 *
 * @module
 */
import type { JsonSchema, ParameterObject } from "../openapi/document.ts";
import type { AsyncApiChannel } from "./document.ts";

/** The address of a path: AsyncAPI has one kind of placeholder. */
export function addressOf(path: string): string {
  return path.replaceAll("*}", "}");
}

/** The placeholders of the path, which are text to AsyncAPI. */
export function parametersOf(
  parameters: readonly ParameterObject[],
): AsyncApiChannel["parameters"] | undefined {
  const inPath = parameters.filter((each) => each.in === "path");
  if (inPath.length === 0) return undefined;
  return Object.fromEntries(
    inPath.map(({ name, description, schema, example }) => {
      const texts = (schema["enum"] ?? []) as readonly unknown[];
      const told = {
        ...(description !== undefined && { description }),
        ...(texts.length > 0 && { enum: texts.map(String) }),
        ...(example !== undefined && {
          examples: [typeof example === "string" ? example : JSON.stringify(example)],
        }),
      };
      return [name, told];
    }),
  );
}

/** The query and the headers of the handshake (https://github.com/asyncapi/bindings, ws 0.1.0). */
export function bindingOf(
  parameters: readonly ParameterObject[],
): AsyncApiChannel["bindings"]["ws"] {
  const query = objectOf(parameters.filter((each) => each.in === "query"));
  const headers = objectOf(parameters.filter((each) => each.in === "header"));
  return {
    method: "GET",
    ...(query && { query }),
    ...(headers && { headers }),
    bindingVersion: "0.1.0",
  };
}

function objectOf(parameters: readonly ParameterObject[]): JsonSchema | undefined {
  if (parameters.length === 0) return undefined;
  const properties = parameters.map(({ name, schema, description }) => [
    name,
    { ...schema, ...(description !== undefined && { description }) },
  ]);
  const required = parameters.filter((each) => each.required).map((each) => each.name);
  return {
    type: "object",
    properties: Object.fromEntries(properties) as JsonSchema,
    ...(required.length > 0 && { required }),
  };
}
