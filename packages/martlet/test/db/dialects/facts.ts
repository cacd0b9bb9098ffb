/**
 * What differs between databases, found out by trying.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { databaseError, type Result } from "martlet/db";
import { type Opened, openSubject } from "./subjects.ts";

/** Something that not every database can do. */
export interface Fact {
  /** As it stands on the page about dialects. */
  readonly what: string;
  /** Whether a database can. What throws cannot. */
  readonly holds: (opened: Opened) => Promise<boolean>;
}

/** Whether a database can do what a fact is about. */
export async function can(opened: Opened, { holds }: Fact): Promise<boolean> {
  return holds(opened).catch(() => false);
}

/** Runs statements, and gives what the last one gives. */
async function run({ engine }: Opened, ...texts: readonly string[]): Promise<Result> {
  let result: Result = { rows: [], rowCount: 0, native: undefined };
  for (const text of texts) result = await engine.query(text);
  return result;
}

/** Runs statements with a table that is there for them alone, called `t`. */
async function withTable<T>(
  opened: Opened,
  columns: string,
  work: (table: string) => Promise<T>,
): Promise<T> {
  const table = `t_${opened.names.authors}`;
  await run(opened, `create table ${table} (${columns})`);
  try {
    return await work(table);
  } finally {
    await run(opened, `drop table if exists ${table}`);
  }
}

/** The value of a column after it was written, as SQL by hand gives it. */
function kept(opened: Opened, type: string, value: string): Promise<unknown> {
  return withTable(opened, `x ${type}`, async (table) => {
    const { rows } = await run(
      opened,
      `insert into ${table} values (${value})`,
      `select x from ${table}`,
    );
    return rows[0]?.["x"];
  });
}

/** SQL that takes about so many milliseconds, without a table. */
function slow({ subject }: Opened, milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (subject.dialect === "postgresql") return `select pg_sleep(${seconds})`;
  if (subject.dialect === "mysql") return `select sleep(${seconds})`;
  const rows = milliseconds * 4000;
  return `with recursive r(n) as (select 1 union all select n + 1 from r where n < ${rows}) select max(n) from r`;
}

const isPostgresql = ({ subject }: Opened): boolean => subject.dialect === "postgresql";

