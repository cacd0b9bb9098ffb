import { martlet, post } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";

const secret = "hunter2-hunter2";
const Signup = z.object({
  name: z.string(),
  password: z.string().max(8),
  pin: z.int(),
  kind: z.enum(["person", "company"]),
  birthday: z.iso.date(),
});

const app = martlet({
  signup: post("/signup", { body: Signup }, () => "taken"),
  form: post("/form", { form: { password: z.string().max(8), pin: z.int() } }, () => "taken"),
  login: post(
    "/login",
    { query: { pin: z.int() }, header: { xToken: z.int() }, cookie: { session: z.int() } },
    () => "taken",
  ),
});

describe("FastAPI repeats in a 422 what was sent, passwords too; Martlet says what is wrong alone", () => {
  test.for([
    ["a text that is too long", { password: secret }],
    ["a value of another type", { pin: secret, password: { secret } }],
    ["none of a few values", { kind: secret }],
    ["a text that is no date", { birthday: secret }],
    ["a list where a model is", [secret]],
    ["a key that is not declared", { [secret]: secret }],
  ] as const)("%s", ([, body]) =>
    served(app, async (url) => {
      const headers = { "content-type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      const response = await fetch(`${url}/signup`, init);
      expect(response.status).toBe(422);
      expect(await response.text()).not.toContain("hunter2");
    }),
  );

  test("malformed JSON", () =>
    served(app, async (url) => {
      const headers = { "content-type": "application/json" };
      const init = { method: "POST", headers, body: `{"password": ${secret}` };
      const response = await fetch(`${url}/signup`, init);
      expect(response.status).toBe(400);
      expect(await response.text()).not.toContain("hunter2");
    }));

  test("a form, a query, a header and a cookie", () =>
    served(app, async (url) => {
      const form = new URLSearchParams({ password: secret, pin: secret });
      const answers = [
        await fetch(`${url}/form`, { method: "POST", body: form }),
        await fetch(`${url}/login?pin=${secret}`, {
          method: "POST",
          headers: { "x-token": secret, cookie: `session=${secret}` },
        }),
      ];
      for (const each of answers) {
        expect(each.status).toBe(422);
        expect(await each.text()).not.toContain("hunter2");
      }
    }));
});
