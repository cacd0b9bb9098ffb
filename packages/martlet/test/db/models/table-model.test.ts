import { randomBytes } from "node:crypto";
import { defineRelations, eq, sql } from "drizzle-orm";
import * as my from "drizzle-orm/mysql-core";
import {
  alias,
  bigint,
  customType,
  date,
  integer,
  jsonb,
  pgTable,
  pgView,
  serial,
  text,
  timestamp,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";
import { Fault, get, type Issue, martlet, patch, post } from "martlet";
import {
  columnNamesOf,
  columnsOf,
  insertModel,
  privateColumns,
  selectModel,
  updateModel,
} from "martlet/db/models";
import { camelCase, computed, encodable, patchOf } from "martlet/models";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { postgres } from "../engines.ts";
import { openDatabase, type OpenedDatabase } from "../opened.ts";

const users = privateColumns(
  pgTable(`martlet_users_${randomBytes(4).toString("hex")}`, {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    email: varchar({ length: 120 }).notNull().unique(),
    name: text().notNull().default("nobody"),
    bio: text(),
    passwordHash: text().notNull(),
    settings: jsonb().$type<{ theme: "dark" | "light" }>().notNull().default({ theme: "light" }),
    upper: text().generatedAlwaysAs(sql`upper(name)`),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ withTimezone: true }).$onUpdate(() => new Date(0)),
  }),
  ["passwordHash"],
);
const Settings = z.object({ theme: z.enum(["dark", "light"]) });
const User = selectModel(users, { refine: { settings: Settings } });
const NewUser = insertModel(users, {
  omit: ["createdAt", "updatedAt"],
  refine: { email: z.email(), settings: Settings, name: (name) => name.min(1) },
}).extend({ password: z.string().min(8) });
const UserChange = updateModel(users, {
  pick: ["name", "bio", "settings"],
  refine: { settings: Settings },
});

describe("a model of what is read", () => {
  test("has every column, in the order of the table", () => {
    expect(Object.keys(User.shape)).toEqual([
      "id",
      "email",
      "name",
      "bio",
      "settings",
      "upper",
      "createdAt",
      "updatedAt",
    ]);
  });

  test("takes null where the column does", () => {
    expect(User.shape.bio.safeParse(null).success).toBe(true);
    expect(User.shape.name.safeParse(null).success).toBe(false);
  });

  test("is made of a view, what it works out by SQL included", () => {
    const names = pgView("names").as((query) =>
      query.select({ id: users.id, length: sql<number>`length(name)`.as("length") }).from(users),
    );
    const Names = selectModel(names, { refine: { length: z.int() } });
    expect(Names.parse({ id: 1, length: 2, email: "x" })).toEqual({ id: 1, length: 2 });
    expect(Object.keys(selectModel(names).shape)).toEqual(["id", "length"]);
  });
});

describe("a model of what is inserted", () => {
  test("has not what the database alone makes", () => {
    expect(Object.keys(NewUser.shape)).toEqual(["email", "name", "bio", "settings", "password"]);
  });

  test("asks for what the table has no value for", () => {
    expect(NewUser.parse({ email: "ann@shop.test", password: "12345678" })).toEqual({
      email: "ann@shop.test",
      password: "12345678",
    });
    const { error } = NewUser.safeParse({ password: "12345678" });
    expect(error?.issues.map(({ path }) => path)).toEqual([["email"]]);
  });

  test("lets a default be chosen, but not be null", () => {
    const body = { email: "ann@shop.test", password: "12345678" };
    expect(NewUser.safeParse({ ...body, name: null }).success).toBe(false);
    expect(NewUser.parse({ ...body, bio: null })).toEqual({ ...body, bio: null });
  });

  test("drops what is not a column, and what is private", () => {
    const body = { email: "ann@shop.test", password: "12345678" };
    expect(NewUser.parse({ ...body, id: 5, passwordHash: "x", isAdmin: true })).toEqual(body);
  });

  test("leaves out what is generated in every dialect", () => {
    const mysql = my.mysqlTable("t", {
      id: my.serial().primaryKey(),
      key: my.int().notNull().autoincrement(),
      sum: my.int().generatedAlwaysAs(sql`1`),
    });
    const sqlite = lite.sqliteTable("t", {
      id: lite.integer().primaryKey(),
      sum: lite.integer().generatedAlwaysAs(sql`1`),
    });
    const pg = pgTable("t", {
      id: serial(),
      given: integer().generatedByDefaultAsIdentity(),
      key: uuid().defaultRandom().primaryKey(),
    });
    expect(Object.keys(insertModel(mysql).shape)).toEqual(["id", "key"]);
    expect(insertModel(mysql).parse({})).toEqual({});
    expect(Object.keys(updateModel(sqlite).shape)).toEqual(["id"]);
    expect(insertModel(sqlite).parse({})).toEqual({});
    expect(insertModel(pg).parse({})).toEqual({});
    expect(Object.keys(insertModel(pg).shape)).toEqual(["id", "given", "key"]);
  });

  test("does not guess what a custom type takes", () => {
    const money = customType<{ data: { cents: number }; driverData: string }>({
      dataType: () => "text",
    });
    const bills = pgTable("bills", { id: integer().notNull(), total: money().notNull() });
    expect(() => insertModel(bills)).toThrow(Fault);
    expect(() => updateModel(bills)).toThrow(
      [
        "M034 Nothing is known of the values of bills.total",
        '  fix: Give their schema: { refine: { name: schema } }, or leave the column out: { omit: ["name"] }.',
      ].join("\n"),
    );
    expect(Object.keys(insertModel(bills, { omit: ["total"] }).shape)).toEqual(["id"]);
    const Bill = insertModel(bills, { refine: { total: z.object({ cents: z.int() }) } });
    expect(Bill.parse({ id: 1, total: { cents: 5 } })).toEqual({ id: 1, total: { cents: 5 } });
    expect(selectModel(bills).parse({ id: 1, total: { cents: 5 } }).total).toEqual({ cents: 5 });
  });
});