/** What differs, in the order of the page. */
export const facts: readonly Fact[] = [
  {
    what: "several transactions run at one time",
    holds: async ({ engine }) => {
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      const { promise: met, resolve: meet } = Promise.withResolvers<boolean>();
      const one = engine.transaction(async () => {
        await engine.query("select 1");
        begin();
        meet(await Promise.race([met, sleep(500, false)]));
      });
      await begun;
      const two = engine.transaction(async () => {
        await engine.query("select 1");
        meet(true);
      });
      await Promise.all([one, two]);
      return met;
    },
  },
  {
    what: "the event loop goes on while a statement runs",
    holds: async (opened) => {
      let ticks = 0;
      const timer = setInterval(() => (ticks += 1), 20);
      await run(opened, slow(opened, 300));
      clearInterval(timer);
      return ticks >= 3;
    },
  },
  {
    what: "a statement that takes too long is given up (`statementTimeout`)",
    holds: async ({ subject }) => {
      const own = await openSubject(subject, { statementTimeout: 200 });
      try {
        const error = await run(own, slow(own, 600)).catch((error: unknown) => error);
        return databaseError(error)?.kind === "statement-timeout";
      } finally {
        await own.close();
      }
    },
  },
  {
    what: "a statement is cancelled when nobody waits for it any more",
    holds: async (opened) => {
      const late = opened.engine.transaction(() => run(opened, slow(opened, 1000)), {
        timeout: 50,
      });
      const error = await late.catch((error: unknown) => error);
      return databaseError(error)?.kind === "cancelled";
    },
  },
  {
    what: "DDL is undone with its transaction",
    holds: async (opened) => {
      const table = `u_${opened.names.authors}`;
      const failing = opened.engine.transaction(async () => {
        await run(opened, `create table ${table} (id int)`);
        throw new Error("undo");
      });
      await failing.catch(() => undefined);
      const found = await run(opened, `select * from ${table}`).catch(() => undefined);
      await run(opened, `drop table if exists ${table}`);
      return found === undefined;
    },
  },
  {
    what: "a row can be locked (`for update`), or passed over (`skip locked`)",
    holds: async (opened) => {
      await run(opened, `select * from ${opened.names.authors} for update skip locked`);
      return true;
    },
  },
  {
    what: "several statements in one text",
    holds: async (opened) => {
      await run(opened, "select 1; select 2");
      return true;
    },
  },
  {
    what: "`returning()`",
    holds: async ({ db, tables }) => {
      const rows = await db.update(tables.authors).set({ name: "x" }).returning();
      return Array.isArray(rows);
    },
  },
  {
    what: "`$returningId()`",
    holds: async ({ db, tables }) =>
      Promise.resolve("$returningId" in db.insert(tables.genres).values({ id: 1, name: "x" })),
  },
  {
    what: "`onConflictDoUpdate()`, otherwise `onDuplicateKeyUpdate()`",
    holds: async ({ db, tables }) =>
      Promise.resolve(
        "onConflictDoUpdate" in db.insert(tables.genres).values({ id: 1, name: "x" }),
      ),
  },
  {
    what: "`full join`",
    holds: async (opened) => {
      const { authors, books } = opened.names;
      await run(opened, `select * from ${authors} a full join ${books} b on a.id = b.author`);
      return true;
    },
  },
  {
    what: "`lateral` joins",
    holds: async (opened) => {
      const { authors, books } = opened.names;
      await run(
        opened,
        `select * from ${authors} a left join lateral (select * from ${books} b where b.author = a.id) l on true`,
      );
      return true;
    },
  },
  {
    what: "`ilike`",
    holds: async (opened) => (await run(opened, "select 1 where 'A' ilike 'a'")).rowCount === 1,
  },
  {
    what: '"a" and "A" are two texts',
    holds: (opened) =>
      withTable(opened, `x ${isPostgresql(opened) ? "text" : "varchar(9)"}`, async (table) => {
        const { rowCount } = await run(
          opened,
          `insert into ${table} values ('A')`,
          `select * from ${table} where x = 'a'`,
        );
        return rowCount === 0;
      }),
  },
  {
    what: "columns that are lists",
    holds: async (opened) => Array.isArray(await kept(opened, "int[]", "'{1,2}'")),
  },
  {
    what: "a partial unique index",
    holds: (opened) =>
      withTable(opened, "x int, y int", async (table) => {
        await run(opened, `create unique index i_${table} on ${table} (x) where y is null`);
        return true;
      }),
  },
  {
    what: "a reference that is checked at the commit (`deferrable`)",
    holds: (opened) =>
      withTable(
        opened,
        `x int, foreign key (x) references ${opened.names.authors} (id) deferrable initially deferred`,
        async (table) => {
          await opened.engine.transaction(() =>
            run(opened, `insert into ${table} values (77)`, `delete from ${table}`),
          );
          return true;
        },
      ),
  },
  {
    what: "a value of another type is refused",
    holds: async (opened) => {
      const written = await kept(opened, "int", "'five'").catch(() => undefined);
      return written === undefined;
    },
  },
  {
    what: "a text that is too long is refused (`varchar(3)`)",
    holds: async (opened) => {
      const written = await kept(opened, "varchar(3)", "'four'").catch(() => undefined);
      return written === undefined;
    },
  },
  {
    what: "numbers with a fixed point are exact (`numeric(30, 10)`)",
    holds: async (opened) =>
      (await kept(opened, "numeric(30, 10)", "12345678901234567890.1234567890")) ===
      "12345678901234567890.1234567890",
  },
  {
    what: "SQL by hand gives a `boolean`",
    holds: async (opened) => (await kept(opened, "boolean", "true")) === true,
  },
  {
    what: "SQL by hand gives a `Date`",
    holds: async (opened) =>
      (await kept(opened, "timestamp", "'2026-01-02 03:04:05'")) instanceof Date,
  },
  {
    what: "SQL by hand gives JSON as what it is",
    holds: async (opened) => typeof (await kept(opened, "json", `'{"a":1}'`)) === "object",
  },
  {
    what: "SQL by hand gives a `bigint` as a text",
    holds: async (opened) => typeof (await kept(opened, "bigint", "5")) === "string",
  },
];
