import { testDatabase, templateDatabase } from "martlet/db/testing";
import { describe, expect, test } from "vitest";
import { embedded, type Engine, postgres } from "../engines.ts";
import { authors, db, makeTables } from "./shop.ts";

const slow = { timeout: 60_000 };

describe.each<Engine>([postgres, embedded])(
  "a template database of $title",
  slow,
  ({ url, isSkipped }) => {
    test.skipIf(isSkipped)("is prepared once, and copied by many at one time", async () => {
      let prepared = 0;
      const { template, stop } = await templateDatabase(db, {
        url,
        prepare: async (db) => {
          prepared += 1;
          await makeTables(db);
          await db.insert(authors).values({ email: "a@a.example", name: "Ann" });
        },
      });
      try {
        // What a runner hands to its workers has been JSON.
        const given = JSON.parse(JSON.stringify(template)) as typeof template;
        const copies = [1, 2, 3].map(() => testDatabase(db, { template: given }));
        await Promise.all(copies.map((each) => each.start()));
        expect(new Set(copies.map((each) => each.url)).size).toBe(3);
        const [one, two] = copies;
        await one?.db.delete(authors);
        expect(await one?.db.select().from(authors)).toEqual([]);
        expect(await two?.db.select().from(authors)).toMatchObject([{ name: "Ann" }]);
        await Promise.all(copies.map((each) => each.stop()));
        expect(prepared).toBe(1);
      } finally {
        await stop();
      }
      await expect(testDatabase(db, { template }).start()).rejects.toThrow(
        /does not exist|cannot be reached/,
      );
    });
  },
);

describe("a template database", slow, () => {
  test("is not there for what cannot be copied", async () => {
    const made = templateDatabase(db, { url: "pglite:memory" });
    await expect(made).rejects.toThrow("Only a PostgreSQL server copies databases");
  });

  test.skipIf(postgres.isSkipped)("does not come to be when its tables do not", async () => {
    const prepare = (): never => {
      throw new Error("no tables");
    };
    const made = templateDatabase(db, { url: postgres.url, prepare });
    await expect(made).rejects.toThrow("no tables");
  });
});
