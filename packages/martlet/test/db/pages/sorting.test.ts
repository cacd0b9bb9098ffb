import { alias, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { drizzle } from "drizzle-orm/node-sqlite";
import { sql } from "kysely";
import { get, martlet } from "martlet";
import { column, descending, fragment, sorting, type SortingOptions } from "martlet/db";
import { testClient } from "martlet/testing";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";

const items = sqliteTable("items", {
  id: integer().primaryKey(),
  name: text(),
  created: integer("created_at").notNull(),
});
const columns = { name: items.name, created: items.created, id: items.id };

function client(options: Partial<SortingOptions<keyof typeof columns>> = {}) {
  const sort = sorting(columns, { default: "name", ...options });
  const list = get("/", { use: { sort } }, ({ sort }) => ({ sort: sort.sort, text: sort.text() }));
  return testClient(martlet({ list }));
}

async function read(url: string, options?: Parameters<typeof client>[0]) {
  return (await (await client(options).get(url)).json()) as { sort: string[]; text: string };
}

const [name, created, id] = ['"items"."name"', '"items"."created_at"', '"items"."id"'];

describe("sorting", () => {
  it.each([
    ["/", ["name"], `${name} asc nulls last`],
    ["/?sort=created", ["created"], `${created} asc`],
    ["/?sort=-created", ["-created"], `${created} desc`],
    ["/?sort=-name", ["-name"], `${name} desc nulls last`],
    ["/?sort=-created,name", ["-created", "name"], `${created} desc, ${name} asc nulls last`],
    ["/?sort=-created&sort=name", ["-created", "name"], `${created} desc, ${name} asc nulls last`],
    [
      "/?sort=id&sort=name,created",
      ["id", "name", "created"],
      `${id} asc, ${name} asc nulls last, ${created} asc`,
    ],
  ])("reads %s", async (url, sort, written) => {
    expect(await read(url)).toEqual({ sort, text: written });
  });

  it.each([
    ["colour", "enum"],
    ["", "enum"],
    ["-", "enum"],
    ["+name", "enum"],
    ["--name", "enum"],
    ["name,", "enum"],
    ["NAME", "enum"],
    ["name;drop table items", "enum"],
    ["name,-name", "value_error"],
    ["name&sort=name", "value_error"],
    ["name,created,id,name", "too_long"],
    ["name&sort=name&sort=name&sort=name", "too_long"],
    ["%00", "nul_character"],
  ])("refuses ?sort=%s", async (search, code) => {
    const answer = await client().get(`/?sort=${search}`);
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: { loc: string[]; code: string }[] };
    expect(errors[0]?.loc.slice(0, 2)).toEqual(["query", "sort"]);
    expect(errors.map((each) => each.code)).toContain(code);
  });

  it("takes as many names as it is told to", async () => {
    expect((await client({ max: 1 }).get("/?sort=name,id")).status).toBe(422);
    expect((await client({ max: 1 }).get("/?sort=id")).status).toBe(200);
  });

  it("has something to fall back on", async () => {
    expect((await read("/", { default: ["-created", "id"] })).text).toBe(
      `${created} desc, ${id} asc`,
    );
  });

  it("decides between equals in the direction of the last name", async () => {
    const last = items.id;
    expect((await read("/?sort=created", { last })).text).toBe(`${created} asc, ${id} asc`);
    expect((await read("/?sort=-created", { last })).text).toBe(`${created} desc, ${id} desc`);
    expect((await read("/?sort=-id,created", { last })).text).toBe(`${id} desc, ${created} asc`);
  });

  it("turns around what is declared the other way", async () => {
    const sort = sorting({ newest: descending(items.created) }, { default: "newest" });
    const list = get("/", { use: { sort } }, ({ sort }) => sort.text());
    const test = testClient(martlet({ list }));
    expect(await (await test.get("/")).json()).toBe(`${created} desc`);
    expect(await (await test.get("/?sort=-newest")).json()).toBe(`${created} asc`);
  });

  it("sorts nulls last with MySQL, which has no word for it", async () => {
    const sort = sorting(
      { a: column("a", "text", { nullable: true }) },
      { default: "a", dialect: "mysql" },
    );
    const list = get("/", { use: { sort } }, ({ sort }) => sort.text());
    const test = testClient(martlet({ list }));
    expect(await (await test.get("/")).json()).toBe("`a` is null, `a` asc");
    expect(await (await test.get("/?sort=-a")).json()).toBe("`a` is null, `a` desc");
  });

  it("runs with Drizzle, on an alias, and with tags", async () => {
    const database = new DatabaseSync(":memory:");
    database.exec("create table items (id integer primary key, name text, created_at integer)");
    database.exec("insert into items values (1, null, 5), (2, 'b', 5), (3, 'a', 6)");
    const db = drizzle({ client: database });
    const other = alias(items, "other");
    const sort = sorting(columns, { default: ["created", "-name"] });
    const list = get("/", { use: { sort } }, async ({ sort }) => [
      await db
        .select({ id: items.id })
        .from(items)
        .orderBy(...sort.orderBy),
      await db
        .select({ id: other.id })
        .from(other)
        .orderBy(...sort.on(other)),
      [sort.in(fragment)[Symbol.toStringTag], typeof sort.in(sql).toOperationNode],
    ]);
    const answer = await (await testClient(martlet({ list })).get("/")).json();
    const rows = [{ id: 2 }, { id: 1 }, { id: 3 }];
    expect(answer).toEqual([rows, rows, ["SqlFragment", "function"]]);
  });

  it("stands in the document, with all names", () => {
    const list = get("/", { use: { sort: sorting(columns, { default: "-created" }) } }, () => null);
    const { paths } = martlet({ list }).openapi();
    expect(paths["/"]?.["get"]?.parameters).toEqual([
      {
        name: "sort",
        in: "query",
        required: false,
        description:
          "What to sort by, the most important first; - before a name for the greatest first.",
        schema: {
          type: "array",
          maxItems: 3,
          default: ["-created"],
          items: { type: "string", enum: ["name", "-name", "created", "-created", "id", "-id"] },
        },
      },
    ]);
  });

  it("is refused at the start with names that nobody could ask for", () => {
    expect(() => sorting({ "-a": items.id }, { default: "-a" })).toThrow("M031");
    expect(() => sorting({ "a,b": items.id }, { default: "a,b" })).toThrow("M031");
    expect(() => sorting({}, { default: [] })).toThrow("M031");
  });
});
