import { migrations } from "martlet/db";
import { describe, expect, test } from "vitest";
import { embedded } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import { Folder, two } from "./folders.ts";

const engines = [
  { title: "PGlite", url: "pglite:", isSkipped: false },
  { title: embedded.title, url: embedded.url, isSkipped: embedded.isSkipped },
];

describe.each(engines.filter((each) => !each.isSkipped))("on $title", ({ url }) => {
  test("an engine is migrated up, down and up again", { timeout: 60_000 }, async () => {
    const { db, close } = await openDatabase({ url, statementTimeout: 100 });
    try {
      using folder = new Folder().write({
        ...two,
        "20260103000000_slow": {
          // Longer than a statement of the application may take.
          up: "-- martlet:no-transaction\nselect pg_sleep(0.2)\n--> next\ncreate index concurrently by_id on birds (id)\n",
          down: "drop index by_id",
        },
      });
      const timeout = async () => (await db.$engine.query("show statement_timeout")).rows;
      const before = await timeout();
      const ours = migrations({ directory: folder.directory });
      const counts = (steps: readonly unknown[]): number => steps.length;
      expect(counts(await ours.upgrade(db.$engine))).toBe(3);
      expect(counts(await ours.downgrade(db.$engine, { steps: 2 }))).toBe(2);
      expect(counts(await ours.upgrade(db.$engine))).toBe(2);
      expect(counts(await ours.upgrade(db.$engine))).toBe(0);
      expect(await ours.check(db.$engine)).toEqual([]);
      expect((await db.$engine.query("select id from birds")).rows).toEqual([{ id: 1 }]);
      // What migrations may, statements of the application still may not.
      expect(await timeout()).toEqual(before);
    } finally {
      await close();
    }
  });
});
