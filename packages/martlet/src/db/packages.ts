/**
 * The packages that only some databases need, loaded when one of those is opened.
 *
 * @module
 */
import type * as pglite from "@electric-sql/pglite";
import type * as orm from "drizzle-orm";
import type * as drizzle from "drizzle-orm/node-postgres";
import type * as kysely from "kysely";
import process from "node:process";
import type * as sqlite from "node:sqlite";
import type * as mysql from "mysql2/promise";
import type pg from "pg";
import { Fault } from "../index.ts";
import type { Dialect } from "./driver.ts";
import { codeOf } from "./files.ts";

/** Drizzle for connections that look like `pg`'s. */
export function loadDrizzle(): Promise<typeof drizzle> {
  return load("drizzle-orm", () => import("drizzle-orm/node-postgres"));
}

/** What is common to all of Drizzle. */
export function loadDrizzleCore(): Promise<typeof orm> {
  return load("drizzle-orm", () => import("drizzle-orm"));
}

/** What is unique in a table of Drizzle's, alone or together. */
export interface TableConfig {
  readonly primaryKeys: readonly { readonly columns: readonly { readonly name: string }[] }[];
  readonly uniqueConstraints: readonly { readonly columns: readonly { readonly name: string }[] }[];
  readonly indexes: readonly {
    readonly config: {
      readonly columns: readonly object[];
      readonly unique: boolean;
      readonly where?: unknown;
    };
  }[];
}

/** Asks Drizzle for the keys, constraints and indexes of a table. */
export async function loadTableConfig(dialect: Dialect, table: object): Promise<TableConfig> {
  const { getTableConfig } = await load<object & { getTableConfig?: unknown }>("drizzle-orm", () =>
    cores[dialect](),
  );
  // Each reads the tables of its own dialect, which the caller knows.
  return (getTableConfig as (table: object) => TableConfig)(table);
}

const cores: Readonly<Record<Dialect, () => Promise<object>>> = {
  postgresql: () => import("drizzle-orm/pg-core"),
  mysql: () => import("drizzle-orm/mysql-core"),
  sqlite: () => import("drizzle-orm/sqlite-core"),
};

/** The driver. It is CommonJS, whose exports come as the default one. */
export async function loadPg(): Promise<typeof pg> {
  return (await load("pg", () => import("pg"))).default;
}

/** The driver of MySQL and MariaDB. */
export function loadMysql(): Promise<typeof mysql> {
  return load("mysql2", () => import("mysql2/promise"));
}

/** Another builder of queries. */
export function loadKysely(): Promise<typeof kysely> {
  return load("kysely", () => import("kysely"));
}

/** PostgreSQL as WebAssembly. */
export function loadPglite(): Promise<typeof pglite> {
  return load("@electric-sql/pglite", () => import("@electric-sql/pglite"));
}

/** What compares two schemas; the packages that it needs are those of Drizzle. */
export function loadKit(dialect: Dialect): Promise<unknown> {
  const kits: { readonly [D in Dialect]: () => Promise<unknown> } = {
    postgresql: () => import("drizzle-kit/payload/postgres"),
    mysql: () => import("drizzle-kit/payload/mysql"),
    sqlite: () => import("drizzle-kit/payload/sqlite"),
  };
  return load("drizzle-kit", kits[dialect]);
}

/** SQLite, which comes with Node. Its warning that it may change says nothing to who uses Martlet. */
export function loadSqlite(): typeof sqlite {
  const usual = Object.getOwnPropertyDescriptor(process, "emitWarning");
  // Nothing else runs in between, so that no other warning is lost.
  process.emitWarning = () => undefined;
  try {
    const found = process.getBuiltinModule("node:sqlite") as typeof sqlite | undefined;
    if (found !== undefined) return found;
  } finally {
    if (usual !== undefined) Object.defineProperty(process, "emitWarning", usual);
  }
  throw new Fault("M017", "This runtime has no SQLite of its own", {
    hint: "Use Node 22.18 or newer, or another database.",
  });
}

/** Loads what needs a package, and says how to install it if it is missing. */
export async function load<Module>(name: string, loading: () => Promise<Module>): Promise<Module> {
  try {
    return await loading();
  } catch (error) {
    if (!isMissing(name, error)) throw error;
    throw new Fault("M017", `This database needs the package "${name}"`, {
      hint: `npm install ${name}`,
      cause: error,
    });
  }
}

function isMissing(name: string, error: unknown): boolean {
  return codeOf(error) === "ERR_MODULE_NOT_FOUND" && String(error).includes(`'${name}'`);
}
