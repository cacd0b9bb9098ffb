import { expect, test } from "vitest";
import { openDatabase } from "../opened.ts";

test("a statement succeeds though whoever watches it fails", async () => {
  const lines: string[] = [];
  const { db, close } = await openDatabase({
    dialect: "sqlite",
    url: "sqlite::memory:",
    slow: 1e-9,
    onSlow: () => {
      throw new Error("a mistake");
    },
    notice: (line) => lines.push(line),
  });
  const { errors } = db.$engine.metrics;
  expect((await db.$engine.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  expect(db.$engine.metrics.errors).toBe(errors);
  expect(lines).toContain("Who watches the statements failed: Error: a mistake");
  await close();
});
