import { DrizzleQueryError } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { report } from "../src/report.ts";

test("of a failed statement the log is told neither parameters nor rows", () => {
  const written = vi.spyOn(console, "error").mockReturnValue();
  const cause = Object.assign(new Error("null value in column violates not-null constraint"), {
    code: "23502",
    detail: "Failing row contains (7, $argon2id$secret).",
  });
  const error = new DrizzleQueryError("insert into users", ["$argon2id$secret"], cause);
  report({ kind: "error", error, route: "POST /api/users", request: undefined });
  const [route, told] = written.mock.calls[0] ?? [];
  written.mockRestore();
  expect(route).toBe("POST /api/users failed:");
  expect(String((told as Error).stack)).toContain(
    "insert into users\n  23502 null value in column",
  );
  expect(JSON.stringify(Object.entries(told as Error)) + String(told)).not.toContain("argon2id");
});

test("other errors are told as they are", () => {
  const written = vi.spyOn(console, "error").mockReturnValue();
  const error = new Error("oops");
  report({ kind: "background", error, route: undefined, request: undefined });
  expect(written.mock.calls[0]?.[1]).toBe(error);
  written.mockRestore();
});
