/**
 * The book: the table `martlet_migrations`, which says what has been applied, and how far.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import { type Line, type Row, table } from "./target.ts";

/** Where a migration is. The middle four are of files whose statements cannot share a transaction. */
export type EntryState =
  | "applied"
  | "upgrading"
  | "upgrade failed"
  | "downgrading"
  | "downgrade failed";

/** What the book says of a migration. */
export interface Entry {
  readonly name: string;
  /** Of the file, or as far as it has come of its first statements. */
  readonly checksum: string;
  readonly state: EntryState;
  /** How many statements are done, in the direction of the state. */
  readonly statements: number;
  /** When, ISO 8601 in UTC. */
  readonly appliedAt: string;
  /** How long it took, in milliseconds. */
  readonly took: number;
}

/** How the table is made. */
export function creation(dialect: Dialect, name: string = table): string {
  // Names are compared to the letter, and the index of MySQL has little room.
  const text =
    dialect === "mysql" ? "varchar(200) character set ascii collate ascii_bin" : "varchar(200)";
  return [
    `create table if not exists ${name} (`,
    `  name ${text} not null primary key,`,
    "  checksum varchar(64) not null,",
    "  state varchar(20) not null,",
    "  statements int not null,",
    "  applied_at varchar(30) not null,",
    "  took_ms int not null",
    ")",
  ].join("\n");
}

const looks: { readonly [D in Dialect]: (book: string) => string } = {
  postgresql: (book) => `select to_regclass('${book}') is not null as found`,
  mysql: () =>
    `select count(*) as found from information_schema.tables where table_schema = database() and table_name = '${table}'`,
  sqlite: () =>
    `select count(*) as found from sqlite_master where type = 'table' and name = '${table}'`,
};

/** What the book says, by name; nothing, when there is none yet. It makes no table. */
export async function readBook(line: Line): Promise<ReadonlyMap<string, Entry>> {
  const [look] = await line.run(looks[line.dialect](line.book));
  if (!isTrue(look?.["found"])) return new Map();
  const rows = await line.run(
    `select name, checksum, state, statements, applied_at, took_ms from ${line.book} order by name`,
  );
  return new Map(rows.map(entryOf).map((each) => [each.name, each]));
}

/** A boolean, or the 0 and 1 of other databases, which may be a bigint or a text. */
function isTrue(value: unknown): boolean {
  return value === true || Number(value) === 1;
}

function entryOf(row: Row): Entry {
  return {
    name: String(row["name"]),
    checksum: String(row["checksum"]),
    // Only this file writes the column.
    state: String(row["state"]) as EntryState,
    statements: Number(row["statements"]),
    appliedAt: String(row["applied_at"]),
    took: Number(row["took_ms"]),
  };
}

/** Makes the table, if it is not there. */
export async function openBook(line: Line): Promise<void> {
  await line.run(creation(line.dialect, line.book));
}

/** Writes an entry, over the one of the same name that `isNew` says not to be there. */
export async function writeEntry(line: Line, entry: Entry, isNew: boolean): Promise<void> {
  const { name, checksum, state, statements, appliedAt, took } = entry;
  const values = [checksum, state, statements, appliedAt, took, name];
  const text = isNew
    ? `insert into ${line.book} (checksum, state, statements, applied_at, took_ms, name) values (?, ?, ?, ?, ?, ?)`
    : `update ${line.book} set checksum = ?, state = ?, statements = ?, applied_at = ?, took_ms = ? where name = ?`;
  await line.run(numbered(text, line.dialect), values);
}

/** Removes an entry. */
export async function removeEntry(line: Line, name: string): Promise<void> {
  await line.run(numbered(`delete from ${line.book} where name = ?`, line.dialect), [name]);
}

/** PostgreSQL numbers its placeholders. */
function numbered(text: string, dialect: Dialect): string {
  let count = 0;
  return dialect === "postgresql" ? text.replaceAll("?", () => `$${(count += 1)}`) : text;
}
