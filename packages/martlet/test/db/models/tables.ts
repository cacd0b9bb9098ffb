/**
 * A table of each dialect with a column of every type that a web API meets. All but the key may be
 * null, so that a row may have any of them.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { type Column, getColumns, getTableName, type Table } from "drizzle-orm";
import * as my from "drizzle-orm/mysql-core";
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";

/** Tests run at one time, and in one database. */
const suffix = randomBytes(4).toString("hex");

export const colour = pg.pgEnum(`martlet_colour_${suffix}`, ["red", "it's", "blue, green"]);

export const pgTypes = pg.pgTable(`martlet_types_${suffix}`, {
  id: pg.integer().primaryKey(),
  boolean: pg.boolean(),
  smallint: pg.smallint(),
  integer: pg.integer(),
  bigint: pg.bigint({ mode: "bigint" }),
  bigintNumber: pg.bigint({ mode: "number" }),
  bigintString: pg.bigint({ mode: "string" }),
  real: pg.real(),
  double: pg.doublePrecision(),
  numeric: pg.numeric(),
  numericScaled: pg.numeric({ precision: 12, scale: 3 }),
  numericWhole: pg.numeric({ precision: 30 }),
  numericNumber: pg.numeric({ precision: 9, scale: 2, mode: "number" }),
  numericAny: pg.numeric({ mode: "number" }),
  numericBigint: pg.numeric({ precision: 40, mode: "bigint" }),
  text: pg.text(),
  textEnum: pg.text({ enum: ["a", "b"] }),
  varchar: pg.varchar({ length: 5 }),
  char: pg.char({ length: 5 }),
  enumerated: colour(),
  uuid: pg.uuid(),
  date: pg.date(),
  dateObject: pg.date({ mode: "date" }),
  timestamp: pg.timestamp(),
  timestampZone: pg.timestamp({ withTimezone: true }),
  timestampSecond: pg.timestamp({ precision: 0 }),
  timestampText: pg.timestamp({ mode: "string" }),
  timestampZoneText: pg.timestamp({ mode: "string", withTimezone: true }),
  timestampTenth: pg.timestamp({ mode: "string", precision: 1 }),
  time: pg.time(),
  timeSecond: pg.time({ precision: 0 }),
  timeZone: pg.time({ withTimezone: true }),
  interval: pg.interval(),
  intervalHours: pg.interval({ fields: "day to hour" }),
  intervalYears: pg.interval({ fields: "year" }),
  intervalTenth: pg.interval({ fields: "second", precision: 1 }),
  json: pg.json(),
  jsonb: pg.jsonb(),
  bytea: pg.bytea(),
  inet: pg.inet(),
  cidr: pg.cidr(),
  macaddr: pg.macaddr(),
  macaddr8: pg.macaddr8(),
  bit: pg.bit({ dimensions: 5 }),
  point: pg.point(),
  pointObject: pg.point({ mode: "xy" }),
  line: pg.line(),
  lineObject: pg.line({ mode: "abc" }),
  integers: pg.integer().array(),
  bigints: pg.bigint({ mode: "bigint" }).array(),
  reals: pg.real().array(),
  numerics: pg.numeric({ precision: 6, scale: 2 }).array(),
  booleans: pg.boolean().array(),
  texts: pg.text().array(),
  matrix: pg.text().array("[][]"),
  chars: pg.char({ length: 3 }).array(),
  uuids: pg.uuid().array(),
  colours: colour().array(),
  dates: pg.date().array(),
  dateObjects: pg.date({ mode: "date" }).array(),
  timestamps: pg.timestamp().array(),
  timestampTexts: pg.timestamp({ mode: "string", withTimezone: true }).array(),
  times: pg.time().array(),
  intervals: pg.interval().array(),
  jsonbs: pg.jsonb().array(),
  byteas: pg.bytea().array(),
  inets: pg.inet().array(),
  points: pg.point().array(),
});

