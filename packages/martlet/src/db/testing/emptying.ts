/**
 * Emptying: a database as it was before a test, where a test commits what it does.
 *
 * @module
 */
import type { Connection, Dialect } from "../driver.ts";
import type { Engine } from "../engine.ts";
import { quoted } from "../names.ts";

/** How long, in seconds, emptying waits for what still uses a table. */
const patience = 3;

/** Empties the tables of a database, and has them number their rows from the beginning. */
export type Empty = () => Promise<void>;

/**
 * Looks at which tables are empty now, and gives what empties these: what a migration has put into
 * others stays.
 */
export async function emptying(engine: Engine): Promise<Empty> {
  const { dialect } = engine;
  return on(engine, async (connection) => {
    const names = await tables(dialect, connection);
    const empty: string[] = [];
    for (const name of names) {
      const { rows } = await connection.run({ text: `select 1 from ${name} limit 1` });
      if (rows.length === 0) empty.push(name);
    }
    const statements = statementsFor[dialect](empty);
    return async () => {
      if (empty.length > 0) await on(engine, (each) => runAll(each, statements));
    };
  });
}

/** The tables of the application, in quotes. */
async function tables(dialect: Dialect, connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.run({ text: listing[dialect] });
  return rows.map((row) => {
    const path = [row["schema"], row["name"]].filter((part) => typeof part === "string");
    return path.map((part) => quoted(part, dialect)).join(".");
  });
}

const listing: { readonly [D in Dialect]: string } = {
  postgresql: `select schemaname as schema, tablename as name from pg_tables
    where schemaname <> 'information_schema' and schemaname not like 'pg\\_%' order by 1, 2`,
  mysql: `select table_name as name from information_schema.tables
    where table_schema = database() and table_type = 'BASE TABLE' order by 1`,
  sqlite: `select name from sqlite_schema
    where type = 'table' and (name not like 'sqlite\\_%' escape '\\' or name = 'sqlite_sequence')`,
};

const statementsFor: {
  readonly [D in Dialect]: (names: readonly string[]) => readonly string[];
} = {
  postgresql: (names) => [
    "begin",
    `set local lock_timeout = '${patience}s'`,
    `truncate ${names.join(", ")} restart identity`,
    "commit",
  ],
  mysql: (names) => [
    `set session lock_wait_timeout = ${patience}`,
    "set session foreign_key_checks = 0",
    ...names.map((name) => `truncate ${name}`),
    "set session foreign_key_checks = default",
    "set session lock_wait_timeout = default",
  ],
  sqlite: (names) => [
    "pragma foreign_keys = off",
    ...names.map((name) => `delete from ${name}`),
    "pragma foreign_keys = on",
  ],
};

async function runAll(connection: Connection, statements: readonly string[]): Promise<void> {
  for (const text of statements) await connection.run({ text });
}

/** Works on a connection, which is ended when something goes wrong: its settings are another's. */
async function on<T>(engine: Engine, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await engine.connect();
  let isBroken = true;
  try {
    const value = await work(connection);
    isBroken = false;
    return value;
  } finally {
    connection.release(isBroken);
  }
}
