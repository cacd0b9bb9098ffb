import { get, martlet, post } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";

const level = z.literal([1, 2]);
const names = z.string().min(1).optional();
const app = martlet({
  query: get("/query", { query: { level, names } }, (all) => all),
  header: get("/header", { header: { level } }, (all) => all),
  cookie: get("/cookie", { cookie: { level } }, (all) => all),
  form: post("/form", { form: { level, names } }, (all) => all),
});

/** The values of one name, as each place has them. */
const places: Readonly<
  Record<string, (texts: readonly string[]) => readonly [path: string, init?: RequestInit]>
> = {
  query: (texts) => [`/query?${texts.map((each) => `level=${each}`).join("&")}`],
  header: (texts) => [
    "/header",
    { headers: texts.map((each) => ["level", each] as [string, string]) },
  ],
  cookie: (texts) => [
    "/cookie",
    { headers: { cookie: texts.map((each) => `level=${each}`).join("; ") } },
  ],
  form: (texts) => [
    "/form",
    {
      method: "POST",
      body: new URLSearchParams(texts.map((each) => `level=${each}`).join("&")),
    },
  ],
};

describe("FastAPI reads text differently from place to place; Martlet has one table", () => {
  test.for(Object.entries(places))("of which a literal number matches in the %s", ([, send]) =>
    served(app, async (url) => {
      for (const [text, status] of [
        ["1", 200],
        ["2", 200],
        ["3", 422],
        ["one", 422],
      ] as const) {
        const [path, init] = send([text]);
        const response = await fetch(url + path, init);
        expect([text, response.status]).toEqual([text, status]);
      }
    }),
  );

  // A header given twice is one with a comma before any server sees it, if fetch sends it.
  test.for(Object.entries(places).filter(([place]) => place !== "header"))(
    "of which a scalar given twice is refused in the %s",
    ([, send]) =>
      served(app, async (url) => {
        const [path, init] = send(["1", "2"]);
        const response = await fetch(url + path, init);
        expect(await response.json()).toMatchObject({ errors: [{ code: "repeated" }] });
      }),
  );

  test("of which an empty field of a form is a missing one, whether urlencoded or multipart", () =>
    served(app, async (url) => {
      const fields = { level: "1", names: "" };
      const multipart = new FormData();
      for (const [name, value] of Object.entries(fields)) multipart.append(name, value);
      for (const body of [new URLSearchParams(fields), multipart]) {
        const response = await fetch(`${url}/form`, { method: "POST", body });
        expect(await response.json()).toEqual({ level: 1 });
      }
    }));
});
