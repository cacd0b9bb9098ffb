import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as v from "valibot";
import {
  type App,
  dependency,
  faultCodes,
  Faults,
  file,
  get,
  martlet,
  post,
  router,
} from "martlet";
import { bearer } from "martlet/auth";
import { z } from "zod";

/** The faults of an application, each as `code message`. */
function faultsOf(app: App<unknown>): Faults["errors"] {
  try {
    app.ready();
  } catch (error) {
    if (error instanceof Faults) return error.errors;
    throw error;
  }
  return [];
}

/** The types refuse most of these mistakes: this is what is left at run time, and for JavaScript. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- the cast is the point
const untyped = <T>(value: unknown): T => value as T;
const noop = (): null => null;

describe("the start finds", () => {
  it.each([
    [
      "M001",
      () =>
        martlet({
          a: get("/x/{id}", { path: { id: z.int() } }, noop),
          b: get("/x/{name}", { path: { name: z.string() } }, noop),
        }),
      /GET \/x\/\{name\} is answered by "a" and by "b"/,
    ],
    [
      "M002",
      () => {
        const org = dependency({ path: { orgId: z.int() } }, noop);
        return martlet(untyped<object>({ a: get("/x", { use: { org } }, noop) }));
      },
      /GET \/x reads "\{orgId\}"/,
    ],
    [
      "M003",
      () => martlet({ a: router("/orgs/{orgId}", { list: get("/", {}, noop) }) }),
      /"\{orgId\}" in GET \/orgs\/\{orgId\} is declared nowhere/,
    ],
    [
      "M005",
      () =>
        martlet({
          a: post(
            "/x",
            untyped<{ query: { a: z.ZodInt } }>({ query: { a: z.int() }, header: { a: z.int() } }),
            noop,
          ),
        }),
      /"a" is declared twice/,
    ],
    [
      "M006",
      () => martlet({ a: post("/x", { body: z.string(), files: { f: file() } }, noop) }),
      /two bodies/,
    ],
    [
      "M007",
      () => {
        const short = dependency({ scope: "handler", name: "short" }, noop);
        const long = dependency({ use: { short }, name: "long" }, noop);
        return martlet({ a: get("/x", { use: { long } }, noop) });
      },
      /"long" lives as long as the request and uses "short"/,
    ],
    [
      "M007",
      () => {
        const user = dependency({ name: "user" }, noop);
        const db = dependency({ scope: "app", name: "db", use: { user } }, noop);
        return martlet({ a: get("/x", { use: { db } }, noop) });
      },
      /An app-scoped dependency uses "user"/,
    ],
    [
      "M008",
      () => martlet({ a: get(untyped<"/x">("x"), {}, noop) }),
      /The path of GET x is malformed/,
    ],
    [
      "M008",
      () => martlet({ a: get("/{file*}/x", { path: { file: z.string() } }, noop) }),
      /malformed/,
    ],
    [
      "M008",
      () => martlet({ a: router("/x/", { b: get("/", {}, noop) }) }),
      /prefix "\/x\/" is malformed/,
    ],
    [
      "M009",
      () => {
        const db = dependency({ scope: "app", name: "db", query: { q: z.int() } }, noop);
        return martlet({ a: get("/x", { use: { db } }, noop) });
      },
      /"db" lives as long as the application but reads query "q"/,
    ],
    [
      "M010",
      () => {
        const user = dependency(
          { name: "user", security: { t: bearer() }, body: z.string() },
          noop,
        );
        return martlet({ a: post("/x", { use: { user } }, noop) });
      },
      /"user" tells who calls, and reads the body/,
    ],
    [
      "M011",
      () =>
        martlet({
          a: get("/a", { operationId: "one" }, noop),
          b: get("/b", { operationId: "one" }, noop),
        }),
      /GET \/a and GET \/b have the operationId "one"/,
    ],
    [
      "M012",
      () => martlet({ a: get("/x", { query: { q: v.number() } }, noop) }),
      /query "q" does not tell its JSON Schema/,
    ],
    [
      "M013",
      () => martlet({ a: get("/x", { body: z.string() }, noop) }),
      /GET \/x declares a body/,
    ],
    [
      "M016",
      () => martlet({ items: router("/items", { list: undefined, read: get("/", {}, noop) }) }),
      /"items.list" is undefined/,
    ],
    [
      "M016",
      () => martlet({ items: { list: get("/", {}, noop) } }),
      /"items" is a record of routes/,
    ],
  ] as const)("%s, with the trail and a way to mend it", (code, make, message) => {
    const faults = faultsOf(make());
    expect(faults.map((each) => each.code)).toEqual([code]);
    expect(faults[0]?.message).toMatch(message);
    expect(faults[0]?.message).toMatch(/\n {2}fix: /);
  });

  it("M004: dependencies that depend on each other", () => {
    const use: Record<string, never> = {};
    const first = dependency({ name: "first", use }, noop);
    const second = dependency({ name: "second", use: { first } }, noop);
    // Two modules that import each other can do this.
    Object.assign((first as unknown as { params: object }).params, { second });
    const faults = faultsOf(martlet(untyped<object>({ a: get("/x", { use: { second } }, noop) })));
    expect(faults.map((each) => each.code)).toEqual(["M004"]);
    expect(faults[0]?.trail).toEqual(["GET /x", "second", "first"]);
  });

  it("calls what has no name of its own by the name under which it is asked for", () => {
    const session = dependency({ query: { q: v.string() } }, () => null);
    const user = dependency({ use: { session } }, () => null);
    const faults = faultsOf(martlet({ a: get("/x", { use: { user } }, noop) }));
    expect(faults[0]?.trail).toEqual(["GET /x", "user", "session"]);
  });

  it("everything at once", async () => {
    const app = martlet({
      a: get("/x", {}, noop),
      b: get("/x", {}, noop),
      c: get("/y", { body: z.string() }, noop),
    });
    expect(faultsOf(app)).toHaveLength(2);
    await expect(app.start()).rejects.toThrow("2 faults found at start");
  });

  it("nothing in a good application", () => {
    expect(faultsOf(martlet({ a: get("/x", {}, noop) }))).toEqual([]);
  });

  it("only what has a code in the table", () => {
    for (const code of Object.keys(faultCodes)) expect(code).toMatch(/^M\d{3}$/);
  });
});

describe("the page of faults", () => {
  it("lists every code with what it means", () => {
    const page = readFileSync(new URL("../../../docs/faults.md", import.meta.url), "utf8");
    const listed = [...page.matchAll(/^\| (M\d{3}) \| (.*) \|$/gm)].map((each) => [
      each[1],
      each[2],
    ]);
    expect(listed).toEqual(Object.entries(faultCodes));
  });
});
