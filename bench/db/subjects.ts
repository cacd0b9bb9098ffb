/**
 * The data layers that are compared, each doing the same four things.
 *
 * @module
 */
import { eq, sql } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Kysely, PostgresDialect } from "kysely";
import { jsonArrayFrom, jsonObjectFrom } from "kysely/helpers/postgres";
import type { Database } from "martlet/db";
import type { Pool } from "pg";
import { articles, relations } from "./tables.ts";

/** One row of a list, as all of them give it. */
export interface Listed {
  readonly id: number;
  readonly title: string;
  readonly author: { readonly name: string };
  readonly tags: readonly { readonly name: string }[];
}

/** A data layer. */
export interface Subject {
  readonly get: (
    id: number,
  ) => Promise<{ readonly id: number; readonly title: string } | undefined>;
  /** Twenty articles from an id on, with author and tags, in one statement. */
  readonly list: (from: number) => Promise<readonly Listed[]>;
  readonly insert: (title: string) => Promise<number>;
  /** Reads one and changes it, in a transaction. */
  readonly change: (id: number) => Promise<number>;
}

const columns = `id, slug, title, body, likes, created_at as "createdAt", author_id as "authorId"`;
const listSql = `select a.id, a.slug, a.title, a.body, a.likes, a.created_at as "createdAt", a.author_id as "authorId",
  json_build_object('id', w.id, 'name', w.name, 'bio', w.bio) as author,
  coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name)) from bench_article_tags x
    join bench_tags t on t.id = x.tag_id where x.article_id = a.id), '[]'::json) as tags
  from bench_articles a join bench_authors w on w.id = a.author_id where a.id > $1 order by a.id limit 20`;
const insertSql =
  "insert into bench_articles (slug, title, body, likes, author_id) values ($1, $2, $3, 0, 1) returning id";

/** SQL by hand on a pool of `pg`, each statement prepared by its name: the yardstick. */
export function byHand(pool: Pool): Subject {
  const getSql = `select ${columns} from bench_articles where id = $1`;
  const changeSql = "update bench_articles set likes = likes + 1 where id = $1 returning likes";
  return {
    get: async (id) => (await pool.query({ name: "get", text: getSql, values: [id] })).rows[0],
    list: async (from) => (await pool.query({ name: "list", text: listSql, values: [from] })).rows,
    insert: async (title) => {
      const values = [title.toLowerCase(), title, "body"];
      return (await pool.query({ name: "insert", text: insertSql, values })).rows[0].id;
    },
    change: async (id) => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query({ name: "get", text: getSql, values: [id] });
        const { rows } = await client.query({ name: "change", text: changeSql, values: [id] });
        await client.query("commit");
        client.release();
        return rows[0].likes;
      } catch (error) {
        await client.query("rollback");
        client.release();
        throw error;
      }
    },
  };
}

type Drizzle = NodePgDatabase<typeof relations>;
const from = sql.placeholder("from");
const next = sql`${articles.likes} + 1`;

/** Drizzle, its queries built anew each time. */
export function built(db: Drizzle): Subject {
  return {
    get: async (id) => (await db.select().from(articles).where(eq(articles.id, id)))[0],
    list: (start) =>
      db.query.articles.findMany({
        where: { id: { gt: start } },
        with: { author: true, tags: true },
        orderBy: { id: "asc" },
        limit: 20,
      }),
    insert: async (title) => {
      const values = { slug: title.toLowerCase(), title, body: "body", likes: 0, authorId: 1 };
      const [row] = await db.insert(articles).values(values).returning({ id: articles.id });
      return row?.id ?? 0;
    },
    change: (id) =>
      db.transaction(async (tx) => {
        await tx.select().from(articles).where(eq(articles.id, id));
        const changed = tx.update(articles).set({ likes: next }).where(eq(articles.id, id));
        const [row] = await changed.returning({ likes: articles.likes });
        return row?.likes ?? 0;
      }),
  };
}

/** The statements of {@link prepared}, made once for a database, or for a transaction on it. */
function statements(db: Drizzle) {
  const id = sql.placeholder("id");
  const [slug, title, body] = ["slug", "title", "body"].map((each) => sql.placeholder(each));
  return {
    get: db.select().from(articles).where(eq(articles.id, id)).prepare("d_get"),
    list: db.query.articles
      .findMany({
        where: { id: { gt: from } },
        with: { author: true, tags: true },
        orderBy: { id: "asc" },
        limit: 20,
      })
      .prepare("d_list"),
    insert: db
      .insert(articles)
      .values({ slug, title, body, likes: 0, authorId: 1 } as never)
      .returning({ id: articles.id })
      .prepare("d_insert"),
    change: db
      .update(articles)
      .set({ likes: next })
      .where(eq(articles.id, id))
      .returning({ likes: articles.likes })
      .prepare("d_change"),
  };
}

