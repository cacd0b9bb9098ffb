/**
 * Models as whole sections: one object schema for all names of a query, of the headers, of the cookies
 * or of a form. Its fields arrive flat, like names that are declared one by one.
 *
 * @module
 */
import type { Issue } from "../errors.ts";
import { fieldShapesOf, validator } from "../schema.ts";
import type { TextShape } from "../schema/text-shape.ts";
import type { TextValues } from "../source.ts";
import type { AnySchema, MaybePromise } from "../standard.ts";
import { type Compiler, Invalid } from "./param.ts";
import { type Declared, declaredNames, decodeValues, recode, type Split } from "./text.ts";

/** Where the fields of a model are read from. */
export interface ModelPlace {
  /** How issues call it: `"query"`. */
  readonly place: string;
  /** What a field is called there: `"if-match"` for `ifMatch`. @default the same */
  readonly nameOf?: (field: string) => string;
  readonly split?: Split;
}

/** Reads a model from all values that were sent. Names that it does not have are the model's to judge. */
export type ModelRead = (sent: TextValues) => MaybePromise<unknown>;

/** Prepares the reader of a model. */
export function modelReader(schema: AnySchema, at: ModelPlace, compiler: Compiler): ModelRead {
  const { place, nameOf = (field) => field, split } = at;
  const shapes = fieldShapesOf(schema) ?? noObject(place, compiler);
  const fields = new Map<string, { readonly field: string; readonly declared: Declared }>();
  for (const [field, shape] of shapes) {
    const name = nameOf(field);
    fields.set(name, { field, declared: { loc: [place, name], shape, split } });
  }
  const others = declaredNames(place, compiler);
  const validate = validator(schema, [place], "text");
  return (sent) => {
    const issues: Issue[] = [];
    const record: Record<string, unknown> = {};
    for (const [name, values] of sent) {
      if (others.has(name) && !fields.has(name)) continue;
      const { field = name, declared = unknownAt(place, name, values) } = fields.get(name) ?? {};
      const value = decodeValues(values, declared);
      if (value instanceof Invalid) issues.push(...value.issues);
      else if (value !== undefined) define(record, field, asDeclared(value, declared.shape));
    }
    const settle = (result: unknown): unknown => {
      const found =
        result instanceof Invalid ? told(result, { record, fields, place, nameOf }) : [];
      // What could not even be read is not missing.
      const isTold = (each: Issue): boolean => issues.some(({ loc }) => loc[1] === each.loc[1]);
      const all = [...issues, ...found.filter((each) => !isTold(each))];
      return all.length > 0 ? new Invalid(all) : result;
    };
    const result = validate(record);
    return result instanceof Promise ? result.then(settle) : settle(result);
  };
}

/** A name of the client's own choice, such as `__proto__`, is a member like any other. */
function define(record: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(record, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function asDeclared(value: unknown, shape: TextShape): unknown {
  return shape.isSet && Array.isArray(value) ? new Set<unknown>(value) : value;
}

function noObject(place: string, compiler: Compiler): ReadonlyMap<string, TextShape> {
  compiler.fault(
    "M012",
    `The model of the ${place} section is no object, or does not tell its JSON Schema`,
    "Give an object schema, or a record with a schema for each name.",
  );
  return new Map();
}

/** How a name is read that the model does not have: as what was sent. */
function unknownAt(place: string, name: string, values: readonly string[]): Declared {
  return { loc: [place, name], shape: { kinds: ["text"], many: values.length > 1 } };
}

interface Judged {
  readonly record: Readonly<Record<string, unknown>>;
  readonly fields: ReadonlyMap<string, { readonly declared: Declared }>;
  readonly place: string;
  readonly nameOf: (field: string) => string;
}

/** The issues of a model, at the places that the client knows. */
function told(invalid: Invalid, { record, fields, place, nameOf }: Judged): readonly Issue[] {
  return invalid.issues.flatMap((issue) => {
    const [, field, ...inner] = issue.loc;
    if (typeof field !== "string") return [issue];
    const name = nameOf(field);
    const placed = new Invalid([{ ...issue, loc: [place, name, ...inner] }]);
    const declared = fields.get(name)?.declared;
    const value = record[field];
    const sent = value instanceof Set ? [...(value as ReadonlySet<unknown>)] : value;
    return declared === undefined ? placed.issues : recode(placed, sent, declared).issues;
  });
}
