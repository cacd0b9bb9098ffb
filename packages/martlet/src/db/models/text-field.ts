/**
 * Columns of text.
 *
 * @module
 */
import * as z from "zod";
import { type AnyColumn, dialectOf, type Side } from "./column.ts";
import { judged, type Refusal, refuse } from "./coded.ts";

/** Text of at most so many characters, as `varchar(n)` counts them. */
export function textField(column: AnyColumn, side: Side): z.ZodString {
  const { length } = column;
  // SQLite keeps whatever it is given.
  const isHeld = side === "write" || dialectOf(column) !== "sqlite";
  const bounded = length !== undefined && isHeld ? z.string().max(length) : z.string();
  return side === "write" ? bounded.check(storable(column)) : bounded;
}

/**
 * Text that the database fills up with blanks: those at the end are none of it. PostgreSQL answers
 * with them, MySQL without, and both forget how many were sent.
 */
export function paddedTextField(column: AnyColumn, side: Side): z.ZodString {
  const bare = z.string().overwrite((text) => withoutEnd(text, " "));
  const bounded = bare.max(column.length ?? 1);
  return side === "write" ? bounded.check(storable(column)) : bounded;
}

/** Text that MySQL counts in bytes: `text`, `blob` in mode `string`, `varbinary`. */
export function byteTextField(column: AnyColumn, side: Side): z.ZodString {
  const { length = Infinity } = column;
  // No text has fewer bytes than characters.
  const bounded = length < longest ? z.string().meta({ maxLength: length }) : z.string();
  if (side === "read") return bounded;
  return bounded.check(
    storable(column),
    judged<string>((text) => tooManyBytes(text, length)),
  );
}

/** Text that MySQL fills up with NUL bytes. */
export function binaryField(column: AnyColumn, side: Side): z.ZodString {
  const field = byteTextField(column, side);
  return column.columnType === "MySqlBinary" && side === "read"
    ? field.overwrite((text) => withoutEnd(text, "\0"))
    : field;
}

/** So many that a limit says nothing. */
const longest = 2 ** 31;

function tooManyBytes(text: string, most: number): Refusal | undefined {
  return Buffer.byteLength(text) > most
    ? refuse("string_too_long", `At most ${most} bytes.`, { max: most })
    : undefined;
}

/** Without what a text is filled up with. A pattern would take quadratic time on blanks within. */
function withoutEnd(text: string, filler: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === filler) end -= 1;
  return text.slice(0, end);
}

/** Character sets that hold less than Unicode, as MySQL names them. */
const charSets: ReadonlyMap<string, RegExp> = new Map([
  ["ascii", /^[\0-\x7f]*$/],
  ["latin1", /^[\0-\x7f\xa0-\xff]*$/],
  ["utf8", /^[\0-\uffff]*$/u],
  ["utf8mb3", /^[\0-\uffff]*$/u],
  ["ucs2", /^[\0-\uffff]*$/u],
]);

/** Refuses text that a database refuses, or keeps as another one. */
function storable({ charSet = "" }: AnyColumn): z.core.$ZodCheck<string> {
  const characters = charSets.get(charSet);
  return judged<string>((text) => {
    if (characters !== undefined && !characters.test(text)) {
      return refuse("string_unicode", `This has characters that are not in ${charSet}.`);
    }
    return unstorable(text);
  });
}

/** Why a text cannot be kept: PostgreSQL has no NUL, and half a surrogate pair is no character. */
export function unstorable(text: string): Refusal | undefined {
  if (text.includes("\0")) return refuse("nul_character", "This holds a NUL character.");
  return text.isWellFormed()
    ? undefined
    : refuse("lone_surrogate", "This holds half of a surrogate pair.");
}

/** One of the values of an enumeration; a type that has a name in PostgreSQL has it in the document. */
export function enumField(column: AnyColumn): z.ZodEnum {
  const field = z.enum(column.enumValues ?? []);
  return column.enum === undefined ? field : field.meta({ id: pascalCase(column.enum.enumName) });
}

function pascalCase(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** Any 128 bits in the notation of RFC 9562, in small letters. */
export function uuidField(): z.ZodGUID {
  return z.guid().toLowerCase();
}

/** Zeros and ones, exactly so many. */
export function bitField({ length = 1 }: AnyColumn): z.ZodString {
  return z
    .string()
    .length(length)
    .regex(/^[01]*$/);
}

const element = String.raw`[1-9]\d{0,9}:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;

/** A sparse vector of pgvector: `{1:0.5,3:2}/5`. */
export function sparseVectorField({ vectorDimensions }: AnyColumn): z.ZodString {
  return z
    .string()
    .regex(new RegExp(`^\\{(?:${element}(?:,${element})*)?\\}/${vectorDimensions}$`));
}
