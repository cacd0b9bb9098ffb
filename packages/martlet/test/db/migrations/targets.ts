/**
 * Databases to migrate: an empty one for each test, on every engine that this machine has.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Dialect, MigrationTarget } from "martlet/db";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { postgres } from "../engines.ts";

/** An empty database. */
export interface Emptied {
  /** How another process reaches it. */
  readonly url: string;
  readonly target: MigrationTarget;
  /** Runs SQL on a connection of its own. */
  readonly query: (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly drop: () => Promise<void>;
}

/** An engine with a way to make databases. */
export interface Kind {
  readonly title: string;
  readonly dialect: Dialect;
  readonly isSkipped: boolean;
  readonly make: () => Promise<Emptied>;
}

/** The target behind a URL. */
export function targetOf(url: string): MigrationTarget {
  if (url.startsWith("postgres:")) return postgresTarget(url);
  return url.startsWith("mysql:") ? mysqlTarget(url) : sqliteTarget(url.slice("sqlite:".length));
}

function postgresTarget(url: string): MigrationTarget {
  return {
    dialect: "postgresql",
    connect: async () => {
      const client = new Client({ connectionString: url, statement_timeout: 30_000 });
      client.on("error", () => undefined);
      await client.connect();
      return {
        run: async ({ text, values }) => {
          const native = await client.query(text, values?.slice());
          return { rows: native.rows, rowCount: native.rowCount ?? 0, native };
        },
        cancel: async () => {
          const other = new Client({ connectionString: url });
          await other.connect();
          await other.query("select pg_cancel_backend($1)", [
            (client as unknown as { readonly processID: number }).processID,
          ]);
          await other.end();
        },
        release: () => void client.end(),
      };
    },
  };
}

function mysqlTarget(url: string): MigrationTarget {
  return {
    dialect: "mysql",
    connect: async () => {
      const client = await createConnection(url);
      client.on("error", () => undefined);
      return {
        run: async ({ text, values }) => {
          const [rows] = await client.query(text, [...(values ?? [])]);
          return {
            rows: Array.isArray(rows) ? (rows as object[]) : [],
            rowCount: 0,
            native: rows,
          } as never;
        },
        cancel: () => Promise.resolve(),
        release: () => void client.end().catch(() => undefined),
      };
    },
  };
}

function sqliteTarget(file: string): MigrationTarget {
  const open = (): DatabaseSync => new DatabaseSync(file);
  const shared = file === ":memory:" ? open() : undefined;
  return {
    dialect: "sqlite",
    connect: () => {
      const client = shared ?? open();
      return Promise.resolve({
        run: ({ text, values = [] }) => {
          try {
            const rows = client.prepare(text).all(...(values as string[]));
            return Promise.resolve({ rows, rowCount: rows.length, native: rows } as never);
          } catch (error) {
            return Promise.reject(error);
          }
        },
        cancel: () => Promise.resolve(),
        release: () => (client === shared ? undefined : client.close()),
      });
    },
  };
}

function emptied(url: string, drop: () => Promise<void>): Emptied {
  const target = targetOf(url);
  const query: Emptied["query"] = async (text) => {
    const connection = await target.connect();
    try {
      return (await connection.run({ text })).rows;
    } finally {
      connection.release();
    }
  };
  return { url, target, query, drop };
}

const name = (): string => `martlet_${randomUUID().slice(0, 8)}`;

/** A database of the server of `postgres:`. */
export const onPostgres: Kind = {
  title: postgres.title,
  dialect: "postgresql",
  isSkipped: postgres.isSkipped,
  make: async () => {
    const database = name();
    const admin = emptied(postgres.url, () => Promise.resolve());
    await admin.query(`create database ${database}`);
    const url = new URL(postgres.url);
    url.pathname = database;
    return emptied(url.href, async () => {
      await admin.query(`drop database ${database} with (force)`);
    });
  },
};

const mysqlUrl = "mysql://root@127.0.0.1:3306";

async function mysqlLacking(): Promise<boolean> {
  if (process.env["MARTLET_REQUIRE_SERVICES"] === "1") return false;
  try {
    await (await createConnection(mysqlUrl)).end();
    return false;
  } catch {
    return true;
  }
}

/** A database of the server of `mysql:`. */
export const onMysql: Kind = {
  title: (await mysqlLacking()) ? "a MariaDB server (none at 127.0.0.1:3306)" : "a MariaDB server",
  dialect: "mysql",
  isSkipped: await mysqlLacking(),
  make: async () => {
    const database = name();
    const admin = emptied(`${mysqlUrl}/test`, () => Promise.resolve());
    await admin.query(`create database ${database}`);
    return emptied(`${mysqlUrl}/${database}`, async () => {
      await admin.query(`drop database ${database}`);
    });
  },
};

/** A file of SQLite. */
export const onSqlite: Kind = {
  title: "SQLite",
  dialect: "sqlite",
  isSkipped: false,
  make: () => {
    const directory = mkdtempSync(join(tmpdir(), "martlet-sqlite-"));
    return Promise.resolve(
      emptied(`sqlite:${join(directory, "test.db")}`, async () => {
        rmSync(directory, { recursive: true, force: true });
      }),
    );
  },
};

export const kinds: readonly Kind[] = [onPostgres, onMysql, onSqlite];
