import { DrizzleQueryError } from "drizzle-orm";
import { consoleReporter } from "martlet";
import { expect, test, vi } from "vitest";

test("of a failed statement the log is told neither parameters nor rows", () => {
  const written = vi.spyOn(console, "error").mockReturnValue();
  const cause = Object.assign(new Error("null value in column violates not-null constraint"), {
    code: "23502",
    detail: "Failing row contains (7, $argon2id$secret).",
  });
  const error = new DrizzleQueryError("insert into users", ["$argon2id$secret"], cause);
  consoleReporter({ kind: "error", error, route: "POST /api/users", request: undefined });
  const told = written.mock.calls.flat().map(String).join("\n");
  written.mockRestore();
  expect(told).toMatch(/^POST \/api\/users failed: DrizzleQueryError: .*insert into users\n/);
  expect(told).toContain("null value in column");
  expect(told).not.toContain("argon2id");
});
