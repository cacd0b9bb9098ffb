/**
 * One setting: its variable, its type, and how a text becomes its value.
 *
 * @module
 */
import {
  type AnySchema,
  decodeText,
  jsonSchema,
  type JsonSchema,
  type Schema,
  textShape,
  type TextShape,
} from "../index.ts";
import { type Notation, notationOf, takesText, typeWords } from "./type-words.ts";

/** A setting as data: a row of documentation. */
export interface SettingInfo {
  /** Its name in code. */
  readonly name: string;
  /** Its environment variable. */
  readonly variable: string;
  /** What fits it, in words: `integer, at least 1, at most 65535`. */
  readonly type: string;
  /** Whether the application does not start without it. */
  readonly required: boolean;
  /** What it is when the variable is not set. A secret's is not told. */
  readonly default?: unknown;
  readonly description?: string;
  /** Whether its value must not be shown. */
  readonly secret: boolean;
}

/** A setting, prepared to be read. */
export interface Setting {
  readonly name: string;
  readonly variable: string;
  readonly schema: Schema;
  /** How its text is read; `undefined` when the schema's library cannot tell. */
  readonly form: Form | undefined;
}

/** How the text of one setting is read. */
interface Form {
  readonly json: JsonSchema;
  readonly shape: TextShape;
  readonly notation: Notation;
  /** What fits, in words. */
  readonly words: string;
}

/** Prepares a setting. */
export function settingOf(name: string, variable: string, schema: AnySchema): Setting {
  const json = jsonSchema(schema, "input");
  const shape = textShape(schema);
  const form =
    json === undefined || shape === undefined
      ? undefined
      : { json, shape, notation: notationOf(json), words: typeWords(json) };
  return { name, variable, schema: schema as Schema, form };
}

/** A setting as a row of documentation. */
export function describe(setting: Setting): SettingInfo {
  const { name, variable, form } = setting;
  const absent = validate(setting, undefined);
  const isSecret = form?.json["writeOnly"] === true;
  const description = form?.json["description"];
  return {
    name,
    variable,
    type: form?.words ?? "text",
    required: "problem" in absent,
    ...("value" in absent &&
      absent.value !== undefined &&
      !isSecret && { default: freeze(absent.value) }),
    ...(typeof description === "string" && { description }),
    secret: isSecret,
  };
}

/** What became of a text: a value, or what is wrong with it, without any of it. */
export type Reading = { readonly value: unknown } | { readonly problem: readonly string[] };

/** The value when the variable is not set. */
export function absent(setting: Setting): Reading {
  return validate(setting, undefined);
}

/** The value of a text. */
export function readSetting(setting: Setting, text: string): Reading {
  const { form } = setting;
  if (form === undefined) return { problem: [] };
  const decoded = decode(text, form);
  if (decoded === undefined) return { problem: ["This is no JSON."] };
  const reading = validate(setting, decoded.value);
  if (!("issues" in reading)) return reading;
  // A text that could not be read as its type: the type says it all.
  const isUnread = typeof decoded.value === "string" && !form.shape.kinds.includes("text");
  if (isUnread || form.json["writeOnly"] === true) return { problem: [] };
  return { problem: told(reading.issues, form.json, [text, textOf(decoded.value)]) };
}

/** A value that came from text, as a message could quote it. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "bigint" ? String(each) : each,
  );
}

function decode(text: string, form: Form): { readonly value: unknown } | undefined {
  const { json, shape, notation } = form;
  if (notation === "text") return { value: decodeText(text, shape.kinds) };
  const isJson = /^\s*[[{]/.test(text);
  const parsed = isJson ? parse(text) : undefined;
  if (parsed !== undefined) return parsed;
  if (notation === "json")
    return takesText(json) ? { value: decodeText(text, shape.kinds) } : undefined;
  const items = text.split(",").map((each) => each.trim());
  return {
    value: items
      .filter((each) => each !== "")
      .map((each, index) => decodeText(each, shape.places?.[index] ?? shape.kinds)),
  };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    // The error quotes the text: it goes no further.
    return undefined;
  }
}

type Issues = readonly {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}[];
type Validated = Reading | (Reading & { readonly issues: Issues });

function validate({ schema }: Setting, value: unknown): Validated {
  const late = { problem: ["Its schema is asynchronous, or throws: settings are read at once."] };
  try {
    const result = schema["~standard"].validate(value);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      return late;
    }
    return result.issues === undefined
      ? { value: result.value }
      : { problem: [], issues: result.issues };
  } catch {
    // What a schema throws may quote the text: it goes no further.
    return late;
  }
}

/** The issues in words. A message or a name that quotes the text is left out. */
function told(issues: Issues, json: JsonSchema, texts: readonly string[]): readonly string[] {
  const lines = issues.map(({ message, path = [] }) => {
    const place = placeOf(path, json);
    const isSafe = !texts.some((each) => quotes(message, each));
    return isSafe ? `${place}${message}` : place && `${place}This does not fit.`;
  });
  return [...new Set(lines.filter((each) => each !== ""))];
}

/** Where an issue stands, as far as the schema knows the names: others come from the text. */
function placeOf(
  path: readonly (PropertyKey | { readonly key: PropertyKey })[],
  json: JsonSchema,
): string {
  const declared = JSON.stringify(json);
  const words = path.map((each) => {
    const key = typeof each === "object" ? each.key : each;
    if (typeof key === "number") return `[${key}]`;
    return declared.includes(`${JSON.stringify(String(key))}:`) ? `.${String(key)}` : ".…";
  });
  return words.length === 0 ? "" : `${words.join("").replace(/^\./, "")}: `;
}

/** Whether a message has a run of four characters, or the whole, of a text. */
function quotes(message: string, text: string): boolean {
  const [inside, outside] = [text.toLowerCase(), message.toLowerCase()];
  const run = Math.min(4, inside.length);
  for (let at = 0; at + run <= outside.length; at += 1) {
    if (inside.includes(outside.slice(at, at + run))) return true;
  }
  return false;
}

/** Freezes lists and plain objects through and through; what has a class is its own business. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
  for (const each of Object.values(value)) freeze(each);
  return Object.freeze(value);
}
