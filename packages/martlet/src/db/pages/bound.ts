/**
 * Values bound to be compared with a column: from the text that stands for one to what a driver takes.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import type { ValueType } from "./column-shape.ts";
import type { BoundValue, Fragment } from "./fragment.ts";

const whole = /^-?\d+$/;
const decimal = /^-?(\d+)(?:\.(\d+))?$/;
const number = /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|-?Infinity)$/i;
const patterns: Partial<Record<ValueType, RegExp>> = {
  integer: whole,
  bigint: whole,
  float: number,
  decimal: number,
  boolean: /^(?:true|false|t|f|0|1)$/,
};

/** Whether a text may stand for a value of a type. */
export function standsFor(text: string, type: ValueType): boolean {
  return (patterns[type]?.test(text) ?? true) && !text.includes("\0");
}

/** Binds the value that a text stands for. */
export function bound(text: string, type: ValueType, dialect: Dialect): Fragment {
  if (type === "decimal" && dialect === "mysql") return decimalOf(text);
  const read = dialect === "postgresql" ? inPostgres[type] : inOthers[type];
  return [{ value: read?.(text) ?? text }];
}

type Readers = Partial<Record<ValueType, (text: string) => BoundValue>>;

/** PostgreSQL reads a text as whatever it is compared with. */
const inPostgres: Readers = { boolean: isTrue };

const inOthers: Readers = {
  boolean: (text) => Number(isTrue(text)),
  integer: wholeOf,
  bigint: wholeOf,
  float: Number,
};

function isTrue(text: string): boolean {
  return /^[t1]/.test(text);
}

function wholeOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** MySQL would compare a decimal number with a text as floating point numbers. */
function decimalOf(text: string): Fragment {
  const [, before, after = ""] = decimal.exec(text) ?? [];
  if (before === undefined) return [{ value: Number(text) }];
  const digits = Math.min(65, before.length + after.length);
  return ["cast(", { value: text }, ` as decimal(${digits}, ${Math.min(30, after.length)}))`];
}
