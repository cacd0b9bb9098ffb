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

/** Parses an urlencoded form. */
export function parseUrlencoded(bytes: Uint8Array): FormContent {
  const fields = parseQuery(decodeUtf8(bytes, { bom: "keep" }));
  let count = 0;
  for (const values of fields.values()) count += values.length;
  if (count > maxFields) throw tooManyFields();
  return { fields, files: new Map() };
}

/** The problem of a form with more than {@link maxFields} fields. */
export function tooManyFields(): Error {
  return new ContentTooLarge({}, { detail: `The form has more than ${maxFields} fields.` });
}
