/**
 * The application under test: its real self, on a database of its own, behind a real port.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { dependency, martlet, type Override, type Report } from "martlet";
import { database, type Database } from "martlet/db";
import { listen } from "martlet/server";
import { override } from "martlet/testing";
import { Client, Pool } from "pg";
import { inject } from "vitest";
import { app } from "../src/app.ts";
import { config } from "../src/settings.ts";
import type { DatabaseServer } from "./setup.ts";

/** The servers that there are to test on, the embedded one first. */
export const servers: readonly DatabaseServer[] = inject("servers");

/** What the application under test is started with. */
export interface StartOptions {
  readonly server?: DatabaseServer;
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: readonly Override[];
}

/** The application, running. */
export interface RunningConduit {
  /** `"http://127.0.0.1:49152"` */
  readonly url: string;
  /** What its tokens are signed with. */
  readonly appKey: string;
  readonly databaseUrl: string;
  /** What went wrong that no client is told. */
  readonly reports: readonly Report[];
  /** Stops it and drops its database. Throws what was reported. */
  readonly stop: () => Promise<void>;
}

/** Starts the application on an empty database, which it fills. */
export async function startConduit(options: StartOptions = {}): Promise<RunningConduit> {
  const { server = servers[0], env = {}, overrides = [] } = options;
  const database = await makeDatabase(server as DatabaseServer);
  const appKey = randomBytes(32).toString("base64url");
  const reports: Report[] = [];
  const variables = { NODE_ENV: "test", DATABASE_URL: database.url, APP_KEY: appKey, ...env };
  const tested = app.with({
    report: (each) => void reports.push(each),
    overrides: [override(config, () => config.load({ env: variables })), ...overrides],
  });
  const running = await listen(tested, { port: 0 });
  return {
    url: running.url,
    appKey,
    databaseUrl: database.url,
    reports,
    stop: async () => {
      await running.stop();
      await database.drop();
      if (reports.length > 0) throw new AggregateError(reports.map((each) => each.error));
    },
  };
}

/** A database that nobody else uses. */
export interface OwnDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** Makes an empty database. */
export async function makeDatabase({ url }: DatabaseServer): Promise<OwnDatabase> {
  const name = `conduit_${randomBytes(6).toString("hex")}`;
  await run(url, `create database ${name}`);
  return {
    url: url.replace(/[^/]*$/, name),
    drop: () => run(url, `drop database ${name} with (force)`),
  };
}

/** A database that a test has opened for itself. */
export interface OpenedDatabase {
  readonly db: Database;
  readonly close: () => Promise<void>;
}

/** Opens a database as an application does. */
export async function openDatabase(url: string): Promise<OpenedDatabase> {
  const opened: Database[] = [];
  const hold = dependency({ scope: "app", use: { db: database({ url }) } }, ({ db }) => {
    opened.push(db);
  });
  const app = martlet({}, { lifespan: hold });
  await app.start();
  // It is there once the start is over.
  return { db: opened[0] as Database, close: () => app.stop() };
}

/** Connections of a test's own. They may end with their database, for `end()` does not wait. */
export function openPool(url: string): Pool {
  return new Pool({ connectionString: url }).on("connect", (client) =>
    client.on("error", () => {}),
  );
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
