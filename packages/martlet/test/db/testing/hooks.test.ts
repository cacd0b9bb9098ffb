import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { database } from "martlet/db";
import { useTestDatabase } from "martlet/db/testing";
import { describe, expect, test } from "vitest";

describe("the hooks of a test database", () => {
  test("are those of any runner, Node's own too", async () => {
    const file = join(import.meta.dirname, "node-runner.ts");
    const options = ["--conditions=@martlet/source", "--test-reporter=tap", file];
    // The runner in this process would take that one's report for its own.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, options, { env });
    expect(stdout).toMatch(/^# pass 2$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  }, 30_000);

  test("are called for each part of a test's life, in order", async () => {
    const runs: Record<string, () => Promise<void>> = {};
    const hook = (name: string) => (run: () => Promise<void>) => void (runs[name] = run);
    const hooks = {
      beforeAll: hook("beforeAll"),
      beforeEach: hook("beforeEach"),
      afterEach: hook("afterEach"),
      afterAll: hook("afterAll"),
    };
    const tested = useTestDatabase(hooks, database({ url: "sqlite:", dialect: "sqlite" }));
    expect(() => tested.engine).toThrow("has not started");
    await runs["beforeAll"]?.();
    await runs["beforeEach"]?.();
    await tested.engine.query("create table items (id integer)");
    await runs["afterEach"]?.();
    await expect(tested.engine.query("select * from items")).rejects.toThrow("no such table");
    await runs["afterAll"]?.();
    await runs["afterAll"]?.();
  });
});
