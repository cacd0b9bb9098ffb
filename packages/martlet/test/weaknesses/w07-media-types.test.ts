import { martlet, post } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { talk } from "../wire.ts";
import { served } from "./served.ts";

const app = martlet({
  item: post("/item", { body: z.object({ password: z.string() }) }, ({ body }) => body),
  login: post("/login", { form: { password: z.string() } }, ({ password }) => ({ password })),
});

/** The answer to a body of a media type, or of none. */
async function answer(
  port: number,
  path: string,
  type: string | undefined,
  body: string,
): Promise<{ status: number | undefined; text: string }> {
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: a",
    ...(type === undefined ? [] : [`content-type: ${type}`]),
    `content-length: ${body.length}`,
  ];
  const { answers } = await talk(port, `${head.join("\r\n")}\r\n\r\n${body}`);
  return { status: answers[0]?.status, text: answers[0]?.body.toString() ?? "" };
}

const body = '{"password":"hunter2"}';

describe("FastAPI answers another media type with 422 and the whole body; Martlet", () => {
  test.for([
    "text/plain",
    "text/json",
    "application/jsonl",
    "application/x-www-form-urlencoded",
    "json",
    "",
    undefined,
  ])("answers 415 for %j, and says nothing of the body", (type) =>
    served(app, async (_url, port) => {
      const { status, text } = await answer(port, "/item", type, body);
      expect(status).toBe(415);
      expect(text).not.toContain("hunter2");
      expect(JSON.parse(text)).toMatchObject({ code: "unsupported-media-type" });
    }),
  );

  test.for([
    "application/json",
    "APPLICATION/JSON",
    "application/json; charset=utf-8",
    "application/geo+json",
  ])("takes %j", (type) =>
    served(app, async (_url, port) => {
      expect((await answer(port, "/item", type, body)).status).toBe(200);
    }),
  );

  test("answers 415 for JSON where a form is declared, which FastAPI finds empty", () =>
    served(app, async (_url, port) => {
      const { status, text } = await answer(port, "/login", "application/json", body);
      expect(status).toBe(415);
      expect(text).not.toContain("hunter2");
    }));
});
