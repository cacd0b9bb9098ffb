import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { getColumns, type Table } from "drizzle-orm";
import { integer, pgEnum, pgTable, text, timestamp, varchar } from "drizzle-orm/pg-core";
import { get, type Issue, jsonSchema, martlet, patch, post } from "martlet";
import { insertModel, selectModel, updateModel } from "martlet/db/models";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { objections } from "../../openapi/validity.ts";
import { awkward } from "./awkward.ts";
import { Chance } from "./random.ts";
import { mysqlTypes, pgTypes, sqliteTypes } from "./tables.ts";
import { mysqlWires, pgWires, sqliteWires, type Wires } from "./wires.ts";

interface Case {
  readonly table: Table;
  readonly wires: Wires;
  readonly New: z.ZodObject;
  readonly Whole: z.ZodObject;
  readonly Change: z.ZodObject;
}

const cases: Readonly<Record<string, Case>> = {
  PostgreSQL: {
    table: pgTypes,
    wires: pgWires,
    New: insertModel(pgTypes),
    Whole: selectModel(pgTypes),
    Change: updateModel(pgTypes),
  },
  MySQL: {
    table: mysqlTypes,
    wires: mysqlWires,
    New: insertModel(mysqlTypes),
    Whole: selectModel(mysqlTypes),
    Change: updateModel(mysqlTypes),
  },
  SQLite: {
    table: sqliteTypes,
    wires: sqliteWires,
    New: insertModel(sqliteTypes),
    Whole: selectModel(sqliteTypes),
    Change: updateModel(sqliteTypes),
  },
};

/** As strict a reader of JSON Schema as there is, which knows the words of OpenAPI's registry. */
function reader(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false });
  // The formats may be typed by another copy of Ajv, of the same interface.
  formats.default(ajv as unknown as Parameters<typeof formats.default>[0]);
  for (const name of ["decimal", "time-local", "uint64"]) ajv.addFormat(name, true);
  return ajv;
}

/** An application that answers what was sent. */
function echo({ New, Whole, Change }: Case) {
  const [NewRow, Row] = [New.meta({ id: "NewRow" }), Whole.partial().meta({ id: "Row" })];
  const create = post("/rows", { body: NewRow, returns: Row }, ({ body }) => body as never);
  const change = patch("/rows", { body: Change.meta({ id: "RowChange" }) }, () => null);
  return martlet(
    { create, change },
    {
      title: "Rows",
      version: "1.0.0",
      license: { name: "MIT", identifier: "MIT" },
      servers: [{ url: "https://rows.test" }],
    },
  );
}

function valuesOf(wires: Wires, chance: Chance): Readonly<Record<string, unknown>> {
  const entries = Object.entries(wires).map(([name, make]) => [name, make(chance)] as const);
  return { id: 1, ...Object.fromEntries(entries) };
}

