/**
 * The databases of which the same is asked.
 *
 * @module
 */
import type { Database, Dialect, Engine as DatabaseEngine, PoolOptions } from "martlet/db";
import { embedded, type Engine, mariadb, postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import {
  creation,
  type Names,
  randomNames,
  type Relations,
  relationsOf,
  type Tables,
  tablesOf,
} from "./tables.ts";

/** A kind of database. */
export interface Subject extends Engine {
  /** Its column on the page about dialects; those that differ in nothing share one. */
  readonly column: "PostgreSQL" | "PGlite" | "MariaDB" | "SQLite";
  readonly dialect: Dialect;
}

const pglite = { title: "PGlite", isSkipped: false, url: "pglite:" };
const sqlite = { title: "SQLite", isSkipped: false, url: "sqlite::memory:" };

/** All kinds there are. */
export const subjects: readonly Subject[] = [
  { ...postgres, column: "PostgreSQL", dialect: "postgresql" },
  { ...embedded, column: "PostgreSQL", dialect: "postgresql" },
  { ...pglite, column: "PGlite", dialect: "postgresql" },
  { ...mariadb, column: "MariaDB", dialect: "mysql" },
  { ...sqlite, column: "SQLite", dialect: "sqlite" },
];

/** A database that is open, with its tables. */
export interface Opened {
  readonly subject: Subject;
  /** Its type is PostgreSQL's, for all of them know the words that are used of it. */
  readonly db: Database<Relations>;
  readonly engine: DatabaseEngine;
  readonly tables: Tables;
  readonly names: Names;
  /** Drops the tables. */
  readonly close: () => Promise<void>;
}

/** How it is opened. */
export interface Opening {
  readonly pool?: PoolOptions;
  readonly statementTimeout?: number;
}

/** Opens a database and makes its tables. */
export async function openSubject(subject: Subject, opening: Opening = {}): Promise<Opened> {
  const { dialect, url } = subject;
  const names = randomNames();
  const tables = tablesOf(dialect, names);
  const relations = relationsOf(tables);
  const options = { url, relations, slow: 0, pool: { connectTimeout: 3000 }, ...opening };
  const { db, close } = await openDatabase<Relations, {}, Dialect>({ ...options, dialect });
  const engine = db.$engine;
  for (const text of creation(dialect, names)) await engine.query(text);
  return {
    subject,
    db: db as unknown as Database<Relations>,
    engine,
    tables,
    names,
    close: async () => {
      for (const name of Object.values(names).reverse()) {
        if (name !== names.authors) await engine.query(`drop table ${name}`);
      }
      await engine.query(`drop table ${names.authors}`);
      await close();
    },
  };
}
