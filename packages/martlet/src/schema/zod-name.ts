/**
 * What a branch of a union is called in the place of an issue: the name that the schema has, else its
 * type as people write it.
 *
 * @module
 */
import * as core from "zod/v4/core";
import { type Definition, definitionOf, within } from "./zod-tree.ts";

const words: Readonly<Record<string, string>> = {
  string: "str",
  number: "float",
  bigint: "int",
  boolean: "bool",
  date: "datetime",
};

const containers: Readonly<Record<string, string>> = {
  array: "list",
  set: "set",
  tuple: "tuple",
  record: "dict",
  map: "dict",
  union: "union",
};

const formats: Readonly<Record<string, string>> = {
  safeint: "int",
  int32: "int",
  uint32: "int",
  float32: "float",
  float64: "float",
  regex: "str",
};

/** The name of a branch: `Cat` of a schema with an `id` or `title`, else `int`, `list[str]`, … */
export function branchName(schema: core.$ZodType, depth = 0): string {
  const { id, title } = core.globalRegistry.get(schema) ?? {};
  const given = id ?? title;
  if (typeof given === "string") return given;
  // A schema may hold itself.
  if (depth > 4) return "any";
  const inner = within(schema);
  return inner === undefined ? typeWord(definitionOf(schema), depth + 1) : branchName(inner, depth);
}

function typeWord(def: Definition, depth: number): string {
  const parts = def.items ?? def.options ?? [def.element, def.keyType, def.valueType];
  const names = [...parts, def.rest].flatMap((each) => (each ? [branchName(each, depth)] : []));
  const container = containers[def.type];
  if (container !== undefined) return `${container}[${names.join(", ")}]`;
  const values = def.values ?? Object.values(def.entries ?? {});
  if (values.length > 0) return `${def.type}[${values.map(quoted).join(",")}]`;
  return formatWord(def) ?? words[def.type] ?? def.type;
}

function formatWord({ format, checks = [] }: Definition): string | undefined {
  const found = [format, ...checks.map((each) => (each as Check)._zod.def.format)];
  const known = found.find((each) => each !== undefined && formats[each] !== undefined);
  return known === undefined ? format : formats[known];
}

interface Check {
  readonly _zod: { readonly def: { readonly format?: string } };
}

function quoted(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : String(value);
}
