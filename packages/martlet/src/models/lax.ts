/**
 * Lax models: JSON read as Pydantic reads it, for applications that come from FastAPI.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import * as z from "zod";
import { decodeText } from "../index.ts";
import { changed, type Parts, partsOf } from "./parts.ts";

/**
 * A model that reads scalars of JSON as Pydantic's lax mode does. Without it JSON is strict: `"7"` is
 * no number. What fits is left as it is, and what stands for something else is read by this table:
 *
 * | declared           | what is read                                                                |
 * | ------------------ | --------------------------------------------------------------------------- |
 * | `z.int()`          | `"7"`, `"7.0"`, `true` and `false` as 1 and 0                               |
 * | `z.number()`       | `"1.5"`, `true` and `false` as 1 and 0                                      |
 * | `z.bigint()`       | `"7"`, a whole number                                                       |
 * | `z.boolean()`      | 1 and 0, `"yes"`, `"off"`, … as in a query                                  |
 * | `z.date()`         | seconds since 1970, or milliseconds from 2 × 10^10 on                       |
 * | `z.iso.datetime()` | the same                                                                    |
 * | `z.iso.date()`     | the same, and a date with a time, where that is midnight in UTC             |
 * | `z.iso.time()`     | seconds since midnight                                                      |
 *
 * Text is never made of a number, and literals and enumerations have to be exact. A branch of a union
 * that takes a value as it is goes before those that would read it.
 *
 * @example
 * ```ts
 * import { lax } from "martlet/models";
 * import { z } from "zod";
 *
 * const Item = z.object({ price: z.number(), inStock: z.boolean(), at: z.date() });
 * expect(lax(Item).parse({ price: "50.2", inStock: "yes", at: 1700000000 })).toEqual({
 *   price: 50.2,
 *   inStock: true,
 *   at: new Date("2023-11-14T22:13:20Z"),
 * });
 * ```
 */
export function lax<M extends core.$ZodType>(model: M): Lax<M> {
  const transform = new z.ZodTransform({
    type: "transform",
    transform: (value) => read(model, value),
  });
  const pipe = new z.ZodPipe({ type: "pipe", in: transform, out: model });
  // An answer is as strict as ever; the mark tells issues that their text was to be read.
  return changed(pipe, { lax: true, answer: model }) as unknown as Lax<M>;
}

/** The model that {@link lax} makes: it takes what it says it takes, and more. */
export type Lax<M extends core.$ZodType> = z.ZodPipe<z.ZodType<z.input<M>, z.input<M>>, M> & {
  readonly _zod: { readonly def: { readonly answer: M } };
};

function read(schema: core.$ZodType, value: unknown): unknown {
  const parts = partsOf(schema);
  if (value === null || value === undefined) return value;
  if (parts.options !== undefined) return readUnion(parts.options, value);
  const inner = innerOf(parts);
  if (inner !== undefined) return read(inner, value);
  return typeof value === "object" && !(value instanceof Date)
    ? readHolder(parts, value)
    : (scalars[kindOf(parts)]?.(value as Scalar) ?? value);
}

/** What decides about a value: within a wrapper, or at a pipe's start. */
function innerOf({ type, innerType, getter, in: first, out }: Parts): core.$ZodType | undefined {
  if (innerType !== undefined) return innerType;
  if (getter !== undefined) return getter();
  if (type !== "pipe" || first === undefined) return undefined;
  return partsOf(first).type === "transform" ? out : first;
}

function readHolder(parts: Parts, value: object): unknown {
  if (Array.isArray(value)) return readList(parts, value);
  if (!(value instanceof Set)) return readMembers(parts, value as Members);
  const { type, valueType } = parts;
  return valueType === undefined
    ? value
    : new Set(readList({ type, element: valueType }, [...value]));
}

type Scalar = string | number | boolean | bigint | Date;

function readUnion(options: readonly core.$ZodType[], value: unknown): unknown {
  if (options.some((each) => takes(each, value))) return value;
  for (const each of options) {
    const candidate = read(each, value);
    if (takes(each, candidate)) return candidate;
  }
  return value;
}

/** Whether a schema takes a value as it is; one that only answers later is taken to. */
function takes(schema: core.$ZodType, value: unknown): boolean {
  try {
    return z.core.safeParse(schema, value).success;
  } catch (error) {
    if (error instanceof z.core.$ZodAsyncError) return true;
    throw error;
  }
}

function readList({ element, items, rest }: Parts, list: readonly unknown[]): readonly unknown[] {
  return list.map((each, index) => {
    const schema = element ?? items?.[index] ?? rest ?? undefined;
    return schema === undefined ? each : read(schema, each);
  });
}

function readMembers({ shape, catchall, valueType }: Parts, object: Members): Members {
  const entries = Object.entries(object).map(([name, each]) => {
    const own = shape !== undefined && Object.hasOwn(shape, name) ? shape[name] : undefined;
    const schema = own ?? catchall ?? valueType;
    return [name, schema === undefined ? each : read(schema, each)] as const;
  });
  return Object.fromEntries(entries);
}

type Members = Readonly<Record<string, unknown>>;

/** The kind of a scalar: its format where that matters, else its type. */
function kindOf({ type, format, checks = [] }: Parts): string {
  if (type === "string") return format === "date" ? "day" : (format ?? type);
  if (type !== "number") return type;
  const formats = [format, ...checks.map((each) => (each._zod.def as { format?: string }).format)];
  return formats.some((each) => each?.includes("int")) ? "int" : type;
}

const scalars: Readonly<Record<string, (value: Scalar) => unknown>> = {
  int: (value) => (typeof value === "string" ? decodeText(value, ["integer"]) : ofTruth(value)),
  number: (value) => (typeof value === "string" ? decodeText(value, ["number"]) : ofTruth(value)),
  bigint: (value) => {
    if (typeof value === "string") return decodeText(value, ["bigint"]);
    return Number.isSafeInteger(value) ? BigInt(value as number) : value;
  },
  boolean: (value) => {
    if (typeof value === "string") return decodeText(value, ["boolean"]);
    return value === 1 || value === 0 ? value === 1 : value;
  },
  date: (value) => (typeof value === "string" ? decodeText(value, ["date"]) : momentOf(value)),
  datetime: (value) => textOf(value, (moment) => moment.toISOString()),
  day: (value) =>
    textOf(typeof value === "string" ? decodeText(value, ["date"]) : value, (moment) => {
      const [day, time] = moment.toISOString().split("T");
      // One with a time is refused for that, whatever it came from.
      return time === "00:00:00.000Z" ? day : moment.toISOString();
    }),
  time: (value) =>
    typeof value === "number" && value >= 0 && value < 86_400
      ? new Date(Math.round(value * 1000))
          .toISOString()
          .slice(11, -1)
          .replace(/\.000$/, "")
      : value,
};

function ofTruth(value: Scalar): unknown {
  return typeof value === "boolean" ? Number(value) : value;
}

/** A moment told in seconds since 1970, or in milliseconds where that would be in a far future. */
function momentOf(value: Scalar): unknown {
  if (typeof value !== "number") return value;
  const moment = new Date(Math.abs(value) > 2e10 ? value : value * 1000);
  return Number.isNaN(moment.getTime()) ? value : moment;
}

function textOf(value: unknown, write: (moment: Date) => unknown): unknown {
  const moment = typeof value === "number" ? momentOf(value) : value;
  return moment instanceof Date ? write(moment) : value;
}
