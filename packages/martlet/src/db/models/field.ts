/**
 * The schema of each column: what is true in JSON, in the document, in the program and in the database.
 *
 * @module
 */
import * as z from "zod";
import { Fault } from "../../index.ts";
import { bytesField } from "./bytes-field.ts";
import { dayField, dayTextField, momentField, momentTextField } from "./calendar-field.ts";
import { clockField } from "./clock-field.ts";
import { type AnyColumn, dialectOf, nameOf, type Side } from "./column.ts";
import { bigintField, bigintTextField, decimalField } from "./exact-field.ts";
import { intervalField } from "./interval-field.ts";
import { jsonField } from "./json-field.ts";
import { listField } from "./list-field.ts";
import { cidrField, inetField, macField } from "./network-field.ts";
import { decimalNumberField, floatField, integerField, yearField } from "./number-field.ts";
import {
  lineField,
  lineObjectField,
  pointField,
  pointObjectField,
  vectorField,
} from "./shape-field.ts";
import {
  binaryField,
  bitField,
  byteTextField,
  enumField,
  paddedTextField,
  sparseVectorField,
  textField,
  uuidField,
} from "./text-field.ts";

type MakeField = (column: AnyColumn, side: Side) => z.ZodType;

/** What Drizzle does not tell by the type of the data; looked for first. */
const byColumnType: Readonly<Record<string, MakeField>> = {
  PgChar: paddedTextField,
  MySqlChar: paddedTextField,
  MySqlText: byteTextField,
  MySqlBlob: blobField,
  MySqlBinary: binaryField,
  MySqlVarBinary: binaryField,
  PgDate: dayField,
  MySqlDate: dayField,
};

const byDataType: Readonly<Record<string, MakeField>> = {
  boolean: () => z.boolean(),
  string: textField,
  "string enum": enumField,
  "string uuid": uuidField,
  "string binary": bitField,
  "string int64": bigintTextField,
  "string uint64": bigintTextField,
  "string numeric": decimalField,
  "string unumeric": decimalField,
  "string date": dayTextField,
  "string datetime": momentTextField,
  "string timestamp": momentTextField,
  "string time": clockField,
  "string interval": intervalField,
  "string inet": inetField,
  "string cidr": cidrField,
  "string macaddr": () => macField(6),
  "string macaddr8": () => macField(8),
  "string sparsevec": sparseVectorField,
  number: decimalNumberField,
  "number unsigned": decimalNumberField,
  "number float": floatField,
  "number ufloat": floatField,
  "number double": floatField,
  "number udouble": floatField,
  "number year": yearField,
  "bigint int64": bigintField,
  "bigint uint64": bigintField,
  "object date": momentField,
  "object buffer": bytesField,
  "object json": jsonField,
  "object point": pointObjectField,
  "object geometry": pointObjectField,
  "object line": lineObjectField,
  "array point": pointField,
  "array geometry": pointField,
  "array line": lineField,
  "array vector": vectorField,
  "array halfvector": vectorField,
};

/**
 * Makes the schema of a column's values, `null` left aside.
 *
 * @throws {Fault} M034 when nothing is known of them
 */
export function fieldOf(column: AnyColumn, side: Side): z.ZodType {
  const make = makerOf(column);
  if (make === undefined) return unknownField(column, side);
  const { dimensions = 0 } = column;
  const field = make(column, side);
  return dimensions === 0 ? field : listField(field, dimensions, side);
}

/** Drizzle has one name for the two modes. */
function blobField(column: AnyColumn, side: Side): z.ZodType {
  const isBuffer = column.codec?.endsWith(":buffer") === true;
  return isBuffer ? bytesField(column, side) : byteTextField(column, side);
}

function makerOf(column: AnyColumn): MakeField | undefined {
  if (dialectOf(column) === undefined) return undefined;
  const { dataType } = column;
  const isEnum = dataType === "string enum";
  const special = isEnum ? undefined : byColumnType[column.columnType];
  if (special !== undefined) return special;
  return /^number u?int\d/.test(dataType) ? integerField : byDataType[dataType];
}

/** What is read is the program's own; what is written by a client has to be checked by somebody. */
function unknownField(column: AnyColumn, side: Side): z.ZodType {
  if (side === "read") return z.any();
  throw new Fault("M034", `Nothing is known of the values of ${nameOf(column)}`, {
    hint: `Give their schema: { refine: { name: schema } }, or leave the column out: { omit: ["name"] }.`,
  });
}
