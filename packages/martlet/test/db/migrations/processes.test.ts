import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { migrations } from "martlet/db";
import { afterAll, describe, expect, test } from "vitest";
import { comesTrue } from "../process.ts";
import { Folder, two } from "./folders.ts";
import type { Said } from "./migrator.ts";
import { type Emptied, kinds, onMysql, onPostgres } from "./targets.ts";

/** A process that migrates when it is asked to. */
class Migrator {
  readonly #child: ChildProcess = spawn(
    process.execPath,
    ["--conditions=@martlet/source", join(import.meta.dirname, "migrator.ts")],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  readonly #lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[
    Symbol.asyncIterator
  ]();
  readonly #ready = this.#next();

  async upgrade(url: string, { directory }: Folder): Promise<Said> {
    await this.#ready;
    this.#child.stdin?.write(`${JSON.stringify({ url, directory })}\n`);
    return this.#next();
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, "exit");
    }
  }

  async #next(): Promise<Said> {
    const { value } = await this.#lines.next();
    return JSON.parse(String(value ?? '{"is":"error","message":"killed"}')) as Said;
  }
}

const four = [1, 2, 3, 4].map(() => new Migrator());
afterAll(() => Promise.all(four.map((each) => each.kill())));

async function withDatabase(
  kind: { make: () => Promise<Emptied> },
  work: (it: Emptied) => Promise<void>,
) {
  const database = await kind.make();
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

describe.each(kinds.filter((each) => !each.isSkipped))("on $title", { timeout: 60_000 }, (kind) => {
  test.each([1, 2, 3])("four processes at once apply everything once, round %i", async () => {
    await withDatabase(kind, async ({ url, target, query }) => {
      using folder = new Folder().write(two);
      const said = await Promise.all(four.map((each) => each.upgrade(url, folder)));
      expect(said.map(({ is, message }) => message ?? is)).toEqual(said.map(() => "done"));
      expect(said.flatMap(({ names = [] }) => names)).toEqual(Object.keys(two));
      expect(await query("select * from birds")).toHaveLength(1);
      const { directory } = folder;
      expect(await migrations({ directory, dialect: kind.dialect }).check(target)).toEqual([]);
    });
  });
});

describe.skipIf(onPostgres.isSkipped)("on PostgreSQL", { timeout: 60_000 }, () => {
  const index = "20260103000000_index";
  const concurrently = {
    ...two,
    [index]: {
      up: "-- martlet:no-transaction\ncreate index concurrently by_id on birds (id)\n",
      down: "drop index by_id",
    },
  };

  /** A transaction that an index has to wait for. */
  async function obstacle(url: string): Promise<{ readonly remove: () => Promise<void> }> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("begin");
    await client.query("insert into birds values (99)");
    return {
      remove: async () => {
        await client.query("rollback");
        await client.end();
      },
    };
  }

  const isBuilding = (query: Emptied["query"]) => async (): Promise<boolean> => {
    const rows = await query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid() and query like '%create index concurrently%'",
    );
    return rows.length > 0;
  };

  const isAsleep = (query: Emptied["query"]) => async (): Promise<boolean> => {
    const rows = await query(
      "select 1 from pg_stat_activity where datname = current_database() and query like 'select pg_sleep(%' and state = 'active'",
    );
    return rows.length > 0;
  };

  test("an index is built concurrently while three others wait for their turn", async () => {
    await withDatabase(onPostgres, async ({ url, query, target }) => {
      using folder = new Folder().write(two);
      const { directory } = folder;
      await migrations({ directory }).upgrade(target);
      folder.write(concurrently);
      const { remove } = await obstacle(url);
      const working = four.map((each) => each.upgrade(url, folder));
      expect(await comesTrue(isBuilding(query))).toBe(true);
      await remove();
      const said = await Promise.all(working);
      expect(said.map(({ is, message }) => message ?? is)).toEqual(said.map(() => "done"));
      expect(said.flatMap(({ names = [] }) => names)).toEqual([index]);
      expect(
        await query("select indisvalid from pg_index where indexrelid = 'by_id'::regclass"),
      ).toEqual([{ indisvalid: true }]);
    });
  });

  test("an index that was killed in the middle is built anew", async () => {
    await withDatabase(onPostgres, async ({ url, query, target }) => {
      using folder = new Folder().write(two);
      const ours = migrations({ directory: folder.directory });
      await ours.upgrade(target);
      folder.write(concurrently);
      const { remove } = await obstacle(url);
      const victim = new Migrator();
      void victim.upgrade(url, folder);
      expect(await comesTrue(isBuilding(query))).toBe(true);
      await victim.kill();
      expect(await ours.status(target)).toMatchObject([
        { state: "applied" },
        { state: "applied" },
        { state: "interrupted", progress: { direction: "up", isFailed: false, done: 0, of: 1 } },
      ]);
      // The server gives the statement up by itself, although what it waits for is still there.
      expect(await comesTrue(async () => !(await isBuilding(query)()))).toBe(true);
      await remove();
      expect(await ours.upgrade(target)).toMatchObject([{ name: index, statements: 1 }]);
      expect(
        await query("select indisvalid from pg_index where indrelid = 'birds'::regclass"),
      ).toEqual([{ indisvalid: true }, { indisvalid: true }]);
      expect(await ours.check(target)).toEqual([]);
    });
  });

  test("a file that was killed in the middle has left nothing, and is applied by the next", async () => {
    await withDatabase(onPostgres, async ({ url, query, target }) => {
      using folder = new Folder().write({
        "20260101000000_slow": {
          up: "create table birds (id int)\n--> next\nselect pg_sleep(60)\n--> next\ninsert into birds values (1)",
        },
      });
      const victim = new Migrator();
      void victim.upgrade(url, folder);
      expect(await comesTrue(isAsleep(query))).toBe(true);
      await victim.kill();
      const ours = migrations({ directory: folder.directory });
      expect(await ours.status(target)).toMatchObject([{ state: "pending" }]);
      folder.write({
        "20260101000000_slow": {
          up: folder.read("20260101000000_slow", "up.sql").replace("60", "0"),
        },
      });
      // Its turn comes when the server has noticed.
      expect(await ours.upgrade(target)).toMatchObject([{ statements: 3, notes: [] }]);
      expect(await query("select * from birds")).toEqual([{ id: 1 }]);
    });
  });

  test("who waits for too long is told so", async () => {
    await withDatabase(onPostgres, async ({ url, target, query }) => {
      using folder = new Folder().write({
        "20260101000000_slow": { up: "select pg_sleep(1.5)" },
      });
      const ours = migrations({ directory: folder.directory });
      const working = four[0]?.upgrade(url, folder);
      expect(await comesTrue(isAsleep(query))).toBe(true);
      await expect(ours.upgrade(target, { patience: 100 })).rejects.toThrow(
        "M028 Another process has been migrating for longer than 0.1 s",
      );
      expect(await working).toMatchObject({ is: "done" });
    });
  });

  test("a table that others use is waited for, a little, and again", async () => {
    await withDatabase(onPostgres, async ({ url, target }) => {
      using folder = new Folder().write(two);
      const ours = migrations({ directory: folder.directory });
      await ours.upgrade(target);
      folder.write({ "20260103000000_more": { up: "alter table birds add name text" } });
      const { remove } = await obstacle(url);
      const options = { lockTimeout: 50, attempts: 2 };
      await expect(ours.upgrade(target, options)).rejects.toThrow(/M026 .*lock timeout/);
      const [step] = await Promise.all([
        ours.upgrade(target, { lockTimeout: 50, attempts: 100 }),
        remove(),
      ]);
      expect(step).toMatchObject([{ name: "20260103000000_more" }]);
    });
  });
});

