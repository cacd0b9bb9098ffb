/**
 * Types in words: what a setting may be, as people read it, told by its JSON Schema.
 *
 * @module
 */
import type { JsonSchema } from "../index.ts";

/** How the text of a variable is written. */
export type Notation = "text" | "list" | "json";

/** How text is written for a schema: as it is, as a list between commas, or as JSON. */
export function notationOf(schema: JsonSchema): Notation {
  const all = [...branches(schema, schema)];
  if (all.some(isObject)) return "json";
  const lists = all.filter(isList);
  if (lists.length === 0) return "text";
  const items = lists.flatMap((each) => itemsOf(each, schema));
  return items.some((each) => isObject(each) || isList(each)) ? "json" : "list";
}

/** Whether plain text fits a schema, too: it is not only lists and objects. */
export function takesText(schema: JsonSchema): boolean {
  return [...branches(schema, schema)].some((each) => !isObject(each) && !isList(each));
}

/** What fits a schema: `integer, at least 1, at most 65535`, `list of text, separated by commas`. */
export function typeWords(schema: JsonSchema): string {
  const words = wordsOf(schema, schema);
  const notation = { text: "", list: ", separated by commas", json: ", as JSON" }[
    notationOf(schema)
  ];
  return `${schema["writeOnly"] === true ? "secret " : ""}${words}${notation}`;
}

/** The branches of unions and references, each a schema without any; `null` is no text. */
function* branches(schema: JsonSchema, root: JsonSchema, depth = 0): Generator<JsonSchema> {
  if (depth > 16) return;
  const target = resolve(schema, root);
  const parts = target["anyOf"] ?? target["oneOf"] ?? target["allOf"];
  if (parts === undefined) yield* types(target);
  else for (const each of parts as readonly JsonSchema[]) yield* branches(each, root, depth + 1);
}

function* types(schema: JsonSchema): Generator<JsonSchema> {
  for (const type of [schema["type"]].flat()) {
    if (type !== "null") yield { ...schema, type };
  }
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return schema;
  if (reference === "#") return root;
  const definitions = root["$defs"] as Readonly<Record<string, JsonSchema>> | undefined;
  return definitions?.[reference.split("/").at(-1) ?? ""] ?? {};
}

function isObject(schema: JsonSchema): boolean {
  return schema["type"] === "object";
}

function isList(schema: JsonSchema): boolean {
  return schema["type"] === "array";
}

function itemsOf(list: JsonSchema, root: JsonSchema): readonly JsonSchema[] {
  const { items, prefixItems = [] } = list as {
    readonly items?: unknown;
    readonly prefixItems?: readonly JsonSchema[];
  };
  const rest = typeof items === "object" && items !== null ? [items as JsonSchema] : [];
  return prefixItems.concat(rest).flatMap((each) => Array.from(branches(each, root)));
}

function wordsOf(schema: JsonSchema, root: JsonSchema): string {
  const words = [...branches(schema, root)].map((each) => branchWords(each, root));
  return [...new Set(words)].join(" or ") || "text";
}

function branchWords(schema: JsonSchema, root: JsonSchema): string {
  const values = schema["enum"] ?? ("const" in schema ? [schema["const"]] : undefined);
  if (values !== undefined) return choice(values as readonly unknown[]);
  const { type } = schema;
  if (type === "array") return listWords(schema, root);
  if (type === "boolean") return "true or false";
  if (type === "integer" || type === "number") return [type, ...bounds(schema)].join(", ");
  if (type === "object") return "object";
  return [textWord(schema), ...counts(schema, ["minLength", "maxLength"], "character")].join(", ");
}

function choice(values: readonly unknown[]): string {
  const words = values.filter((each) => each !== null).map(String);
  return words.length === 1
    ? `"${words[0]}"`
    : `one of ${words.map((each) => `"${each}"`).join(", ")}`;
}

const textWords: Readonly<Record<string, string>> = {
  uri: "URL",
  email: "email address",
  uuid: "UUID",
  "date-time": "date and time (ISO 8601)",
  date: "date (ISO 8601)",
  time: "time (ISO 8601)",
  duration: "duration (ISO 8601)",
  ipv4: "IPv4 address",
  ipv6: "IPv6 address",
};

function textWord({ format, pattern }: JsonSchema): string {
  if (typeof format === "string") return textWords[format] ?? `text (${format})`;
  // Longer patterns say nothing to a reader.
  return typeof pattern === "string" && pattern.length <= 60 ? `text that fits ${pattern}` : "text";
}

function bounds(schema: JsonSchema): readonly string[] {
  return limits(schema, [
    ["minimum", "at least"],
    ["exclusiveMinimum", "above"],
    ["maximum", "at most"],
    ["exclusiveMaximum", "below"],
    ["multipleOf", "a multiple of"],
  ]);
}

/** How many characters or items: `at least 1 item`, `exactly 2 items`. */
function counts(schema: JsonSchema, [min, max]: readonly [string, string], noun: string): string[] {
  const words = limits(
    schema,
    schema[min] === schema[max]
      ? [[min, "exactly"]]
      : [
          [min, "at least"],
          [max, "at most"],
        ],
  );
  return words.map((each) => `${each} ${noun}${each.endsWith(" 1") ? "" : "s"}`);
}

function limits(
  schema: JsonSchema,
  words: readonly (readonly [key: string, word: string])[],
): readonly string[] {
  return words.flatMap(([key, word]) => {
    const limit = schema[key];
    return typeof limit === "number" ? [`${word} ${limit}`] : [];
  });
}

function listWords(schema: JsonSchema, root: JsonSchema): string {
  const words = [...new Set(itemsOf(schema, root).map((each) => branchWords(each, root)))];
  return [
    words.length === 0 ? "list" : `list of ${words.join(" or ")}`,
    ...counts(schema, ["minItems", "maxItems"], "item"),
  ].join(", ");
}
