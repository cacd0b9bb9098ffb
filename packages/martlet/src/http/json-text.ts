/**
 * JSON text of what goes out: one line, whatever the value holds.
 *
 * @module
 */
import { holdsSets } from "../schema.ts";
import type { AnySchema } from "../standard.ts";

/** Writes the values of a model, which have been validated; whatever comes where there is no model. */
export function jsonText(model: AnySchema | undefined): (value: unknown) => string {
  // Whether there are sets to write is found out when the first value comes.
  let write: ((value: unknown) => string) | undefined;
  return (value) => (write ??= model && holdsSets(model) ? withSets : toJson)(value);
}

/** JSON, with integers of any size as what they are. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    if (!(error instanceof TypeError) || rawJson === undefined) throw error;
    return JSON.stringify(value, exact);
  }
}

function exact(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? rawJson?.(String(value)) : value;
}

/** JSON, with sets as lists. */
function withSets(value: unknown): string {
  return JSON.stringify(value, listed) ?? "null";
}

function listed(key: string, value: unknown): unknown {
  return value instanceof Set ? [...(value as ReadonlySet<unknown>)] : exact(key, value);
}

/** https://tc39.es/proposal-json-parse-with-source/, which the types do not know yet. */
const { rawJSON: rawJson } = JSON as { rawJSON?: (text: string) => unknown };
