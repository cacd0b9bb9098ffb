import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import {
  boolean,
  mysqlTable,
  blob as mysqlBlob,
  varchar as mysqlVarchar,
} from "drizzle-orm/mysql-core";
import {
  bigint,
  bytea,
  customType,
  date,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  point,
  text,
  timestamp,
  varchar,
} from "drizzle-orm/pg-core";
import { get, martlet, patch, post } from "martlet";
import { client } from "martlet/client";
import {
  columnNamesOf,
  columnsOf,
  insertModel,
  privateColumns,
  selectModel,
  updateModel,
} from "martlet/db/models";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { compile, generated, write } from "../../../../../bench/types/compiler.ts";

const role = pgEnum("role", ["admin", "reader"]);
const money = customType<{ data: { cents: number } }>({ dataType: () => "text" });
const users = privateColumns(
  pgTable("users", {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    name: varchar({ length: 80 }).notNull(),
    role: role().notNull().default("reader"),
    roles: role().array(),
    visits: bigint({ mode: "bigint" }).notNull(),
    balance: numeric({ precision: 10, scale: 2 }),
    born: date(),
    died: date({ mode: "date" }),
    seen: timestamp({ withTimezone: true }).notNull().defaultNow(),
    photo: bytea(),
    place: point({ mode: "xy" }),
    grid: integer().array("[][]"),
    settings: jsonb().$type<{ theme: string }>(),
    extra: jsonb(),
    passwordHash: text().notNull(),
    upper: text().generatedAlwaysAs(sql`upper(name)`),
  }),
  ["passwordHash"],
);
const Settings = z.object({ theme: z.string() });
const User = selectModel(users);
const NewUser = insertModel(users, { refine: { settings: Settings } });
const UserChange = updateModel(users, { omit: ["visits", "settings"] });

declare const db: NodePgDatabase;

/** What is only checked, and never called. */
const unchecked = (): unknown => [
  // What a model gives is what Drizzle takes.
  (body: z.output<typeof NewUser>) => db.insert(users).values({ ...body, passwordHash: "x" }),
  (body: z.output<typeof UserChange>) => db.update(users).set(body),
  // @ts-expect-error -- the hash is missing
  (body: z.output<typeof NewUser>) => db.insert(users).values(body),
  // @ts-expect-error -- JSON is no settings until a schema says so
  (body: z.output<ReturnType<typeof unrefined>>) => db.update(users).set(body),
];
const unrefined = () => updateModel(users, { pick: ["settings"] });

const app = martlet({
  read: get("/users/{id}", { path: { id: z.int() }, returns: User }, async () => {
    const [row] = await db.select(columnsOf(User, users)).from(users);
    return row as NonNullable<typeof row>;
  }),
  whole: get("/whole/{id}", { path: { id: z.int() }, returns: User }, async () => {
    const [row] = await db.select().from(users);
    return row as NonNullable<typeof row>;
  }),
  create: post("/users", { body: NewUser }, ({ body }) => {
    expectTypeOf(body).toEqualTypeOf<z.output<typeof NewUser>>();
    expectTypeOf(body.visits).toEqualTypeOf<bigint>();
  }),
  change: patch("/users", { body: UserChange }, ({ body }) => {
    expectTypeOf(body.name).toEqualTypeOf<string | undefined>();
    expectTypeOf(body.balance).toEqualTypeOf<string | null | undefined>();
  }),
});

