/**
 * How the text of a path, query, header, cookie or form is read, told by the JSON Schema of what
 * is declared there.
 *
 * @module
 */
import type { JsonSchema } from "../openapi/document.ts";

/** What a text may stand for. */
export type TextKind = "integer" | "number" | "boolean" | "bigint" | "date" | "text";

/** How text is read for one schema. */
export interface TextShape {
  /** What one text may stand for; the first that fits wins, `text` fits always. */
  readonly kinds: readonly TextKind[];
  /** Whether a name that is repeated gives a list. */
  readonly many: boolean;
  /** Whether that list becomes a set. */
  readonly isSet?: boolean;
  /** Whether only JSON can tell it: an object, a list of objects, a list of lists. */
  readonly isJson?: boolean;
  /** For a tuple: the kinds of each place. */
  readonly places?: readonly (readonly TextKind[])[];
}

const order: readonly TextKind[] = ["integer", "number", "boolean", "bigint", "date", "text"];
const listTypes: ReadonlySet<unknown> = new Set(["array", "set"]);

/** Reads the shape off a JSON Schema. The words `date`, `bigint` and `set` may stand as its `type`. */
export function textShape(schema: JsonSchema, root: JsonSchema = schema): TextShape {
  const found = new Set<TextKind>();
  let many = false;
  let isSet = false;
  let places: readonly (readonly TextKind[])[] | undefined;
  const branches = [...alternatives(schema, root, 0)];
  for (const each of branches) {
    if (listTypes.has(each["type"])) {
      many = true;
      isSet ||= each["type"] === "set";
      places = tuple(each, root) ?? places;
      for (const kind of itemKinds(each, root)) found.add(kind);
    } else for (const kind of kindsOf(each)) found.add(kind);
  }
  if (found.size === 0) found.add("text");
  const kinds = order.filter((each) => found.has(each));
  const isJson = isNested(branches, root) && { isJson: true };
  return { kinds, many, ...(isSet && { isSet }), ...isJson, ...(places && { places }) };
}

/** Whether only JSON can tell the values: a text that may stand for itself is not looked into. */
function isNested(branches: readonly JsonSchema[], root: JsonSchema): boolean {
  const nested = new Set(branches.flatMap((each) => nestings(each, root)));
  return nested.has(true) && !nested.has(false);
}

/** Of each value that a schema without branches may take: whether it holds others, as no text can. */
function nestings(schema: JsonSchema, root: JsonSchema): readonly boolean[] {
  if (listTypes.has(schema["type"])) {
    return itemsOf(schema).flatMap((each) =>
      [...alternatives(each, root, 0)].flatMap((item) =>
        listTypes.has(item["type"]) ? [true] : nestings(item, root),
      ),
    );
  }
  if (schema["type"] === "object") return [true];
  return kindsOf(schema).length > 0 ? [false] : [];
}

/** The shapes of a model's fields by name; `undefined` when the schema is no object. */
export function fieldShapes(schema: JsonSchema): ReadonlyMap<string, TextShape> | undefined {
  const fields = new Map<string, JsonSchema[]>();
  let isObject = false;
  for (const each of alternatives(schema, schema, 0)) {
    isObject ||= each["type"] === "object";
    for (const [name, field] of Object.entries((each["properties"] ?? {}) as Definitions)) {
      fields.set(name, [...(fields.get(name) ?? []), field]);
    }
  }
  if (!isObject) return undefined;
  return new Map([...fields].map(([name, anyOf]) => [name, textShape({ anyOf }, schema)]));
}

type Definitions = Readonly<Record<string, JsonSchema>>;

/** The branches of unions and references, each a schema without any. */
function* alternatives(schema: JsonSchema, root: JsonSchema, depth: number): Generator<JsonSchema> {
  if (depth > 16) return;
  const target = typeof schema["$ref"] === "string" ? resolve(schema["$ref"], root) : schema;
  const branches = (target["anyOf"] ?? target["oneOf"] ?? target["allOf"]) as
    | readonly JsonSchema[]
    | undefined;
  if (branches === undefined) yield target;
  else for (const each of branches) yield* alternatives(each, root, depth + 1);
}

function resolve(reference: string, root: JsonSchema): JsonSchema {
  const name = reference.split("/").at(-1) ?? "";
  return ((root["$defs"] as Record<string, JsonSchema> | undefined) ?? {})[name] ?? {};
}

function itemKinds(list: JsonSchema, root: JsonSchema): readonly TextKind[] {
  return itemsOf(list).flatMap((each) => [...alternatives(each, root, 0)].flatMap(kindsOf));
}

function itemsOf(list: JsonSchema): readonly JsonSchema[] {
  const items = list["items"];
  return [
    ...((list["prefixItems"] as readonly JsonSchema[] | undefined) ?? []),
    ...(typeof items === "object" && items !== null ? [items as JsonSchema] : []),
  ];
}

function tuple(list: JsonSchema, root: JsonSchema): readonly (readonly TextKind[])[] | undefined {
  const prefix = list["prefixItems"] as readonly JsonSchema[] | undefined;
  return prefix?.map((each) => {
    const kinds = new Set([...alternatives(each, root, 0)].flatMap(kindsOf));
    return order.filter((kind) => kinds.has(kind));
  });
}

function kindsOf(schema: JsonSchema): readonly TextKind[] {
  const values = (schema["enum"] ?? ("const" in schema ? [schema["const"]] : undefined)) as
    | readonly unknown[]
    | undefined;
  if (values !== undefined) return values.flatMap(kindOfValue);
  const types = [schema["type"]].flat();
  return types.flatMap((type): TextKind[] => {
    // What says nothing, as libraries tell "or undefined", is no reason to take text for text.
    if (type === "null" || type === undefined) return [];
    if (type === "string" || type === "object") return ["text"];
    return order.filter((each) => each === type);
  });
}

function kindOfValue(value: unknown): TextKind[] {
  if (value === null) return [];
  if (typeof value === "number") return ["number"];
  return typeof value === "boolean" ? ["boolean"] : ["text"];
}