describe.skipIf(onMysql.isSkipped)("on MariaDB", { timeout: 60_000 }, () => {
  const name = "20260101000000_slow";

  /** Kills a process in a statement that sleeps, and gives the database and the folder. */
  async function killed(it: Emptied, folder: Folder): Promise<ReturnType<typeof migrations>> {
    const victim = new Migrator();
    void victim.upgrade(it.url, folder);
    const isAsleep = async (): Promise<boolean> =>
      (
        await it.query(
          "select 1 from information_schema.processlist where db = database() and info like '%sleep(2)%' and id <> connection_id()",
        )
      ).length > 0;
    expect(await comesTrue(isAsleep)).toBe(true);
    await victim.kill();
    return migrations({ directory: folder.directory, dialect: "mysql" });
  }

  test("a definition that took effect after the kill is not run again", async () => {
    await withDatabase(onMysql, async (it) => {
      using folder = new Folder().write({
        [name]: {
          up: "create table birds (id int)\n--> next\ncreate table nests as select sleep(2) as slept\n--> next\ninsert into birds values (1)",
          down: "drop table birds\n--> next\ndrop table nests",
        },
      });
      const ours = await killed(it, folder);
      expect(await ours.status(it.target)).toMatchObject([
        { state: "interrupted", progress: { direction: "up", isFailed: false, done: 1, of: 3 } },
      ]);
      expect(await ours.upgrade(it.target)).toMatchObject([
        { statements: 2, notes: ["statement 2 had taken effect before it was interrupted"] },
      ]);
      expect(await it.query("select * from birds")).toEqual([{ id: 1 }]);
      expect(await ours.check(it.target)).toEqual([]);
      expect(await ours.downgrade(it.target)).toHaveLength(1);
    });
  });

  test("rows are written once, wherever the process was killed", async () => {
    await withDatabase(onMysql, async (it) => {
      using folder = new Folder().write({
        [name]: {
          up: "create table birds (id int)\n--> next\ninsert into birds values (1)\n--> next\ninsert into birds select 2 + sleep(2)",
        },
      });
      const ours = await killed(it, folder);
      expect(await ours.upgrade(it.target)).toMatchObject([{ statements: 1, notes: [] }]);
      expect(await it.query("select id from birds order by id")).toEqual([{ id: 1 }, { id: 2 }]);
    });
  });
});
