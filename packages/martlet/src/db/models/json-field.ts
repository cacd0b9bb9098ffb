/**
 * Columns of JSON.
 *
 * @module
 */
import * as z from "zod";
import { type AnyColumn, dialectOf, type Side } from "./column.ts";
import { judged, type Refusal, refuse } from "./coded.ts";
import { unstorable } from "./text-field.ts";

/** How deep lists and objects may stand in each other: as in any body, but MariaDB takes no more than 31. */
const depths = { postgresql: 64, mysql: 31, sqlite: 64 };

const schema = { type: ["object", "array", "string", "number", "boolean"] };

/** Anything that JSON can tell, but for `null`, which the database would take for its own. */
export function jsonField(column: AnyColumn, side: Side): z.ZodType<z.core.util.JSONType> {
  const missing = { error: "This is required.", params: { code: "missing" } };
  const there = z
    .custom<z.core.util.JSONType>((value) => value !== undefined, missing)
    .meta(schema);
  if (side === "read") return there;
  const most = depths[dialectOf(column) ?? "postgresql"];
  return there.check(
    judged<z.core.util.JSONType>((value) =>
      value === null ? refuse("json_type", "This may not be null.") : broken(value, most),
    ),
  );
}

/** Why a value cannot be kept as JSON. */
function broken(value: unknown, most: number): Refusal | undefined {
  if (typeof value === "string") return unstorable(value);
  if (value === null || typeof value === "boolean") return undefined;
  if (typeof value === "number") return brokenNumber(value);
  if (typeof value !== "object") return refuse("json_type", "This is no JSON.");
  if (most === 0) return refuse("json_depth", "Lists and objects stand too deep in each other.");
  return brokenMember(value, most - 1);
}

/** A whole number that JavaScript keeps as another one is no value of the client's. */
function brokenNumber(value: number): Refusal | undefined {
  if (!Number.isFinite(value)) return refuse("finite_number", "This is no finite number.");
  const isExact = Number.isSafeInteger(value) || !/^-?\d+$/.test(String(value));
  return isExact
    ? undefined
    : refuse("int_parsing_size", "This number is not exact: send it as text.");
}

function brokenMember(holder: object, most: number): Refusal | undefined {
  const names = Array.isArray(holder) ? [] : Object.keys(holder);
  for (const each of [...names, ...(Object.values(holder) as unknown[])]) {
    const refusal = broken(each, most);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
