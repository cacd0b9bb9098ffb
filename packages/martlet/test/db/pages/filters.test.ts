import { and, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-sqlite";
import * as pg from "drizzle-orm/pg-core";
import * as my from "drizzle-orm/mysql-core";
import { alias, blob, integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { get, martlet, type ParameterObject } from "martlet";
import {
  column,
  cursorPage,
  type Filter,
  filters,
  type FiltersOptions,
  offsetPage,
  type PlainFilter,
  sorting,
} from "martlet/db";
import { privateColumns } from "martlet/db/models";
import { testClient } from "martlet/testing";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";

const items = sqliteTable("items", {
  id: integer().primaryKey(),
  name: text({ length: 20 }).notNull(),
  price: real(),
  status: text({ enum: ["new", "used"] }).notNull(),
  sold: integer({ mode: "boolean" }).notNull(),
  created: integer({ mode: "timestamp" }).notNull(),
  data: blob({ mode: "json" }),
});
const allowed = {
  name: ["eq", "contains"],
  price: ["eq", "ne", "gte", "lt", "isNull", "notIn"],
  status: ["in"],
  sold: ["eq"],
  created: ["gt"],
} as const;

function open() {
  const client = new DatabaseSync(":memory:");
  client.exec(
    "create table items (id integer primary key, name text, price real, status text, sold integer, created integer, data blob)",
  );
  client.exec(`insert into items values
    (1, 'Tea', 3.5, 'new', 1, 100, null),
    (2, 'tea pot', null, 'used', 0, 200, null),
    (3, '100% tea', 10, 'new', 0, 300, null)`);
  return drizzle({ client });
}

function client(options: FiltersOptions<"price" | "name"> = {}) {
  const db = open();
  const filter = filters(items, allowed, options);
  const list = get("/", { use: { filter }, returns: z.array(z.int()) }, async ({ filter }) =>
    (await db.select({ id: items.id }).from(items).where(filter.where).orderBy(items.id)).map(
      ({ id }) => id,
    ),
  );
  return testClient(martlet({ list }));
}

describe("filters", () => {
  it.each([
    ["", [1, 2, 3]],
    ["name=Tea", [1]],
    ["name__contains=TEA", [1, 2, 3]],
    ["name__contains=0%25", [3]],
    ["price=10", [3]],
    ["price__ne=10", [1, 2]],
    ["price__notIn=10&price__notIn=3.5", [2]],
    ["price__gte=3.5&price__lt=10", [1]],
    ["price__isNull=true", [2]],
    ["price__isNull=false", [1, 3]],
    ["status__in=used", [2]],
    ["status__in=used&status__in=new", [1, 2, 3]],
    ["sold=yes", [1]],
    ["created__gt=1970-01-01T00:03:20Z", [3]],
    ["name__contains=tea&sold=false&status__in=new", [3]],
    ["unknown=1&name__like=x", [1, 2, 3]],
  ])("find what ?%s asks for", async (search, ids) => {
    const answer = await client().get(`/?${search}`);
    expect(await answer.json()).toEqual(ids);
  });

  it.each([
    ["price=cheap", "price", "float_parsing"],
    ["price=1&price=2", "price", "repeated"],
    ["price__gte=", "price__gte", "float_parsing"],
    ["status__in=broken", "status__in", "enum"],
    ["sold=2", "sold", "bool_parsing"],
    ["created__gt=yesterday", "created__gt", "datetime_from_date_parsing"],
    ["created__gt=0000-01-01", "created__gt", "greater_than_equal"],
    ["name__contains=", "name__contains", "string_too_short"],
    [`name=${"x".repeat(21)}`, "name", "string_too_long"],
    [`name__contains=${"x".repeat(201)}`, "name__contains", "string_too_long"],
    ["status__in=new&".repeat(51), "status__in", "too_long"],
    ["name=%00", "name", "nul_character"],
  ])("refuse ?%s", async (search, name, code) => {
    const answer = await client().get(`/?${search}`);
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: { loc: string[]; code: string }[] };
    expect(errors[0]).toMatchObject({
      loc: expect.arrayContaining(["query", name]) as unknown,
      code,
    });
  });

  it("take as much as they are told to", async () => {
    const { get } = client({ maxItems: 1, maxLength: 3 });
    expect((await get("/?status__in=new&status__in=used")).status).toBe(422);
    expect((await get("/?name=1234")).status).toBe(422);
    expect((await get("/?name=123&status__in=new")).status).toBe(200);
  });

  it("go by models in the place of the columns' own", async () => {
    const { get } = client({ models: { price: z.number().positive() } });
    expect((await get("/?price=-1")).status).toBe(422);
    expect((await get("/?price__notIn=-1")).status).toBe(422);
    expect((await get("/?price__isNull=true&price=1")).status).toBe(200);
  });

  it("refuse names that nobody declares, if they are strict", async () => {
    const db = open();
    const use = {
      filter: filters(items, allowed, { strict: true }),
      page: offsetPage(),
      sort: sorting({ name: items.name }, { default: "name" }),
    };
    const list = get(
      "/",
      { query: { q: z.string().optional() }, use },
      async ({ filter, page, sort }) =>
        db
          .select({ id: items.id })
          .from(items)
          .where(filter.where)
          .orderBy(...sort.orderBy)
          .limit(page.limit),
    );
    const { get: read } = testClient(martlet({ list }));
    expect((await read("/?name=Tea&limit=3&offset=0&sort=-name&q=x")).status).toBe(200);
    expect((await read("/?colour=red")).status).toBe(422);
    expect((await read("/?name__like=x")).status).toBe(422);
  });

  it("are typed, in the handler and in the client", async () => {
    const { api } = client();
    const answer = await api.list({ name: "Tea", price__gte: 1, status__in: ["new"], sold: true });
    expect(answer.ok && answer.data).toEqual([1]);
    // @ts-expect-error -- no such operator is allowed
    void (() => api.list({ name__startsWith: "T" }));
    // @ts-expect-error -- a number
    void (() => api.list({ price: "3" }));
    // @ts-expect-error -- one of the values
    void (() => api.list({ status__in: ["broken"] }));
    const filter = filters(items, allowed);
    type Value = (typeof filter)["~t"];
    expectTypeOf<Value>().toExtend<Filter<object>>();
    expectTypeOf<Value["values"]>().toEqualTypeOf<{
      name?: string | undefined;
      name__contains?: string | undefined;
      price?: number | undefined;
      price__ne?: number | undefined;
      price__gte?: number | undefined;
      price__lt?: number | undefined;
      price__isNull?: boolean | undefined;
      price__notIn?: readonly number[] | undefined;
      status__in?: readonly ("new" | "used")[] | undefined;
      sold?: boolean | undefined;
      created__gt?: Date | undefined;
    }>();
    const plain = filters({ at: column("at", "timestamp") }, { at: ["lt"] });
    expectTypeOf<(typeof plain)["~t"]>().toEqualTypeOf<
      PlainFilter<{ at__lt?: Date | undefined }>
    >();
    // @ts-expect-error -- a number has nothing to look into
    expect(() => filters(items, { price: ["contains"] })).toThrow("M031");
    // @ts-expect-error -- a truth has no order
    expect(() => filters(items, { sold: ["gt"] })).toThrow("M031");
    // @ts-expect-error -- no such column
    expect(() => filters(items, { colour: ["eq"] })).toThrow("M031");
  });

  it("stand in the document one by one", () => {
    const list = get("/", { use: { filter: filters(items, allowed) } }, () => null);
    const { paths } = martlet({ list }).openapi();
    const parameters = paths["/"]?.["get"]?.parameters ?? [];
    const of = (name: string): ParameterObject | undefined =>
      parameters.find((each) => each.name === name);
    expect(parameters.map(({ name }) => name)).toEqual([
      "name",
      "name__contains",
      "price",
      "price__ne",
      "price__gte",
      "price__lt",
      "price__isNull",
      "price__notIn",
      "status__in",
      "sold",
      "created__gt",
    ]);
    expect(of("price__gte")).toEqual({
      name: "price__gte",
      in: "query",
      required: false,
      description: "`price` is at least this.",
      schema: { type: "number" },
    });
    expect(of("name")?.schema).toEqual({ type: "string", maxLength: 20 });
    expect(of("status__in")?.schema).toEqual({
      type: "array",
      minItems: 1,
      maxItems: 50,
      items: { type: "string", enum: ["new", "used"] },
    });
    expect(of("created__gt")?.schema).toMatchObject({ type: "string", format: "date-time" });
  });

  it("go with pages by cursor, which are for what was asked", async () => {
    const db = open();
    const use = { filter: filters(items, allowed), page: cursorPage({ by: [items.id] }) };
    const list = get("/", { use }, async ({ filter, page }) =>
      page.of(
        await db
          .select({ id: items.id })
          .from(items)
          .where(and(filter.where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit),
      ),
    );
    const { get: read } = testClient(martlet({ list }));
    const first = (await (await read("/?status__in=new&limit=1")).json()) as { next: string };
    const second = await read(`/?status__in=new&limit=1&cursor=${first.next}`);
    expect(await second.json()).toMatchObject({ items: [{ id: 3 }], next: null });
    expect((await read(`/?status__in=used&cursor=${first.next}`)).status).toBe(422);
  });

  it("are for an alias too, and say what they are without Drizzle", async () => {
    const other = alias(items, "other");
    const sqlOf = (where: SQL | undefined): unknown =>
      open().select({ id: other.id }).from(other).where(where).toSQL().sql;
    let found: unknown;
    const use = { filter: filters(items, { name: ["eq"] }) };
    const list = get("/", { use }, ({ filter }) => {
      found = [sqlOf(filter.on(other)), filter.text(), filter.values];
    });
    await testClient(martlet({ list })).get("/?name=a");
    expect(found).toEqual([
      expect.stringContaining('where "other"."name" = ?'),
      { where: '"items"."name" = ?', values: ["a"] },
      { name: "a" },
    ]);
  });

  it("write values as the database of columns by hand reads them", async () => {
    const columns = {
      at: column("t.at", "timestamp", { nullable: true }),
      amount: column("amount", "decimal"),
      on: column("on", "boolean"),
      big: column("big", "bigint"),
    };
    const textOf = async (
      dialect: "postgresql" | "mysql" | "sqlite",
      search: string,
    ): Promise<unknown> => {
      const filter = filters(
        columns,
        { at: ["gte", "notIn"], amount: ["eq"], on: ["eq"], big: ["in"] },
        { dialect },
      );
      const list = get("/", { use: { filter } }, ({ filter }) => {
        const { where, values } = filter.text(3);
        return [where, values.map((each) => (typeof each === "bigint" ? `${each}n` : each))];
      });
      return (await testClient(martlet({ list })).get(`/?${search}`)).json();
    };
    const all =
      "at__gte=2024-05-06T07:08:09.1Z&amount=1.50&on=true&big__in=9007199254740993&big__in=2";
    expect(await textOf("postgresql", all)).toEqual([
      '"t"."at" >= $3 and "amount" = $4 and "on" = $5 and "big" in ($6, $7)',
      ["2024-05-06T07:08:09.100Z", "1.50", true, "9007199254740993", "2"],
    ]);
    expect(await textOf("mysql", all)).toEqual([
      "`t`.`at` >= ? and `amount` = cast(? as decimal(3, 2)) and `on` = ? and `big` in (?, ?)",
      ["2024-05-06 07:08:09.100", "1.50", 1, "9007199254740993n", 2],
    ]);
    expect(await textOf("sqlite", "at__notIn=2024-05-06&on=no")).toEqual([
      '("t"."at" not in (?) or "t"."at" is null) and "on" = ?',
      ["2024-05-06T00:00:00.000Z", 0],
    ]);
    expect(await textOf("sqlite", "")).toEqual(["1 = 1", []]);
  });

  it("are refused for private columns, and so are orders", () => {
    const users = privateColumns(
      pg.pgTable("users", { id: pg.integer().primaryKey(), hash: pg.text().notNull() }),
      ["hash"],
    );
    expect(() => filters(users, { hash: ["contains"] })).toThrow('M031 "hash" is private');
    expect(() => filters(alias(users, "u"), { hash: ["eq"] })).toThrow('M031 "hash" is private');
    expect(() => sorting({ hash: users.hash }, { default: "hash" })).toThrow("M031");
    expect(filters(users, { id: ["eq"] }).kind).toBe("dependency");
  });

  it("are refused at the start where a column cannot have them", () => {
    const kinds = pg.pgTable("kinds", { address: pg.inet(), uuid: pg.uuid(), data: pg.jsonb() });
    expect(() => filters(kinds, { address: ["eq"] })).toThrow(/M031 "address".*\n.*models/);
    expect(filters(kinds, { address: ["eq"] }, { models: { address: z.ipv4() } }).kind).toBe(
      "dependency",
    );
    expect(() => filters(kinds, { uuid: ["contains" as "eq"] })).toThrow("M031");
    expect(() => filters(kinds, { data: ["eq"] })).toThrow("M031");
    expect(() => filters(items, { name: ["like" as "eq"] })).toThrow("M031");
    const moods = my.mysqlTable("moods", { mood: my.mysqlEnum(["b", "a"]) });
    expect(() => filters(moods, { mood: ["gt"] })).toThrow("M031");
    expect(() =>
      filters({ uuid: kinds.uuid, mood: moods.mood }, { mood: ["eq"], uuid: ["eq"] }),
    ).toThrow("several databases");
  });
});
