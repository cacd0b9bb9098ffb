/**
 * Answers that are wrong whatever was asked: no rule may excuse one.
 *
 * @module
 */
import type { Answered } from "../src/cases.ts";

const headers = { "content-type": "application/json" };
const issues = (type: string, ...loc: readonly (string | number)[]): unknown => ({
  detail: [{ type, loc, msg: "planted" }],
});

/** Wrong answers by what is wrong with them. */
export const planted: Readonly<Record<string, Answered>> = {
  "a failure": { status: 500, headers, json: { detail: "planted" } },
  "another success": { status: 200, headers, json: { planted: true } },
  "an empty list": { status: 200, headers, json: [] },
  nothing: { status: 200, headers: {}, text: "" },
  "another path": { status: 404, headers, json: { detail: "Not found" } },
  "a stranger": { status: 401, headers, json: { detail: "planted" } },
  "a bad request": { status: 400, headers, json: { detail: "planted" } },
  "another issue": { status: 422, headers, json: issues("planted", "query", "planted") },
  "an issue elsewhere": { status: 422, headers, json: issues("missing", "query", "planted") },
  "a place that is not told": { status: 422, headers, json: { detail: [] } },
};
