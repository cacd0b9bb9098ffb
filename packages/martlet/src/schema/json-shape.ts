/**
 * How JSON is read for one schema: JSON has no dates, no large integers and no sets, so where the
 * schema wants one, the text, the number or the list that stands for it is turned into it.
 *
 * @module
 */
import type { JsonSchema } from "../openapi/document.ts";
import { decodeText } from "../text.ts";

/** Puts dates, bigints and sets into a value that JSON.parse gave; the value is changed in place. */
export type JsonRead = (value: unknown) => unknown;

/** Reads the shape off a JSON Schema; the words `date`, `bigint` and `set` may stand as its `type`. */
export function jsonShape(schema: JsonSchema): JsonRead | undefined {
  if (!marks.test(JSON.stringify(schema))) return undefined;
  return new Shape(schema).reader(schema, nothing);
}

const marks = /"type":(?:\[[^\]]*)?"(?:date|bigint|set)"/;

/** What stays as it is, because another branch of a union takes it so. */
interface Kept {
  readonly text: boolean;
  readonly number: boolean;
}

const nothing: Kept = { text: false, number: false };

class Shape {
  readonly #root: JsonSchema;
  readonly #named = new Map<string, JsonRead>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  reader(schema: JsonSchema, kept: Kept): JsonRead {
    const reference = schema["$ref"];
    if (typeof reference === "string") return (value) => this.#reference(reference)(value);
    const branches = branchesOf(schema);
    return branches === undefined ? this.#plain(schema, kept) : this.#union(branches, kept);
  }

  /** The reader of a named schema, which may hold itself. */
  #reference(reference: string): JsonRead {
    const known = this.#named.get(reference);
    if (known !== undefined) return known;
    const name = reference.split("/").at(-1) ?? "";
    const definitions = (this.#root["$defs"] ?? {}) as Readonly<Record<string, JsonSchema>>;
    const read = this.reader(reference === "#" ? this.#root : (definitions[name] ?? {}), nothing);
    this.#named.set(reference, read);
    return read;
  }

  #union(branches: readonly JsonSchema[], outer: Kept): JsonRead {
    const kept = {
      text: outer.text || branches.some((each) => takes(each, ["string"])),
      number: outer.number || branches.some((each) => takes(each, ["number", "integer"])),
    };
    const readers = branches.map((each) => ({ each, read: this.reader(each, kept) }));
    return (value) => {
      let current = value;
      for (const { each, read } of readers) if (mayBe(each, current)) current = read(current);
      return current;
    };
  }

  #plain(schema: JsonSchema, kept: Kept): JsonRead {
    const isDate = takes(schema, ["date"]) && !takes(schema, ["string"]) && !kept.text;
    const isBigint =
      takes(schema, ["bigint"]) && !takes(schema, ["number", "integer"]) && !kept.number;
    const readList = this.#list(schema);
    const readObject = this.#object(schema);
    return (value) => {
      if (typeof value === "string") return isDate ? decodeText(value, ["date"]) : value;
      if (typeof value === "number") {
        // A larger one has lost its last digits already: the schema refuses it.
        return isBigint && Number.isSafeInteger(value) ? BigInt(value) : value;
      }
      if (Array.isArray(value)) return readList(value);
      return typeof value === "object" && value !== null ? readObject(value) : value;
    };
  }

  #list(schema: JsonSchema): (list: unknown[]) => unknown {
    const places = ((schema["prefixItems"] ?? []) as readonly JsonSchema[]).map((each) =>
      this.reader(each, nothing),
    );
    const rest = this.#member(schema["items"]);
    const isSet = takes(schema, ["set"]);
    return (list) => {
      for (const [index, each] of list.entries()) list[index] = (places[index] ?? rest)(each);
      return isSet ? new Set(list) : list;
    };
  }

  #object(schema: JsonSchema): (object: object) => unknown {
    const properties = Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>);
    const readers = new Map(properties.map(([name, each]) => [name, this.reader(each, nothing)]));
    const rest = this.#member(schema["additionalProperties"]);
    return (object) => {
      const record = object as Record<string, unknown>;
      for (const [name, each] of Object.entries(record)) {
        record[name] = (readers.get(name) ?? rest)(each);
      }
      return object;
    };
  }

  #member(schema: unknown): JsonRead {
    const isSchema = typeof schema === "object" && schema !== null;
    return isSchema ? this.reader(schema as JsonSchema, nothing) : same;
  }
}

function same(value: unknown): unknown {
  return value;
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] | undefined {
  return (schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"]) as
    | readonly JsonSchema[]
    | undefined;
}

/** Whether a schema takes any value of one of these types. */
function takes(schema: JsonSchema, types: readonly string[]): boolean {
  if ("const" in schema || "enum" in schema) return false;
  return [schema["type"]].flat().some((each) => types.includes(String(each)));
}

/** Whether an object may be one of a branch: its tag says so. */
function mayBe(schema: JsonSchema, value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>);
  return properties.every(
    ([name, each]) =>
      !("const" in each) || (value as Record<string, unknown>)[name] === each["const"],
  );
}