describe("a model of a change", () => {
  test("tells what is left out from what is null, and fills nothing in", () => {
    expect(UserChange.parse({})).toEqual({});
    expect(UserChange.parse({ bio: null })).toEqual({ bio: null });
    expect(UserChange.safeParse({ name: null }).success).toBe(false);
    expect(UserChange.safeParse({ name: "a\0" }).success).toBe(false);
  });

  test("is that of patchOf", () => {
    const plain = pgTable("plain", { name: text().notNull().default("x"), note: text() });
    const shape = (model: z.ZodObject): unknown =>
      z.toJSONSchema(model, { io: "input", unrepresentable: "any" });
    expect(shape(updateModel(plain))).toEqual(shape(patchOf(insertModel(plain))));
  });
});

describe("refinements", () => {
  const items = pgTable("items", { name: varchar({ length: 5 }).notNull(), note: text() });

  test("leave whether it may be null or left out to the table", () => {
    const Item = insertModel(items, {
      refine: { note: z.literal("x"), name: (name) => name.min(2) },
    });
    expect(Item.parse({ name: "ab", note: null })).toEqual({ name: "ab", note: null });
    expect(Item.parse({ name: "ab" })).toEqual({ name: "ab" });
    expect(Item.safeParse({ name: "a" }).success).toBe(false);
    expect(Item.safeParse({ name: "abcdef" }).success).toBe(false);
    expect(Item.safeParse({ name: "ab", note: "y" }).success).toBe(false);
  });

  test("may transform", () => {
    const Item = insertModel(items, { refine: { name: (name) => name.trim().toLowerCase() } });
    expect(Item.parse({ name: " AB" })).toEqual({ name: "ab" });
  });
});

describe("a model of a table, as any other", () => {
  const events = pgTable("events", {
    event_id: bigint({ mode: "bigint" }).notNull(),
    starts_at: timestamp({ mode: "string", withTimezone: true }).notNull(),
    on_day: date({ mode: "date" }),
  });
  const json = {
    eventId: "9007199254740993",
    startsAt: "2026-02-28T10:00:00.123456Z",
    onDay: "2026-02-28",
  };

  test("has names of the wire, in both directions", async () => {
    const [In, Out] = [camelCase(insertModel(events)), camelCase(selectModel(events))];
    const echo = post("/", { body: In, returns: Out }, ({ body }) => {
      expect(body).toEqual({
        event_id: 2n ** 53n + 1n,
        starts_at: "2026-02-28 10:00:00.123456+00",
        on_day: new Date("2026-02-28"),
      });
      return { ...body, on_day: body.on_day ?? null };
    });
    const client = testClient(martlet({ echo }));
    expect(await (await client.post("/", { json })).json()).toEqual(json);
    const wrong = await client.post("/", { json: { ...json, eventId: "x" } });
    expect(await wrong.json()).toMatchObject({
      errors: [{ loc: ["body", "eventId"], code: "int_parsing" }],
    });
  });

  test("is told and read without a route", () => {
    const Event = selectModel(events);
    const row = Event.parse({ event_id: "5", starts_at: "2026-02-28", on_day: "2026-02-28" });
    expect(row.event_id).toBe(5n);
    expect(encodable(row, Event)).toEqual({
      event_id: "5",
      starts_at: "2026-02-28T00:00:00Z",
      on_day: "2026-02-28",
    });
    expect(z.encode(Event, row)).toEqual(encodable(row, Event));
  });

  test("has fields for a query and a path", async () => {
    const { event_id, starts_at } = selectModel(events).shape;
    const find = get(
      "/{id}",
      { path: { id: event_id }, query: { from: starts_at } },
      ({ id, from }) => [String(id), from],
    );
    const client = testClient(martlet({ find }));
    const answer = await client.get("/9007199254740993?from=2026-02-28T10:00Z");
    expect(await answer.json()).toEqual(["9007199254740993", "2026-02-28 10:00:00+00"]);
    expect((await client.get("/1.5?from=2026-02-28")).status).toBe(422);
  });
});

