/**
 * Urlencoded forms, within the limits that the route declares.
 *
 * @module
 */
import { ContentTooLarge } from "../errors.ts";
import type { FormContent } from "../source.ts";
import { decodeUtf8 } from "./json.ts";
import { parseQuery } from "./query.ts";

/** How many text fields a form may have. */
export const maxFields = 1000;

/** A form without anything in it. */
export const emptyForm: FormContent = { fields: new Map(), files: new Map() };

/** Parses an urlencoded form. Throws a problem: 400 or 413. */
export function parseUrlencoded(bytes: Uint8Array, limit: number = Infinity): FormContent {
  const fields = parseQuery(decodeUtf8(bytes, { bom: "keep" }));
  let count = 0;
  for (const [name, values] of fields) {
    if ((count += values.length) > maxFields) throw tooManyFields();
    // A form that is not larger has no field that is.
    if (bytes.length > limit && values.some((each) => Buffer.byteLength(each) > limit)) {
      throw fieldTooLarge(name, limit);
    }
  }
  return { fields, files: new Map() };
}

/** The problem of a form with more than {@link maxFields} fields. */
export function tooManyFields(): Error {
  return new ContentTooLarge({}, { detail: `The form has more than ${maxFields} fields.` });
}

/** The problem of a field that is larger than `limit` bytes. */
export function fieldTooLarge(name: string, limit: number): Error {
  return new ContentTooLarge({}, { detail: `The field "${name}" is larger than ${limit} bytes.` });
}

/** The problem of fields that are larger than `limit` bytes together. */
export function textTooLarge(limit: number): Error {
  const detail = `The fields of the form are larger than ${limit} bytes together.`;
  return new ContentTooLarge({}, { detail });
}
