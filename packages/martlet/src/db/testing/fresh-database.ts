/**
 * Fresh databases: made for tests, on the server at a URL, and dropped after them.
 *
 * @module
 */
import { createHash, randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../index.ts";
import type { Connection, Dialect, Driver } from "../driver.ts";
import { serverAccount } from "../embedded/account.ts";
import { findBinaries } from "../embedded/binaries.ts";
import { openDriver, type OpenedDriver, type OpenOptions, printed } from "../opening.ts";
import { isRunning } from "../processes.ts";
import { quoted } from "../names.ts";
import { type Place, placeOf } from "../url.ts";

/** A database that nobody else knows of. */
export interface FreshDatabase {
  readonly url: string;
  /** A database that was there before, on the same server; `undefined` where there is no server. */
  readonly server: string | undefined;
  /** What it is called there. */
  readonly name: string;
  readonly drop: () => Promise<void>;
}

/** Which database is copied: one of a PostgreSQL server that nobody is connected to. */
export interface Template {
  /** The URL of another database of its server. */
  readonly server: string;
  /** What it is called. */
  readonly database: string;
}

const options: OpenOptions = { name: "tests", environment: "test", pool: { max: 1 } };

/** Makes a database at a URL that is empty. */
export async function emptyDatabase(url: string): Promise<FreshDatabase> {
  const place = placeOf(url, "tests");
  if (place.engine === "embedded") {
    const binaries = await findBinaries(serverAccount());
    if (!("reason" in binaries)) return onServer(url);
    printed("tests")(`${binaries.reason}; the tests are run on PGlite, which is slower`);
    return inMemory("pglite:memory");
  }
  if (isInMemory(place)) return inMemory(url);
  if (place.engine !== "pglite" && place.engine !== "sqlite") return onServer(url);
  throw new Fault("M015", `"${place.engine}:" with a directory is no database for tests`, {
    hint: `Use "${place.engine}:memory", which is a new one at each start.`,
  });
}

function inMemory(url: string): FreshDatabase {
  return { url, server: undefined, name: "", drop: () => Promise.resolve() };
}

/** Makes a database that is a copy of another one. */
export function copiedDatabase({ server, database }: Template): Promise<FreshDatabase> {
  return onServer(server, database);
}

function isInMemory(place: Place): boolean {
  if (place.engine === "pglite") return place.directory === undefined;
  return place.engine === "sqlite" && place.file === undefined;
}

async function onServer(url: string, template?: string): Promise<FreshDatabase> {
  // It stays open: an embedded server ends with it.
  const opened = await openDriver(url, options);
  const { driver } = opened;
  try {
    const server = urlOf(url, opened);
    const name = `${prefix()}${randomBytes(6).toString("hex")}`;
    await using(driver, async (connection) => {
      await sweep(driver.dialect, connection);
      await create(driver.dialect, connection, { name, template });
    });
    const drop = (): Promise<void> => dropAndClose(driver, name);
    return { url: withDatabase(server, name), server, name, drop };
  } catch (error) {
    await driver.close();
    throw error;
  }
}

/** A URL by which others reach a server. */
function urlOf(url: string, { pool }: OpenedDriver): string {
  if (pool === undefined || placeOf(url, "tests").engine !== "embedded") return url;
  const { host, port, user, password, database } = pool.options;
  const secret = typeof password === "string" ? `:${encodeURIComponent(password)}` : "";
  return `postgres://${user}${secret}@${host}:${port}/${database}`;
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** A database of a process that was killed is told by its name, on the machine that it ran on. */
function prefix(): string {
  return `${machine()}${process.pid}_`;
}

function machine(): string {
  return `martlet_test_${createHash("sha256").update(hostname()).digest("hex").slice(0, 6)}_`;
}

interface Creation {
  readonly name: string;
  readonly template: string | undefined;
}

async function create(
  dialect: Dialect,
  connection: Connection,
  { name, template }: Creation,
): Promise<void> {
  const from = template === undefined ? "" : ` template ${quoted(template, dialect)}`;
  const text = `create database ${quoted(name, dialect)}${from}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection.run({ text });
      return;
    } catch (error) {
      // Somebody is connected to the template, if only to clean it up.
      if (attempt === 5 || (error as { code?: unknown }).code !== "55006") throw error;
      await sleep(attempt * 100);
    }
  }
}

/** Drops what processes of this machine have left that were killed. */
async function sweep(dialect: Dialect, connection: Connection): Promise<void> {
  const names: { readonly [D in Dialect]?: string } = {
    postgresql: "select datname as name from pg_database",
    mysql: "select schema_name as name from information_schema.schemata",
  };
  const { rows } = await connection.run({ text: names[dialect] ?? "" });
  for (const name of rows.map((row) => String(row["name"]))) {
    const pid = name.startsWith(machine()) ? Number.parseInt(name.slice(machine().length), 10) : 0;
    // Another one may be at it too.
    if (pid > 0 && !isRunning(pid)) await drop(dialect, connection, name).catch(() => undefined);
  }
}

async function drop(dialect: Dialect, connection: Connection, name: string): Promise<void> {
  const force = dialect === "postgresql" ? " with (force)" : "";
  await connection.run({ text: `drop database if exists ${quoted(name, dialect)}${force}` });
}

async function dropAndClose(driver: Driver, name: string): Promise<void> {
  try {
    await using(driver, (connection) => drop(driver.dialect, connection, name));
  } finally {
    await driver.close();
  }
}

async function using<T>(driver: Driver, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await driver.connect();
  try {
    return await work(connection);
  } finally {
    connection.release();
  }
}
