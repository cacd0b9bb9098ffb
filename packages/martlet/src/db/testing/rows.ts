/**
 * Rows of Drizzle's tables: how one is inserted and read back in each dialect.
 *
 * @module
 */
import type { Column, SQL, Table } from "drizzle-orm";
import type { Engine } from "../engine.ts";
import { loadDrizzleCore } from "../packages.ts";

/** What is common to Drizzle's databases, whose types have nothing in common. */
interface Rows {
  readonly insert: (table: Table) => {
    readonly values: (row: object) => {
      /** Not there with MySQL. */
      readonly returning: () => PromiseLike<readonly object[]>;
      /** There with MySQL only: the primary key, where the database or Drizzle has made it. */
      readonly $returningId: () => PromiseLike<readonly object[]>;
    };
  };
  readonly select: () => {
    readonly from: (table: Table) => {
      readonly where: (condition: SQL) => PromiseLike<readonly object[]>;
    };
  };
}

/** Inserts a row and gives it as it is in the database. */
export async function insertRow(
  db: { readonly $engine: Engine },
  table: Table,
  row: object,
): Promise<unknown> {
  // Every database of ours is one of Drizzle's.
  const rows = db as unknown as Rows;
  const inserted = rows.insert(table).values(row);
  if (db.$engine.dialect !== "mysql") return (await inserted.returning())[0];
  const key = primaryKeyOf(table);
  const [made] = await inserted.$returningId();
  const id: unknown = { ...row, ...made }[key as never];
  const { eq } = await loadDrizzleCore();
  return (
    await rows
      .select()
      .from(table)
      .where(eq(inside(table).columns[key] as Column, id))
  )[0];
}

/** What a table is called in the database. */
export function nameOf(table: Table): string {
  return inside(table).name;
}

/** The column that the rows of a table are told apart by. */
export function primaryKeyOf(table: Table): string {
  const keys = Object.entries(inside(table).columns).filter(([, column]) => column.primary);
  const [key] = keys;
  if (key !== undefined && keys.length === 1) return key[0];
  throw new Error(`The table "${nameOf(table)}" has no primary key of one column: use by()`);
}

interface Inside {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column>>;
}

/** What Drizzle keeps in a table, under symbols that all copies of it share. */
function inside(table: Table): Inside {
  const at = (name: string): unknown =>
    (table as unknown as Readonly<Record<symbol, unknown>>)[Symbol.for(`drizzle:${name}`)];
  return { name: at("Name"), columns: at("Columns") } as Inside;
}
