/**
 * What path, query, header, cookie and form parameters have in common: text, read as the declared
 * type and validated.
 *
 * @module
 */
import type { Issue } from "../errors.ts";
import type { AnySchema } from "../standard.ts";
import { textShapeOf, validator } from "../schema.ts";
import type { TextKind, TextShape } from "../schema/text-shape.ts";
import { malformed } from "../source.ts";
import { decodeText, parsingIssue } from "../text.ts";
import { type Compiler, Invalid } from "./param.ts";

/** Reads the values sent under one name. */
export type TextRead = (values: readonly string[] | undefined) => unknown;

/** The items of one value, where a list is declared. */
export type Split = (value: string) => readonly string[];

/** Prepares the reader of one name. */
export function textReader(
  schema: AnySchema,
  loc: readonly [place: string, name: string],
  compiler: Compiler,
  split?: Split,
): TextRead {
  const shape = textShapeOf(schema) ?? untold(loc, compiler);
  declaredNames(loc[0], compiler).add(loc[1]);
  const declared = { loc, shape, split };
  const validate = validator(schema, loc, "text");
  const settle = (value: unknown, result: unknown): unknown =>
    result instanceof Invalid ? recode(result, value, declared) : result;
  return (sent) => {
    const value = decodeValues(sent, declared);
    if (value instanceof Invalid) return value;
    const result = validate(shape.isSet && Array.isArray(value) ? new Set(value) : value);
    return result instanceof Promise
      ? result.then((late: unknown) => settle(value, late))
      : settle(value, result);
  };
}

/** The names that the plan declares one by one at a place: no model may take them for its own. */
export function declaredNames(place: string, compiler: Compiler): Set<string> {
  const places = compiler.shared(namesKey, () => new Map<string, Set<string>>());
  const names = places.get(place) ?? new Set();
  places.set(place, names);
  return names;
}

const namesKey = Symbol("declared names");

/** What is declared at one place of a request. */
export interface Declared {
  readonly loc: readonly string[];
  readonly shape: TextShape;
  readonly split?: Split | undefined;
}

/** What the values sent under one name stand for, a list for a set; `undefined` if there are none. */
export function decodeValues(
  sent: readonly string[] | undefined,
  { loc, shape, split }: Declared,
): unknown {
  const values = split !== undefined && shape.many ? sent?.flatMap(split) : sent;
  if (values === undefined || values.length === 0) return undefined;
  const broken = values.findIndex((each) => each.includes("\0"));
  if (broken >= 0) {
    const place = shape.many ? [...loc, broken] : loc;
    return new Invalid([brokenText(place, values[broken] as string)]);
  }
  if (!shape.many && values.length > 1) return repeated(loc);
  return shape.many
    ? values.map((each, index) => decodeText(each, shape.places?.[index] ?? shape.kinds))
    : decodeText(values[0] as string, shape.kinds);
}

function untold([place, name]: readonly [string, string], compiler: Compiler): TextShape {
  compiler.fault(
    "M012",
    `The schema of ${place} "${name}" does not tell its JSON Schema, so its text cannot be read`,
    "Use a library that speaks Standard JSON Schema; wrap Valibot's with toStandardJsonSchema().",
  );
  return { kinds: ["text"], many: false };
}

/** The issue of a text that holds a NUL character, or stands for broken percent-encoding. */
export function brokenText(loc: Issue["loc"], text: string): Invalid["issues"][number] {
  return text === malformed
    ? { loc, code: "malformed_encoding", message: "This is not percent-encoded UTF-8." }
    : { loc, code: "nul_character", message: "This holds a NUL character." };
}

/** What is answered to several values where one is declared. */
export function repeated(loc: readonly string[]): Invalid {
  return new Invalid([{ loc, code: "repeated", message: "This was sent more than once." }]);
}

/** A library that has no words of its own for it is told what a text could not be read as. */
export function recode(invalid: Invalid, value: unknown, { loc, shape }: Declared): Invalid {
  if (shape.isSet) return recodeSet(invalid, value as unknown[], { loc, shape });
  const issues = invalid.issues.map((issue) => {
    if (issue.code !== "invalid") return issue;
    const index = issue.loc[loc.length];
    const list = Array.isArray(value) && typeof index === "number";
    const part: unknown = list ? (value as unknown[])[index] : value;
    const kinds: readonly TextKind[] = (list && shape.places?.[index]) || shape.kinds;
    const told = typeof part === "string" ? parsingIssue(part, kinds) : undefined;
    return told === undefined ? issue : { loc: issue.loc, ...told };
  });
  return new Invalid(issues);
}

/** An issue within a set does not say which of its members it is about. */
function recodeSet(
  invalid: Invalid,
  values: readonly unknown[],
  { loc, shape }: Declared,
): Invalid {
  const told = values.flatMap((each, index) => {
    const issue = typeof each === "string" ? parsingIssue(each, shape.kinds) : undefined;
    return issue === undefined ? [] : [{ loc: [...loc, index], ...issue }];
  });
  return told.length > 0 ? new Invalid(told) : invalid;
}