const said = /"(?:type":(?!"null)|enum"|\$ref")/;

describe.each(Object.entries(cases))("the document of models of %s", (_title, each) => {
  const columns = Object.keys(getColumns(each.table));
  const app = echo(each);
  const client = testClient(app);
  const input = reader().compile(jsonSchema(each.New, "input") ?? {});
  const output = reader().compile(jsonSchema(each.Whole.partial(), "output") ?? {});

  test("is valid", async () => {
    expect(await objections(app.openapi())).toEqual([]);
  });

  test("describes every column on both sides", () => {
    for (const schema of [jsonSchema(each.New, "input"), jsonSchema(each.Whole, "output")]) {
      const { properties = {} } = schema as { properties?: Record<string, object> };
      expect(Object.keys(properties)).toEqual(columns);
      const empty = columns.filter((name) => !said.test(JSON.stringify(properties[name])));
      expect(empty).toEqual([]);
    }
  });

  test("agrees with what is taken and answered", async () => {
    const chance = new Chance(7);
    for (let row = 0; row < 30; row += 1) {
      const json = valuesOf(each.wires, chance);
      expect([input(json), input.errors]).toEqual([true, null]);
      const answer = (await (await client.post("/rows", { json })).json()) as object;
      expect(Object.keys(answer)).toHaveLength(columns.length);
      expect([output(answer), output.errors]).toEqual([true, null]);
    }
  });

  test("refuses nothing that the models take", async () => {
    const wrong: unknown[] = [];
    for (const value of awkward) {
      const all = Object.fromEntries(columns.slice(1).map((name) => [name, value]));
      const answer = await client.post("/rows", { json: { id: 1, ...all } });
      const { errors = [] } = (await answer.json()) as { errors?: Issue[] };
      const refused = new Set(errors.map(({ loc }) => loc[1]));
      for (const name of columns.slice(1).filter((name) => !refused.has(name))) {
        input({ id: 1, [name]: value });
        const [issue] = input.errors ?? [];
        // Dates and times are read in more spellings than those of RFC 3339.
        if (issue && issue.keyword !== "format") wrong.push([name, value, issue.message]);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("the document", () => {
  const role = pgEnum("user_role", ["admin", "reader"]);
  const users = pgTable("users", {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    name: varchar({ length: 80 }).notNull().default("nobody"),
    role: role().notNull().default("reader"),
    roles: role().array(),
    note: text(),
    seen: timestamp().notNull().defaultNow(),
  });
  const User = selectModel(users).meta({
    id: "User",
    title: "A user",
    examples: [
      {
        id: 1,
        name: "ann",
        role: "admin",
        roles: null,
        note: null,
        seen: "2026-02-28T10:00:00.000Z",
      },
    ],
  });
  const NewUser = insertModel(users, {
    refine: { name: (name) => name.meta({ description: "What it is called.", examples: ["ann"] }) },
  }).meta({ id: "NewUser" });
  const app = martlet({
    create: post("/users", { body: NewUser, returns: User }, () => null as never),
    change: patch(
      "/users",
      { body: updateModel(users), returns: User.extend({ likes: z.int() }) },
      () => null as never,
    ),
    read: get("/users", { returns: z.array(User.pick({ id: true })) }, () => []),
  });
  const { schemas = {} } = app.openapi().components ?? {};

  test("has models by the names that they were given, and enumerations by those of the database", () => {
    expect(Object.keys(schemas).filter((name) => !name.includes("Problem"))).toEqual(
      expect.arrayContaining(["NewUser", "User", "UserRole"]),
    );
    expect(Object.keys(schemas).filter((name) => name.startsWith("UserRole"))).toEqual([
      "UserRole",
    ]);
    expect(schemas["UserRole"]).toEqual({ type: "string", enum: ["admin", "reader"] });
  });

  test("tells limits, defaults, descriptions and examples", () => {
    expect(schemas["NewUser"]).toEqual({
      type: "object",
      properties: {
        name: {
          type: "string",
          maxLength: 80,
          default: "nobody",
          description: "What it is called.",
          examples: ["ann"],
        },
        role: { $ref: "#/components/schemas/UserRole", default: "reader" },
        roles: {
          anyOf: [
            { type: "array", items: { $ref: "#/components/schemas/UserRole" } },
            { type: "null" },
          ],
        },
        note: { type: ["string", "null"] },
        seen: { type: "string", format: "date-time" },
      },
    });
    expect(schemas["User"]).toMatchObject({
      title: "A user",
      required: ["id", "name", "role", "roles", "note", "seen"],
      examples: [{ id: 1, name: "ann", seen: "2026-02-28T10:00:00.000Z" }],
    });
    const [example] = (schemas["User"]?.["examples"] ?? []) as unknown[];
    expect(reader().compile(jsonSchema(User, "output") ?? {})(example)).toBe(true);
  });

  test("fills nothing in where a change leaves it out", () => {
    expect(JSON.stringify(jsonSchema(updateModel(users), "input"))).not.toContain("default");
  });
});
