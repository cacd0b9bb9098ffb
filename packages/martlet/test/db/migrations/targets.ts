/**
 * Databases to migrate: an empty one for each test, on every engine that this machine has.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialect, MigrationTarget } from "martlet/db";
import { createConnection } from "mysql2/promise";
import { postgres } from "../engines.ts";
import { open } from "./connecting.ts";

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

async function emptied(url: string, drop: () => Promise<void>): Promise<Emptied> {
  const { engine, close } = await open(url);
  return {
    url,
    target: engine,
    query: async (text) => (await engine.query(text)).rows,
    drop: async () => {
      await close();
      await drop();
    },
  };
}

/** Runs a statement on a server, as one who may make databases. */
async function ask(url: string, text: string): Promise<void> {
  const { engine, close } = await open(url);
  await engine.query(text);
  await close();
}

const name = (): string => `martlet_${randomUUID().slice(0, 8)}`;

/** A database of the server of `postgres:`. */
export const onPostgres: Kind = {
  title: postgres.title,
  dialect: "postgresql",
  isSkipped: postgres.isSkipped,
  make: async () => {
    const database = name();
    await ask(postgres.url, `create database ${database}`);
    const url = new URL(postgres.url);
    url.pathname = database;
    return emptied(url.href, () => ask(postgres.url, `drop database ${database} with (force)`));
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
    await ask(`${mysqlUrl}/test`, `create database ${database}`);
    return emptied(`${mysqlUrl}/${database}`, () =>
      ask(`${mysqlUrl}/test`, `drop database ${database}`),
    );
  },
};

/** A file of SQLite. */
export const onSqlite: Kind = {
  title: "SQLite",
  dialect: "sqlite",
  isSkipped: false,
  make: () => {
    const directory = mkdtempSync(join(tmpdir(), "martlet-sqlite-"));
    return emptied(`sqlite:${join(directory, "test.db")}`, async () => {
      rmSync(directory, { recursive: true, force: true });
    });
  },
};

export const kinds: readonly Kind[] = [onPostgres, onMysql, onSqlite];