describe("the types of models", () => {
  test("are those of the columns", () => {
    expectTypeOf<z.output<typeof User>>().toEqualTypeOf<{
      id: number;
      name: string;
      role: "admin" | "reader";
      roles: ("admin" | "reader")[] | null;
      visits: bigint;
      balance: string | null;
      born: string | null;
      died: Date | null;
      seen: Date;
      photo: Buffer | null;
      place: { x: number; y: number } | null;
      grid: number[][] | null;
      settings: { theme: string } | null;
      extra: unknown;
      upper: string | null;
    }>();
    expectTypeOf<z.output<typeof NewUser>>().toEqualTypeOf<{
      name: string;
      role?: "admin" | "reader" | undefined;
      roles?: ("admin" | "reader")[] | null | undefined;
      visits: bigint;
      balance?: string | null | undefined;
      born?: string | null | undefined;
      died?: Date | null | undefined;
      seen?: Date | undefined;
      photo?: Buffer | null | undefined;
      place?: { x: number; y: number } | null | undefined;
      grid?: number[][] | null | undefined;
      settings?: { theme: string } | null | undefined;
      extra?: z.core.util.JSONType | null | undefined;
    }>();
    expectTypeOf<keyof z.output<typeof UserChange>>().toEqualTypeOf<
      Exclude<keyof z.output<typeof NewUser>, "visits" | "settings">
    >();
    expect(unchecked).toBeTypeOf("function");
  });

  test("are what the client sends and receives", () => {
    const api = client<typeof app>("http://localhost");
    type Sent = Parameters<typeof api.create>[0]["body"];
    expectTypeOf<Sent["visits"]>().toEqualTypeOf<string | number>();
    expectTypeOf<Sent["photo"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<Sent["balance"]>().toEqualTypeOf<string | number | null | undefined>();
    type Answer = Extract<Awaited<ReturnType<typeof api.read>>, { ok: true }>["data"];
    expectTypeOf<Answer["visits"]>().toEqualTypeOf<string>();
    expectTypeOf<Answer["photo"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Answer["seen"]>().toEqualTypeOf<string>();
    expectTypeOf<Answer["roles"]>().toEqualTypeOf<("admin" | "reader")[] | null>();
  });

  test("know a text column for text, and what can be done with it", () => {
    expectTypeOf(insertModel(users).shape.name).toEqualTypeOf<z.ZodString>();
    const Short = insertModel(users, {
      pick: ["name", "role"],
      refine: { name: (name) => name.min(1), role: (role) => role.exclude(["admin"]) },
    });
    expectTypeOf<z.output<typeof Short>>().toEqualTypeOf<{
      name: string;
      role?: "reader" | undefined;
    }>();
    expect(Short.safeParse({ name: "ann", role: "admin" }).success).toBe(false);
  });

  test("refuse names that are no columns, or none of the model's", () => {
    // @ts-expect-error -- no such column
    insertModel(users, { omit: ["nothing"] });
    // @ts-expect-error -- the database makes it
    insertModel(users, { pick: ["id"] });
    // @ts-expect-error -- no such column
    insertModel(users, { refine: { nothing: z.string() } });
    // @ts-expect-error -- no such column
    insertModel(users, { refine: { name: z.string(), nothing: z.string() } });
    // @ts-expect-error -- a private one
    selectModel(users, { refine: { passwordHash: z.string() } });
    expectTypeOf(columnNamesOf(User.pick({ id: true }), users)).toEqualTypeOf<{
      readonly id: true;
    }>();
  });

  test("know bytes from text in MySQL", () => {
    const files = mysqlTable("files", {
      name: mysqlVarchar({ length: 5 }).notNull(),
      data: mysqlBlob().notNull(),
      note: mysqlBlob({ mode: "string" }).notNull(),
      isOpen: boolean().notNull(),
    });
    const File = insertModel(files);
    expectTypeOf<z.output<typeof File>>().toEqualTypeOf<{
      name: string;
      data: Buffer;
      note: string;
      isOpen: boolean;
    }>();
    expect(Object.keys(File.shape)).toEqual(["name", "data", "note", "isOpen"]);
  });

  test("leave a custom type to its schema", () => {
    const bills = pgTable("bills", { total: money().notNull() });
    const Bill = insertModel(bills, { refine: { total: z.object({ cents: z.int() }) } });
    expectTypeOf<z.output<typeof Bill>>().toEqualTypeOf<{ total: { cents: number } }>();
    expectTypeOf<z.output<ReturnType<typeof billOf>>>().toEqualTypeOf<{
      total: { cents: number };
    }>();
    const billOf = () => selectModel(bills);
    expect(Bill.parse({ total: { cents: 1 } })).toEqual({ total: { cents: 1 } });
  });
});

/** Tables, three models of each, and three routes of those. */
function routes(models: (name: string) => string): string {
  const names = Array.from({ length: 8 }, (_, index) => String(index));
  const parts = names.map(
    (name) => `
      const t${name} = pgTable("t${name}", {
        id: integer().primaryKey().generatedAlwaysAsIdentity(), name${name}: varchar({ length: 80 }).notNull(),
        bio: text(), kind: kind().notNull().default("a"), active: boolean().notNull().default(true),
        createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(), day: date(), tags: text().array(),
      });
      ${models(name)}
      export const r${name} = get("/${name}", { returns: S${name} }, async () => (await db.select().from(t${name}))[0]!);
      export const c${name} = post("/${name}", { body: I${name}, returns: S${name} }, async ({ body }) => (await db.insert(t${name}).values(body).returning())[0]!);
      export const u${name} = patch("/${name}", { body: U${name}, returns: S${name} }, async ({ body }) => (await db.update(t${name}).set(body).returning())[0]!);`,
  );
  return `
    import { boolean, date, integer, pgEnum, pgTable, text, timestamp, varchar } from "drizzle-orm/pg-core";
    import type { NodePgDatabase } from "drizzle-orm/node-postgres";
    import { get, patch, post } from "martlet";
    import { insertModel, selectModel, updateModel } from "martlet/db/models";
    import { patchOf } from "martlet/models";
    import { z } from "zod";
    declare const db: NodePgDatabase;
    const kind = pgEnum("kind", ["a", "b"]);
    ${parts.join("\n")}`;
}

const byHand = (name: string): string => `
  const S${name} = z.object({
    id: z.int(), name${name}: z.string().max(80), bio: z.string().nullable(), kind: z.enum(["a", "b"]),
    active: z.boolean(), createdAt: z.date(), day: z.iso.date().nullable(), tags: z.array(z.string()).nullable(),
  });
  const I${name} = S${name}.omit({ id: true }).partial({
    bio: true, kind: true, active: true, createdAt: true, day: true, tags: true,
  });
  const U${name} = patchOf(I${name});`;
const ofTable = (name: string): string => `
  const S${name} = selectModel(t${name});
  const I${name} = insertModel(t${name});
  const U${name} = updateModel(t${name});`;

describe("the cost of the types", () => {
  mkdirSync(generated, { recursive: true });
  const folder = mkdtempSync(join(generated, "models-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cost = (name: string, models: (name: string) => string): number => {
    const options = { noEmit: true, customConditions: ["@martlet/source"] };
    const project = { folder: join(folder, name), options, roots: ["app.ts"] };
    write(project, { "app.ts": routes(models) });
    const { errors, instantiations } = compile(project.folder);
    expect(errors).toEqual([]);
    return instantiations;
  };

  test("is close to that of models by hand", () => {
    const [hand, table] = [cost("hand", byHand), cost("table", ofTable)];
    expect(table / hand).toBeLessThan(1.2);
  }, 120_000);
});
