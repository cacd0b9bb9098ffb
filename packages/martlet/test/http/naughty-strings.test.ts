import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { get, martlet, post, type Report } from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { borrowed, inParallel } from "../vectors.ts";

const list = borrowed("naughty-strings");
const value = z.string();
const reports: Report[] = [];
const app = martlet(
  {
    path: get("/path/{value}", { path: { value } }, ({ value }) => ({ value })),
    query: get("/query", { query: { value } }, ({ value }) => ({ value })),
    header: get("/header", { header: { xValue: value } }, ({ xValue }) => ({ value: xValue })),
    cookie: get("/cookie", { cookie: { value } }, ({ value }) => ({ value })),
    json: post("/json", { body: z.object({ value }) }, ({ body }) => body),
    form: post("/form", { form: { value } }, ({ value }) => ({ value })),
  },
  { report: (each) => void reports.push(each) },
);

interface Sending {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const encode = encodeURIComponent;

/** How a text is put into each place. */
const places: Readonly<Record<string, (text: string) => Sending>> = {
  path: (text) => ({ path: `/path/${encode(text)}` }),
  query: (text) => ({ path: `/query?value=${encode(text)}` }),
  header: (text) => ({ path: "/header", headers: { "x-value": text } }),
  cookie: (text) => ({ path: "/cookie", headers: { cookie: `value=${encode(text)}` } }),
  JSON: (text) => ({
    method: "POST",
    path: "/json",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ value: text }),
  }),
  "urlencoded form": (text) => ({
    method: "POST",
    path: "/form",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `value=${encode(text)}`,
  }),
  "multipart form": (text) => ({
    method: "POST",
    path: "/form",
    headers: { "content-type": "multipart/form-data; boundary=B" },
    body: `--B\r\ncontent-disposition: form-data; name="value"\r\n\r\n${text}\r\n--B--\r\n`,
  }),
};

/** What a header can be: bytes that are no control characters, without blanks around. */
function fitsHeader(text: string): boolean {
  return /^[\u0020-\u007e\u0080-\u00ff]*$/.test(text) && text.trim() === text;
}

describe.skipIf(list.isMissing)(`naughty strings${list.reason}`, () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let server: RunningServer;
  let texts: readonly string[];

  beforeAll(async () => {
    texts = JSON.parse(readFileSync(join(list.dir, "blns.json"), "utf8")) as string[];
    server = await listen(app, { port: 0 });
  });
  afterAll(async () => {
    agent.destroy();
    await server.stop();
  });

  function send({ body, ...options }: Sending): Promise<{ status: number; body: unknown }> {
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, port: server.port, agent }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        answer.on("end", () => {
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as unknown });
        });
      });
      sent.on("error", reject).end(body);
    });
  }

  test.for([
    // An empty segment of a path is another path; an empty field of a form is a missing one.
    ["path", 514, { "404": 1 }],
    ["query", 515, {}],
    ["header", 414, {}],
    ["cookie", 515, {}],
    ["JSON", 515, {}],
    ["urlencoded form", 514, { "422": 1 }],
    ["multipart form", 514, { "422": 1 }],
  ] as const)(
    "come back from the %s as they were sent: %i of them",
    async ([place, count, others]) => {
      const fitting = place === "header" ? texts.filter(fitsHeader) : texts;
      const answers = await inParallel(
        fitting,
        (text) => send(places[place]?.(text) as Sending),
        8,
      );
      const equal = answers.filter((each, index) => {
        return JSON.stringify(each.body) === JSON.stringify({ value: fitting[index] });
      });
      const rest = Object.groupBy(
        answers.filter((each) => each.status !== 200),
        (each) => String(each.status),
      );
      const counts = Object.entries(rest).map(([status, each]) => [status, each?.length]);
      expect(equal).toHaveLength(count);
      expect(Object.fromEntries(counts)).toEqual(others);
      expect(reports).toEqual([]);
    },
  );
});
