/**
 * Migrations: the SQL files of `migrations/`, each applied once, in the order of their names.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";

/** Where the files are. */
const directory = new URL("../migrations/", import.meta.url);

/** Any number that is ours alone: whoever holds this lock migrates. */
const lock = 7_215_401;

/** How long to wait, in milliseconds, for another process that migrates. */
const patience = 60_000;

/** One file. */
interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/**
 * Applies what has not been applied, and gives the names. Processes that start at once take turns.
 *
 * @throws when a file was changed after it was applied, or does not go through
 */
export async function migrate(pool: Pick<Pool, "connect">): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    await takeTurn(client);
    try {
      return await applyAll(client, await readAll());
    } finally {
      await client.query("select pg_advisory_unlock($1)", [lock]);
    }
  } finally {
    client.release();
  }
}

/** Asks again and again: one who waits inside the lock can wait for itself, with an index build. */
async function takeTurn(client: PoolClient): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    const sql = "select pg_try_advisory_lock($1) as taken";
    const { rows } = await client.query<{ taken: boolean }>(sql, [lock]);
    if (rows[0]?.taken === true) return;
    if (Date.now() > end) throw new Error("Another process has been migrating for too long");
    await sleep(100);
  }
}

async function readAll(): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((each) => each.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, directory), "utf8");
      return { name, text, checksum: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

async function applyAll(client: PoolClient, all: readonly Migration[]): Promise<string[]> {
  await client.query(
    `create table if not exists applied_migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`,
  );
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from applied_migrations",
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const written: string[] = [];
  for (const each of all) {
    const known = applied.get(each.name);
    if (known !== undefined && known !== each.checksum) {
      throw new Error(`${each.name} was changed after it was applied: write a new migration`);
    }
    if (known === undefined) {
      await apply(client, each);
      written.push(each.name);
    }
  }
  return written;
}

async function apply(client: PoolClient, { name, text, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(text);
    const sql = "insert into applied_migrations (name, checksum) values ($1, $2)";
    await client.query(sql, [name, checksum]);
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    throw new Error(`The migration ${name} failed: ${String(cause)}`, { cause });
  }
}
