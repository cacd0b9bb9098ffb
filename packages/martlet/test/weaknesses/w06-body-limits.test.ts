import { file, martlet, post } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";
import { talk } from "../wire.ts";

const app = martlet({
  any: post("/any", { body: z.unknown() }, () => "taken"),
  small: post("/small", { body: z.unknown(), limits: { body: "1KiB" } }, () => "taken"),
  form: post("/form", { form: { text: z.string() } }, () => "taken"),
  upload: post("/upload", { files: { photo: file({ maxSize: "10KiB" }) } }, () => "taken"),
});
const json = { "content-type": "application/json" };

/** The status of an answer to a body. */
async function status(url: string, init: RequestInit): Promise<number> {
  const response = await fetch(url, { method: "POST", ...init });
  await response.body?.cancel();
  return response.status;
}

// Each refusal waits for a client that goes on sending: together they wait once.
describe.concurrent("FastAPI reads a JSON body of 10 MB whole; Martlet", () => {
  test("answers 413 above 1 MiB by default, and above what a route says", () =>
    served(app, async (url) => {
      const body = (size: number): RequestInit => ({
        headers: json,
        body: JSON.stringify("x".repeat(size)),
      });
      expect(await status(`${url}/any`, body(10_000_000))).toBe(413);
      expect(await status(`${url}/any`, body(1_000_000))).toBe(200);
      expect(await status(`${url}/small`, body(1022))).toBe(200);
      expect(await status(`${url}/small`, body(1023))).toBe(413);
    }));

  test("answers a body that announces too much before any of it is sent", () =>
    served(app, async (_url, port) => {
      const head = [
        "POST /any HTTP/1.1",
        "host: a",
        "content-type: application/json",
        "content-length: 10000000",
      ];
      const { answers } = await talk(port, `${head.join("\r\n")}\r\n\r\n`);
      expect(answers.map((each) => each.status)).toEqual([413]);
    }));

  test("answers 413 as soon as a body without a length has grown too large", () =>
    served(app, async (_url, port) => {
      const head = [
        "POST /small HTTP/1.1",
        "host: a",
        "content-type: application/json",
        "transfer-encoding: chunked",
      ];
      const chunk = `400\r\n${" ".repeat(1024)}\r\n`;
      // The end of the body is never sent.
      const { answers } = await talk(port, `${head.join("\r\n")}\r\n\r\n${chunk}${chunk}`);
      expect(answers.map((each) => each.status)).toEqual([413]);
    }));

  test("limits forms and each file as well", () =>
    served(app, async (url) => {
      const text = new URLSearchParams({ text: "x".repeat(2_000_000) });
      expect(await status(`${url}/form`, { body: text })).toBe(413);
      const upload = new FormData();
      upload.set("photo", new Blob(["x".repeat(11 * 1024)]), "photo.txt");
      expect(await status(`${url}/upload`, { body: upload })).toBe(413);
    }));
});