export const mysqlTypes = my.mysqlTable(`martlet_types_${suffix}`, {
  id: my.int().primaryKey(),
  boolean: my.boolean(),
  tinyint: my.tinyint(),
  tinyintUnsigned: my.tinyint({ unsigned: true }),
  smallint: my.smallint(),
  smallintUnsigned: my.smallint({ unsigned: true }),
  mediumint: my.mediumint(),
  mediumintUnsigned: my.mediumint({ unsigned: true }),
  int: my.int(),
  intUnsigned: my.int({ unsigned: true }),
  bigint: my.bigint({ mode: "bigint" }),
  bigintUnsigned: my.bigint({ mode: "bigint", unsigned: true }),
  bigintNumber: my.bigint({ mode: "number" }),
  bigintString: my.bigint({ mode: "string" }),
  bigintStringUnsigned: my.bigint({ mode: "string", unsigned: true }),
  float: my.float(),
  floatFixed: my.float({ precision: 7, scale: 2 }),
  floatUnsigned: my.float({ unsigned: true }),
  floatWide: my.float({ precision: 40 }),
  double: my.double(),
  doubleFixed: my.double({ precision: 10, scale: 2 }),
  real: my.real(),
  decimal: my.decimal(),
  decimalScaled: my.decimal({ precision: 12, scale: 3 }),
  decimalUnsigned: my.decimal({ precision: 12, scale: 3, unsigned: true }),
  decimalNumber: my.decimal({ precision: 9, scale: 2, mode: "number" }),
  decimalBigint: my.decimal({ precision: 40, mode: "bigint" }),
  varchar: my.varchar({ length: 5 }),
  char: my.char({ length: 5 }),
  ascii: my.varchar({ length: 5 }).charSet("ascii"),
  latin: my.varchar({ length: 5 }).charSet("latin1"),
  basic: my.varchar({ length: 5 }).charSet("utf8mb3"),
  tinytext: my.tinytext(),
  text: my.text(),
  textEnum: my.text({ enum: ["a", "b"] }),
  enumerated: my.mysqlEnum(["red", "blue, green"]),
  date: my.date(),
  dateText: my.date({ mode: "string" }),
  datetime: my.datetime(),
  datetimeMilli: my.datetime({ fsp: 3 }),
  datetimeText: my.datetime({ mode: "string" }),
  datetimeMicroText: my.datetime({ mode: "string", fsp: 6 }),
  timestamp: my.timestamp(),
  timestampMilli: my.timestamp({ fsp: 3 }),
  timestampText: my.timestamp({ mode: "string", fsp: 6 }),
  time: my.time(),
  timeMicro: my.time({ fsp: 6 }),
  year: my.year(),
  json: my.json(),
  blob: my.blob(),
  tinyblob: my.tinyblob(),
  blobText: my.blob({ mode: "string" }),
  binary: my.binary({ length: 5 }),
  varbinary: my.varbinary({ length: 5 }),
});

export const sqliteTypes = lite.sqliteTable(`martlet_types_${suffix}`, {
  id: lite.integer().primaryKey(),
  integer: lite.integer(),
  boolean: lite.integer({ mode: "boolean" }),
  timestamp: lite.integer({ mode: "timestamp" }),
  timestampMilli: lite.integer({ mode: "timestamp_ms" }),
  real: lite.real(),
  numeric: lite.numeric(),
  numericNumber: lite.numeric({ mode: "number" }),
  numericBigint: lite.numeric({ mode: "bigint" }),
  text: lite.text(),
  textShort: lite.text({ length: 5 }),
  textEnum: lite.text({ enum: ["a", "b"] }),
  textJson: lite.text({ mode: "json" }),
  blob: lite.blob({ mode: "buffer" }),
  blobJson: lite.blob({ mode: "json" }),
  blobBigint: lite.blob({ mode: "bigint" }),
});

/** The statement that creates a table with plain columns. */
export function creation(table: Table, quote = '"'): string {
  const columns = Object.values(getColumns(table)).map((column) => definition(column, quote));
  return `create table ${getTableName(table)} (${columns.join(", ")})`;
}

function definition(
  column: Column & { dimensions?: number; charSet?: string },
  quote: string,
): string {
  const { name, dimensions = 0, charSet, primary } = column;
  const set = charSet === undefined ? "" : `character set ${charSet}`;
  // A timestamp of MySQL is not null unless told otherwise.
  const rest = primary ? "primary key" : "null";
  const type = `${column.getSQLType()}${"[]".repeat(dimensions)}`;
  return `${quote}${name}${quote} ${type} ${set} ${rest}`;
}
