/**
 * Databases as migrations see them, straight from the drivers.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import type { MigrationTarget } from "martlet/db";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";

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
  const open = (): DatabaseSync => new DatabaseSync(file, { timeout: 5000 });
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