describe("private columns", () => {
  test("are in no model, whatever is asked for", () => {
    // @ts-expect-error -- nobody can pick it
    expect(Object.keys(selectModel(users, { pick: ["id", "passwordHash"] }).shape)).toEqual(["id"]);
    for (const model of [selectModel(users), insertModel(users), updateModel(users)]) {
      expect(Object.keys(model.shape)).not.toContain("passwordHash");
    }
  });

  test("stay private under an alias and in a view", () => {
    expect(Object.keys(selectModel(alias(users, "others")).shape)).not.toContain("passwordHash");
    const view = pgView("v").as((query) => query.select().from(users));
    expect(Object.keys(selectModel(view).shape)).not.toContain("passwordHash");
  });

  test("leave the table as it was", () => {
    const plain = pgTable("plain", { id: integer(), secret: text() });
    expect(privateColumns(plain, ["secret"])).toBe(plain);
    expect(Object.keys(plain)).toEqual(
      Object.keys(pgTable("other", { id: integer(), secret: text() })),
    );
    // @ts-expect-error -- there is no such column
    expect(() => privateColumns(plain, ["nothing"])).toThrow(TypeError);
  });
});

describe("columns of a model", () => {
  test("are those that both have", () => {
    const Public = User.pick({ id: true, name: true }).extend({ followers: z.int() });
    expect(columnsOf(Public, users)).toEqual({ id: users.id, name: users.name });
    expect(columnNamesOf(Public, users)).toEqual({ id: true, name: true });
    expect(columnsOf(Public, users).id).toBe(users.id);
  });
});

describe.skipIf(postgres.isSkipped)(`an application on ${postgres.title}`, () => {
  const relations = defineRelations({ users });
  let opened: OpenedDatabase<typeof relations>;
  const Public = computed(User.omit({ settings: true }), {
    mailto: [z.string(), ({ email }) => `mailto:${email}`],
  });

  const app = martlet({
    create: post("/users", { body: NewUser, returns: User }, async ({ body }) => {
      const { password, ...values } = body;
      const row = { ...values, passwordHash: `hash of ${password}` };
      const [user] = await opened.db.insert(users).values(row).returning();
      return user as NonNullable<typeof user>;
    }),
    read: get("/users/{id}", { path: { id: z.int() }, returns: Public }, async ({ id }) => {
      const columns = columnNamesOf(User, users);
      const user = await opened.db.query.users.findFirst({ where: { id }, columns });
      if (user === undefined) throw new Error("There is no such user");
      return user;
    }),
    change: patch(
      "/users/{id}",
      { path: { id: z.int() }, body: UserChange, returns: User },
      async ({ id, body }) => {
        const [user] = await opened.db
          .update(users)
          .set(body)
          .where(eq(users.id, id))
          .returning(columnsOf(User, users));
        return user as NonNullable<typeof user>;
      },
    ),
  });
  const client = testClient(app);

  beforeAll(async () => {
    opened = await openDatabase({ url: postgres.url, relations });
    await opened.db.execute(
      sql`create table ${users} (id int primary key generated always as identity,
        email varchar(120) not null unique, name text not null default 'nobody', bio text,
        "passwordHash" text not null, settings jsonb not null default '{"theme":"light"}',
        upper text generated always as (upper(name)) stored,
        "createdAt" timestamptz not null default now(), "updatedAt" timestamptz)`,
    );
  });
  afterAll(async () => {
    await opened.db.execute(sql`drop table ${users}`);
    await opened.close();
  });

  test("inserts, reads and changes rows by the models", async () => {
    const json = { email: "ann@shop.test", password: "12345678", bio: "é" };
    const created = await client.post("/users", { json });
    const user = (await created.json()) as z.infer<typeof User>;
    expect(user).toEqual({
      id: 1,
      email: "ann@shop.test",
      name: "nobody",
      bio: "é",
      settings: { theme: "light" },
      upper: "NOBODY",
      createdAt: expect.stringMatching(/^20..-/),
      updatedAt: "1970-01-01T00:00:00.000Z",
    });
    const changed = await client.patch("/users/1", {
      json: { bio: null, settings: { theme: "dark" }, id: 7, passwordHash: "x" },
    });
    expect(await changed.json()).toEqual({ ...user, bio: null, settings: { theme: "dark" } });
    const read = await client.get("/users/1");
    expect(await read.json()).toMatchObject({ id: 1, bio: null, mailto: "mailto:ann@shop.test" });
    const [row] = await opened.db.select().from(users);
    expect(row?.passwordHash).toBe("hash of 12345678");
  });

  test("tells a client where its values are wrong", async () => {
    const json = { email: "ann", password: "1", name: "", settings: { theme: "pink" } };
    const answer = await client.post("/users", { json });
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: Issue[] };
    expect(errors.map(({ loc, code }) => [...loc, code].join("."))).toEqual([
      "body.email.value_error",
      "body.name.string_too_short",
      "body.settings.theme.enum",
      "body.password.string_too_short",
    ]);
  });
});
