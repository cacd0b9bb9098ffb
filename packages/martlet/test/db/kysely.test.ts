import { randomBytes } from "node:crypto";
import { CamelCasePlugin, type Generated, sql } from "kysely";
import { martlet, post, problem } from "martlet";
import {
  type Database,
  database,
  Duplicate,
  fragment,
  kysely,
  type KyselyDatabase,
  kyselyOver,
  sqlOver,
  transaction,
} from "martlet/db";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { type Engine, mariadb, postgres } from "./engines.ts";
import { openDatabase } from "./opened.ts";

const pglite = { title: "PGlite", isSkipped: false, url: "pglite:" };
const table = `accounts_${randomBytes(5).toString("hex")}` as "accounts";

interface Tables {
  readonly accounts: {
    readonly id: Generated<number>;
    readonly full_name: string;
    readonly balance: number;
  };
}

describe.each<Engine>([postgres, pglite])("Kysely on $title", ({ url, isSkipped }) => {
  describe.skipIf(isSkipped)("over an engine", () => {
    let db: Database;
    let kdb: KyselyDatabase<Tables>;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ db, close } = await openDatabase({ url, pool: { connectTimeout: 2000 } }));
      kdb = await kyselyOver<Tables>(db.$engine);
      await kdb.schema
        .createTable(table)
        .addColumn("id", "serial", (column) => column.primaryKey())
        .addColumn("full_name", "text", (column) => column.notNull().unique())
        .addColumn("balance", "integer", (column) => column.notNull())
        .execute();
    }, 120_000);
    afterAll(async () => {
      await kdb.schema.dropTable(table).execute();
      await close();
    });
    beforeEach(() => kdb.deleteFrom(table).execute());

    const add = (name: string, balance = 0, on: KyselyDatabase<Tables> = kdb) =>
      on.insertInto(table).values({ full_name: name, balance }).execute();
    const names = async (): Promise<readonly string[]> => {
      const rows = await kdb.selectFrom(table).select("full_name").orderBy("full_name").execute();
      return rows.map((row) => row.full_name);
    };

    test("reads and writes, and tells how much", async () => {
      const inserted = kdb
        .insertInto(table)
        .values([
          { full_name: "Ann", balance: 1 },
          { full_name: "Bob", balance: 2 },
        ])
        .returning(["id", "balance"]);
      const rows = await inserted.execute();
      expectTypeOf(rows).toEqualTypeOf<{ id: number; balance: number }[]>();
      expect(rows).toMatchObject([{ balance: 1 }, { balance: 2 }]);
      const updated = await kdb.updateTable(table).set({ balance: 5 }).executeTakeFirst();
      expect(updated.numUpdatedRows).toBe(2n);
      const deleted = kdb.deleteFrom(table).where("full_name", "=", "'; --");
      expect((await deleted.executeTakeFirst()).numDeletedRows).toBe(0n);
      const counted = sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`;
      expect((await counted.execute(kdb)).rows).toEqual([{ n: 2 }]);
      const tables = await kdb.introspection.getTables();
      expect(tables.some(({ name }) => name === table)).toBe(true);
    });

    test("is part of the transaction that runs", async () => {
      const failing = db.transaction(async (tx) => {
        await add("Ann");
        await tx.execute(`update ${table} set balance = 7`);
        const found = kdb.selectFrom(table).select("balance");
        expect(await found.executeTakeFirstOrThrow()).toEqual({ balance: 7 });
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await names()).toEqual([]);
    });

    test("has transactions that everything in them is part of", async () => {
      const done: string[] = [];
      const value = await kdb.transaction().execute(async (trx) => {
        await trx.insertInto(table).values({ full_name: "Ann", balance: 0 }).execute();
        await sqlOver(
          db.$engine,
        )`insert into ${fragment.identifier(table)} values (default, 'Bob', 0)`;
        await db.execute(`insert into ${table} values (default, 'Cy', 0)`);
        await add("Dan");
        await db.$engine.afterCommit(() => void done.push("committed"));
        expect(trx.isTransaction).toBe(true);
        expect(done).toEqual([]);
        return 5;
      });
      expect([value, done, await names()]).toEqual([5, ["committed"], ["Ann", "Bob", "Cy", "Dan"]]);
      const failing = kdb.transaction().execute(async (trx) => {
        await trx.deleteFrom(table).execute();
        await db.execute(`insert into ${table} values (default, 'Eve', 0)`);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await names()).toHaveLength(4);
    });

    test("has savepoints for transactions in transactions", async () => {
      await kdb.transaction().execute(async () => {
        await add("Ann");
        const failing = kdb.transaction().execute(async (trx) => {
          await trx.insertInto(table).values({ full_name: "Bob", balance: 0 }).execute();
          await trx.insertInto(table).values({ full_name: "Ann", balance: 0 }).execute();
        });
        await expect(failing).rejects.toMatchObject({ code: "23505" });
        await db.$engine.transaction(() => add("Cy"));
      });
      expect(await names()).toEqual(["Ann", "Cy"]);
      const pool = db.$engine.pool();
      expect(pool.idle).toBe(pool.total);
    });

    test("has the isolation and the access that are asked for", async () => {
      const asked = sql<{
        level: string;
      }>`select current_setting('transaction_isolation') as level`;
      const level = await kdb
        .transaction()
        .setIsolationLevel("serializable")
        .execute(async (trx) => (await asked.execute(trx)).rows[0]?.level);
      expect(level).toBe("serializable");
      const writing = kdb
        .transaction()
        .setAccessMode("read only")
        .execute(() => add("Ann"));
      await expect(writing).rejects.toMatchObject({ code: "25006" });
      const lenient = kdb.transaction().setIsolationLevel("read uncommitted");
      const found = await lenient.execute(async (trx) => (await asked.execute(trx)).rows[0]?.level);
      expect(found).toBe("read committed");
      expect(() => kdb.transaction().setIsolationLevel("snapshot")).toThrow("SQL Server");
    });

    test("does not let a transaction be used after its end", async () => {
      const late = await kdb.transaction().execute(async (trx) => trx);
      await expect(late.selectFrom(table).selectAll().execute()).rejects.toThrow(
        "already committed",
      );
      expect(() => late.transaction()).toThrow("not supported");
    });

    test("keeps all of this in copies with plugins and schemas", async () => {
      const camel = kdb.withPlugin(new CamelCasePlugin()) as unknown as KyselyDatabase<{
        readonly accounts: { readonly fullName: string; readonly balance: number };
      }>;
      const failing = camel.transaction().execute(async (trx) => {
        await trx.insertInto(table).values({ fullName: "Ann", balance: 0 }).execute();
        expect(await camel.selectFrom(table).select("fullName").execute()).toEqual([
          { fullName: "Ann" },
        ]);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      const schema = kdb.withSchema("public").withoutPlugins().$extendTables<{ more: { id: 1 } }>();
      await schema.transaction().execute(() => add("Bob"));
      const within = kdb.withSchema("nowhere").transaction();
      const nowhere = within.execute((trx) => trx.selectFrom(table).selectAll().execute());
      await expect(nowhere).rejects.toMatchObject({ code: "42P01" });
      expect(await names()).toEqual(["Bob"]);
      const made = await kyselyOver<{ accounts: { fullName: string } }>(db.$engine, {
        plugins: [new CamelCasePlugin()],
      });
      expect(await made.selectFrom(table).select("fullName").execute()).toEqual([
        { fullName: "Bob" },
      ]);
    });

    test("refuses what would go to a connection of its own", async () => {
      expect(() => kdb.startTransaction()).toThrow("use transaction().execute()");
      expect(() => kdb.connection()).toThrow("use transaction().execute()");
      const stream = kdb.selectFrom(table).selectAll().stream();
      await expect(stream.next()).rejects.toThrow("read them in pages");
    });

    test("ends nothing that is the application's", async () => {
      const other = await kyselyOver<Tables>(db.$engine);
      await add("Ann", 0, other);
      await other.destroy();
      expect(await names()).toEqual(["Ann"]);
    });
  });
});

describe.skipIf(postgres.isSkipped)(`Kysely on ${postgres.title}`, () => {
  test("is what routes use, with the database around them", async () => {
    const name = `${table}_routes` as "accounts";
    const db = database({ url: postgres.url });
    const kdb = kysely<Tables>(db);
    const Refused = problem(400, "refused");
    const body = z.object({ name: z.string(), refuse: z.boolean().default(false) });
    const app = martlet({
      setUp: post("/set-up", { use: { db } }, async ({ db }) => {
        await db.execute(`create table ${name} (id serial, full_name text unique, balance int)`);
      }),
      end: post("/end", { use: { db } }, async ({ db }) => {
        await db.execute(`drop table ${name}`);
      }),
      add: post(
        "/",
        { body, use: { kdb: transaction(kdb) }, throws: [Refused, Duplicate] },
        async ({ body, kdb }) => {
          await kdb.insertInto(name).values({ full_name: body.name, balance: 0 }).execute();
          if (body.refuse) return new Refused({});
          const { n } = await kdb
            .selectFrom(name)
            .select((of) => of.fn.countAll<string>().as("n"))
            .executeTakeFirstOrThrow();
          return Number(n);
        },
      ),
    });
    await using client = testClient(app);
    await client.post("/set-up");
    const add = async (json: object): Promise<unknown> => {
      const response = await client.post("/", { json });
      return [response.status, ((await response.json()) as { code?: string }).code];
    };
    expect(await add({ name: "Ann" })).toEqual([200, undefined]);
    expect(await add({ name: "Ann" })).toEqual([409, "duplicate"]);
    expect(await add({ name: "Bob", refuse: true })).toEqual([400, "refused"]);
    const answer = await client.api.add({ body: { name: "Bob" } });
    expect(answer).toMatchObject({ data: 2 });
    await client.post("/end");
  });
});

const dialects = [
  { ...mariadb, dialect: "mysql" as const },
  { title: "SQLite", isSkipped: false, url: "sqlite:memory", dialect: "sqlite" as const },
];

describe.each(dialects)("Kysely on $title", ({ url, isSkipped, dialect }) => {
  describe.skipIf(isSkipped)("over an engine", () => {
    let kdb: KyselyDatabase<Tables>;
    let close: () => Promise<void>;
    beforeAll(async () => {
      const opened = await openDatabase({ url, dialect });
      ({ close } = opened);
      kdb = await kyselyOver<Tables>(opened.db.$engine);
      await kdb.schema
        .createTable(table)
        .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
        .addColumn("full_name", "varchar(99)", (column) => column.notNull().unique())
        .addColumn("balance", "integer", (column) => column.notNull())
        .execute();
    });
    afterAll(async () => {
      await kdb.schema.dropTable(table).execute();
      await close();
    });
    beforeEach(() => kdb.deleteFrom(table).execute());

    const add = (name: string): Promise<unknown> =>
      kdb.insertInto(table).values({ full_name: name, balance: 0 }).execute();
    const names = async (): Promise<readonly string[]> =>
      (await kdb.selectFrom(table).select("full_name").orderBy("id").execute()).map(
        (row) => row.full_name,
      );

    test("tells what was changed", async () => {
      const inserted = await kdb
        .insertInto(table)
        .values([
          { full_name: "Ann", balance: 1 },
          { full_name: "Bob", balance: 2 },
        ])
        .executeTakeFirst();
      expect(inserted.numInsertedOrUpdatedRows).toBe(2n);
      expect(inserted.insertId).toBeTypeOf("bigint");
      const updated = await kdb.updateTable(table).set({ balance: 2 }).executeTakeFirst();
      expect(updated.numUpdatedRows).toBe(2n);
      expect(updated.numChangedRows).toBe(dialect === "mysql" ? 1n : undefined);
      const deleted = await kdb.deleteFrom(table).where("balance", "=", 7).executeTakeFirst();
      expect(deleted.numDeletedRows).toBe(0n);
      const found = (await kdb.introspection.getTables()).some(({ name }) => name === table);
      expect(found).toBe(true);
    });

    test("has transactions in transactions, shared with others", async () => {
      const sql = sqlOver(kdb.$engine);
      const failing = kdb.transaction().execute(async () => {
        await add("Ann");
        await kdb.transaction().execute(async (trx) => {
          await trx.deleteFrom(table).execute();
          await sql`insert into ${sql.identifier(table)} values (5, 'Bob', 0)`;
        });
        expect(await names()).toEqual(["Bob"]);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await names()).toEqual([]);
      await kdb.transaction().execute(async (trx) => {
        await add("Ann");
        const inner = kdb.transaction().execute(() => add("Ann"));
        await expect(inner).rejects.toThrow(/unique|duplicate/i);
        await trx.updateTable(table).set({ full_name: "Eve" }).execute();
      });
      expect(await names()).toEqual(["Eve"]);
    });
  });
});
