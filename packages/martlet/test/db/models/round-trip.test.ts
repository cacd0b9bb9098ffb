import { getColumns } from "drizzle-orm";
import { get, type Issue, martlet, post } from "martlet";
import { insertModel, selectModel } from "martlet/db/models";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { awkward } from "./awkward.ts";
import { Chance } from "./random.ts";
import { type Row, type Store, type StoreKind, stores } from "./stores.ts";
import { mysqlTypes, pgTypes, sqliteTypes } from "./tables.ts";
import { mysqlWires, pgWires, sqliteWires, type Wires } from "./wires.ts";

/** Models of each table, all of whose values are optional. */
function modelsOf(table: StoreKind["table"]): { New: z.ZodObject; Whole: z.ZodObject } {
  if (table === pgTypes) return { New: insertModel(pgTypes), Whole: selectModel(pgTypes) };
  if (table === mysqlTypes) return { New: insertModel(mysqlTypes), Whole: selectModel(mysqlTypes) };
  return { New: insertModel(sqliteTypes), Whole: selectModel(sqliteTypes) };
}

const wires = new Map<StoreKind["table"], Wires>([
  [pgTypes, pgWires],
  [mysqlTypes, mysqlWires],
  [sqliteTypes, sqliteWires],
]);

/** Columns that the program reads as another value that stands for the same: filled up, or shortest. */
const alike = new Set([
  "char",
  "chars",
  "binary",
  "numeric",
  "real",
  "reals",
  "inet",
  "inets",
  "cidr",
]);

describe.each(stores)("models of $title", ({ isSkipped, table, open }) => {
  let store: Store;
  let [sent, found]: Row[] = [];
  const { New, Whole } = modelsOf(table);
  const names = Object.keys(getColumns(table)).filter((name) => name !== "id");
  const empty = Object.fromEntries(names.map((name) => [name, null]));

  const app = martlet({
    create: post("/rows", { body: New, returns: Whole }, async ({ body }) => {
      sent = { ...empty, ...body } as Row;
      await store.insert(sent);
      return sent;
    }),
    read: get("/rows/{id}", { path: { id: z.int() }, returns: Whole }, async ({ id }) => {
      found = await store.select(id);
      return found;
    }),
  });
  const client = testClient(app);
  let count = 0;

  beforeAll(async () => {
    if (!isSkipped) store = await open();
  }, 60_000);
  afterAll(async () => {
    await store?.close();
  });

  async function roundTrip(json: object): Promise<void> {
    count += 1;
    const created = await client.post("/rows", { json: { id: count, ...json } });
    const told = (await created.json()) as Row;
    expect(told["errors"]).toBeUndefined();
    expect(created.status).toBe(200);
    const read = await client.get(`/rows/${count}`);
    expect(await read.json()).toEqual(told);
    expect(without(found)).toEqual(without(sent));
  }

  function without(row: Row | undefined): Record<string, unknown> {
    // Zero has no sign that a database would keep, nor has JSON.
    const entries = Object.entries(row ?? {}).map(
      ([name, value]) => [name, value === 0 ? 0 : value] as const,
    );
    return Object.fromEntries(entries.filter(([name]) => !alike.has(name)));
  }

  test.skipIf(isSkipped)("have a value for every column", () => {
    expect(Object.keys(wires.get(table) ?? {}).toSorted()).toEqual(names.toSorted());
  });

  test.skipIf(isSkipped)(
    "read back what they took, whatever it was",
    async () => {
      const chance = new Chance(20_261_124);
      for (let row = 0; row < 60; row += 1) {
        const values = Object.entries(wires.get(table) ?? {}).map(
          ([name, make]) => [name, chance.int(0, 9) === 0 ? null : make(chance)] as const,
        );
        await roundTrip(Object.fromEntries(values));
      }
      expect(count).toBe(60);
    },
    60_000,
  );

  test.skipIf(isSkipped)(
    "take nothing that the database does not take",
    async () => {
      const everTaken = new Set<string>();
      for (const value of awkward) {
        const all = Object.fromEntries(names.map((name) => [name, value]));
        const answer = await client.post("/rows", { json: { id: -1 - count, ...all } });
        const { errors = [] } = (await answer.json()) as { errors?: Issue[] };
        const refused = new Set(errors.map(({ loc }) => loc[1]));
        const taken = names.filter((name) => !refused.has(name));
        await roundTrip(Object.fromEntries(taken.map((name) => [name, value])));
        if (value !== null) for (const name of taken) everTaken.add(name);
      }
      expect([...everTaken].toSorted()).toEqual(names.toSorted());
    },
    60_000,
  );
});
