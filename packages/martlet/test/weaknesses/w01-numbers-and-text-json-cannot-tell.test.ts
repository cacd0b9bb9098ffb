import { get, martlet, post } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";

const number = z.number();
const Item = z.object({ price: number, name: z.string() });
const app = martlet({
  path: get("/path/{number}", { path: { number } }, (all) => all),
  query: get("/query", { query: { number, text: z.string().optional() } }, (all) => all),
  header: get("/header", { header: { number } }, (all) => all),
  cookie: get("/cookie", { cookie: { number } }, (all) => all),
  form: post("/form", { form: { number } }, (all) => all),
  json: post("/json", { body: Item, returns: Item }, ({ body }) => body),
  any: post("/any", { body: z.json() }, ({ body }) => body),
});

const notFinite = ["nan", "NaN", "inf", "-inf", "Infinity", "-Infinity", "1e400", "-1e400"];

const places: Readonly<
  Record<string, (text: string) => readonly [path: string, init?: RequestInit]>
> = {
  path: (text) => [`/path/${text}`],
  query: (text) => [`/query?number=${text}`],
  header: (text) => ["/header", { headers: { number: text } }],
  cookie: (text) => ["/cookie", { headers: { cookie: `number=${text}` } }],
  form: (text) => ["/form", { method: "POST", body: new URLSearchParams({ number: text }) }],
};

function json(body: string): RequestInit {
  return { method: "POST", body, headers: { "content-type": "application/json" } };
}

describe("FastAPI lets nan, inf, 1e400 and half a character in, and then fails with 500; Martlet refuses them", () => {
  test.for(Object.entries(places))("in the %s", ([place, send]) =>
    served(app, async (url) => {
      for (const text of notFinite) {
        const [path, init] = send(text);
        const response = await fetch(url + path, init);
        expect([text, response.status]).toEqual([text, 422]);
        const at = place === "form" ? "body" : place;
        expect(await response.json()).toMatchObject({
          errors: [{ loc: [at, "number"], code: "finite_number" }],
        });
      }
    }),
  );

  test("in JSON", () =>
    served(app, async (url) => {
      const refused: readonly (readonly [body: string, status: number])[] = [
        ['{"name":"a","price":NaN}', 400],
        ['{"name":"a","price":Infinity}', 400],
        ['{"name":"a","price":1e400}', 422],
        ['{"name":"a","price":"1e400"}', 422],
        ['{"name":"\\ud800","price":1}', 422],
        ['{"name":"a\\udc00b","price":1}', 422],
        ['{"name":"a","price":1,"\\ud800":1}', 422],
      ];
      for (const [body, status] of refused) {
        const response = await fetch(`${url}/json`, json(body));
        expect([body, response.status]).toEqual([body, status]);
      }
      expect((await fetch(`${url}/any`, json('["\\ud800"]'))).status).toBe(422);
      const whole = await fetch(`${url}/json`, json('{"name":"\\ud83d\\ude00","price":1}'));
      expect(await whole.json()).toEqual({ name: "😀", price: 1 });
    }));

  test("as percent-encoded bytes that are no character", () =>
    served(app, async (url) => {
      const response = await fetch(`${url}/query?number=1&text=%ED%A0%80`);
      expect(response.status).toBe(422);
    }));
});