/** Drizzle with statements that are prepared once; `join` says how they come into a transaction. */
export function prepared(db: Drizzle, join: "anew" | "by themselves"): Subject {
  const made = statements(db);
  return {
    get: async (id) => (await made.get.execute({ id }))[0],
    list: (start) => made.list.execute({ from: start }),
    insert: async (title) => {
      const [row] = await made.insert.execute({ slug: title.toLowerCase(), title, body: "body" });
      return row?.id ?? 0;
    },
    change: (id) =>
      db.transaction(async (tx) => {
        // Drizzle alone binds a statement to the connection that it was prepared on.
        const own = join === "anew" ? statements(tx) : made;
        await own.get.execute({ id });
        const [row] = await own.change.execute({ id });
        return row?.likes ?? 0;
      }),
  };
}

/** The same in a call, as in a request: its statements are counted, and end with it. */
export function inCalls(subject: Subject, db: Database<typeof relations>): Subject {
  const during = <T>(run: () => T): T => db.$engine.during({ route: "GET /bench" }, run);
  return {
    get: (id) => during(() => subject.get(id)),
    list: (start) => during(() => subject.list(start)),
    insert: (title) => during(() => subject.insert(title)),
    change: (id) => during(() => subject.change(id)),
  };
}

/** SQL by hand on Martlet's engine. */
export function onEngine({ $engine }: Database<typeof relations>): Subject {
  const getSql = `select ${columns} from bench_articles where id = $1`;
  const changeSql = "update bench_articles set likes = likes + 1 where id = $1 returning likes";
  return {
    get: async (id) => (await $engine.query<Listed>(getSql, [id], { name: "e_get" })).rows[0],
    list: async (start) => (await $engine.query<Listed>(listSql, [start], { name: "e_list" })).rows,
    insert: async (title) => {
      const values = [title.toLowerCase(), title, "body"];
      const { rows } = await $engine.query<{ id: number }>(insertSql, values, { name: "e_insert" });
      return rows[0]?.id ?? 0;
    },
    change: (id) =>
      $engine.transaction(async () => {
        await $engine.query(getSql, [id], { name: "e_get" });
        const { rows } = await $engine.query<{ likes: number }>(changeSql, [id], {
          name: "e_change",
        });
        return rows[0]?.likes ?? 0;
      }),
  };
}

interface Tables {
  readonly bench_authors: { readonly id: number; readonly name: string; readonly bio: string };
  readonly bench_articles: {
    readonly id: number;
    readonly slug: string;
    readonly title: string;
    readonly body: string;
    readonly likes: number;
    readonly created_at: Date;
    readonly author_id: number;
  };
  readonly bench_tags: { readonly id: number; readonly name: string };
  readonly bench_article_tags: { readonly article_id: number; readonly tag_id: number };
}

/** Kysely alone. */
export function kysely(pool: Pool): Subject {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const byId = (one: Pick<typeof db, "selectFrom">, id: number) =>
    one.selectFrom("bench_articles").selectAll().where("id", "=", id).executeTakeFirst();
  return {
    get: (id) => byId(db, id),
    list: (start) =>
      db
        .selectFrom("bench_articles as a")
        .selectAll("a")
        .select((eb) => [
          jsonObjectFrom(
            eb.selectFrom("bench_authors as w").selectAll().whereRef("w.id", "=", "a.author_id"),
          )
            .$notNull()
            .as("author"),
          jsonArrayFrom(
            eb
              .selectFrom("bench_article_tags as x")
              .innerJoin("bench_tags as t", "t.id", "x.tag_id")
              .select(["t.id", "t.name"])
              .whereRef("x.article_id", "=", "a.id"),
          ).as("tags"),
        ])
        .where("a.id", ">", start)
        .orderBy("a.id")
        .limit(20)
        .execute(),
    insert: async (title) => {
      const values = { slug: title.toLowerCase(), title, body: "body", likes: 0, author_id: 1 };
      const row = await db
        .insertInto("bench_articles")
        .values(values as never)
        .returning("id")
        .executeTakeFirst();
      return row?.id ?? 0;
    },
    change: (id) =>
      db.transaction().execute(async (tx) => {
        await byId(tx, id);
        const row = await tx
          .updateTable("bench_articles")
          .set((eb) => ({ likes: eb("likes", "+", 1) }))
          .where("id", "=", id)
          .returning("likes")
          .executeTakeFirst();
        return row?.likes ?? 0;
      }),
  };
}

/** Drizzle on a pool of its own. */
export function drizzleAlone(pool: Pool): Drizzle {
  return drizzle({ client: pool, relations });
}
