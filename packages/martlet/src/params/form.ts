import type { Issue } from "../errors.ts";
import { textShapeOf, validator } from "../schema.ts";
import { type JsonText, readJson } from "../schema/json-text.ts";
import type { BodySource, TextValues } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import { limitsOf, takeBody } from "./limits.ts";
import { modelReader } from "./model.ts";
import { type Compiler, Invalid, type Param } from "./param.ts";
import { brokenText, repeated, textReader, type TextRead } from "./text.ts";

/**
 * A field of a form, urlencoded or multipart. An empty field is a missing one: browsers send every
 * field of a form, also those that nobody filled in.
 */
export function formParam(schema: AnySchema): Param<unknown, BodySource> {
  return {
    kind: "form",
    phase: "body",
    describe: (name, operation) => operation.field(name, { schema, json: isJson(schema) }),
    compile: (name, compiler) => {
      takeBody("form", compiler);
      const limits = limitsOf(compiler);
      const read = fieldReader(schema, name, compiler);
      return async (source) => {
        const { fields } = await source.form(limits);
        return read(fields.get(name)?.filter((each) => each !== ""));
      };
    },
  };
}

/** Prepares the reader of one field: JSON where only that can tell the value, else text. */
function fieldReader(schema: AnySchema, name: string, compiler: Compiler): TextRead {
  if (!isJson(schema)) return textReader(schema, ["body", name], compiler);
  limitsOf(compiler).json.add(name);
  return jsonReader(schema, ["body", name]);
}

function isJson(schema: AnySchema): boolean {
  return textShapeOf(schema)?.isJson === true;
}

/** Reads a field that holds JSON. A list may come as one field, or as one for each of its items. */
function jsonReader(schema: AnySchema, loc: readonly [place: string, name: string]): TextRead {
  const many = textShapeOf(schema)?.many === true;
  const validate = validator(schema, loc, "json");
  return (sent) => {
    if (sent === undefined || sent.length === 0) return validate(undefined);
    if (sent.length > 1 && !many) return repeated(loc);
    const found = sent.map((text, index) =>
      readField(text, sent.length > 1 ? [...loc, index] : loc),
    );
    const issues = found.flatMap((each) => ("issues" in each ? each.issues : []));
    if (issues.length > 0) return new Invalid(issues);
    const values = found.map((each) => ("value" in each ? each.value : undefined));
    const [only] = values;
    return validate(sent.length > 1 || (many && isItem(only)) ? values : only);
  };
}

/** Whether a value is an item of a list rather than the list, or nothing. */
function isItem(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readField(text: string, loc: Issue["loc"]): JsonText {
  if (text.includes("\0")) return { value: undefined, issues: [brokenText(loc, text)] };
  const read = readJson(text, loc);
  if ("issues" in read) return read;
  const issue = { loc, code: "json_invalid", message: `This ${read.wrong}.` };
  return { value: undefined, issues: [issue] };
}

/** A whole form by one model. */
export function formModel(schema: AnySchema): Param<unknown, BodySource> {
  return {
    kind: "form",
    phase: "body",
    spreads: true,
    describe: (_name, operation) => operation.model("form", schema),
    compile: (_name, compiler) => {
      takeBody("form", compiler);
      const limits = limitsOf(compiler);
      const read = modelReader(schema, { place: "body" }, compiler);
      return async (source) => {
        const { fields } = await source.form(limits);
        return read(filledIn(fields));
      };
    },
  };
}

/** The fields without empty values. */
function filledIn(fields: TextValues): TextValues {
  const filled = new Map<string, readonly string[]>();
  for (const [name, values] of fields) {
    const kept = values.filter((each) => each !== "");
    if (kept.length > 0) filled.set(name, kept);
  }
  return filled;
}
