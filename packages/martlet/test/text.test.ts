import { readFileSync } from "node:fs";
import { join } from "node:path";
import { get, martlet, post, router } from "martlet";
import { testClient } from "martlet/testing";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { talk } from "./wire.ts";

/** What the page declares, by the words it has for it. */
const declared: Readonly<Record<string, z.ZodType>> = {
  "z.int()": z.int(),
  "z.int().min(1)": z.int().min(1),
  "z.int().multipleOf(5)": z.int().multipleOf(5),
  "z.int().nullable()": z.int().nullable(),
  "z.int().optional()": z.int().optional(),
  "z.int().nullish()": z.int().nullish(),
  "z.int().default(5)": z.int().default(5),
  "z.int().transform(String)": z.int().transform(String),
  "z.number()": z.number(),
  "z.number().gt(1)": z.number().gt(1),
  "z.boolean()": z.boolean(),
  "z.bigint()": z.bigint(),
  "z.date()": z.date(),
  "z.date().nullable()": z.date().nullable(),
  "z.iso.date()": z.iso.date(),
  "z.iso.datetime()": z.iso.datetime(),
  "z.iso.time()": z.iso.time(),
  "z.iso.duration()": z.iso.duration(),
  "z.uuid()": z.uuid(),
  "z.url()": z.url(),
  "z.email()": z.email(),
  "z.string()": z.string(),
  "z.string().min(2)": z.string().min(2),
  "z.string().regex(/^[a-z]+$/)": z.string().regex(/^[a-z]+$/),
  "z.string().optional()": z.string().optional(),
  'z.enum(["red", "green"])': z.enum(["red", "green"]),
  "z.enum({ One: 1, Two: 2 })": z.enum({ One: 1, Two: 2 }),
  'z.literal("a")': z.literal("a"),
  "z.literal([1, 2])": z.literal([1, 2]),
  'z.literal([1, "a"])': z.literal([1, "a"]),
  "z.literal(true)": z.literal(true),
  "z.union([z.int(), z.string()])": z.union([z.int(), z.string()]),
  "z.union([z.int(), z.boolean()])": z.union([z.int(), z.boolean()]),
  'z.union([z.boolean(), z.literal("auto")])': z.union([z.boolean(), z.literal("auto")]),
  "z.union([z.date(), z.string()])": z.union([z.date(), z.string()]),
  "z.union([z.date(), z.int()])": z.union([z.date(), z.int()]),
  "z.stringbool()": z.stringbool(),
  "z.codec(z.string(), z.int(), { decode: (text) => text.length, encode: String })": z.codec(
    z.string(),
    z.int(),
    { decode: (text) => text.length, encode: String },
  ),
  "z.array(z.int())": z.array(z.int()),
  "z.array(z.int()).max(2)": z.array(z.int()).max(2),
  "z.array(z.int()).default([])": z.array(z.int()).default([]),
  "z.array(z.string())": z.array(z.string()),
  "z.array(z.union([z.int(), z.string()]))": z.array(z.union([z.int(), z.string()])),
  "z.set(z.int())": z.set(z.int()),
  "z.set(z.int()).max(1)": z.set(z.int()).max(1),
  "z.set(z.date())": z.set(z.date()),
  "z.tuple([z.int(), z.string()])": z.tuple([z.int(), z.string()]),
  "z.record(z.string(), z.date())": z.record(z.string(), z.date()),
  "z.any()": z.any(),
};

interface Row {
  readonly place: string;
  readonly declared: string;
  readonly sent: readonly string[];
  readonly received: string;
}

const page = readFileSync(join(import.meta.dirname, "../../../docs/coercion.md"), "utf8");

/** The rows of the table under a heading, each with its cells by the names of their columns. */
function table(heading: string): Record<string, string>[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  const cells = lines.map((line) => line.slice(2, -2).split(" | "));
  const [columns = [], , ...rows] = cells;
  return rows.map((row) =>
    Object.fromEntries(columns.map((name, index) => [name, row[index] ?? ""])),
  );
}

/** What is written between backticks, or `(empty)`. */
function texts(cell: string): string[] {
  return [...cell.matchAll(/`([^`]*)`|\(empty\)/g)].map((each) => each[1] ?? "");
}

function rows(heading: string, places: readonly string[]): Row[] {
  return table(heading).flatMap((row) =>
    (row["place"] === undefined ? places : [row["place"]]).map((place) => ({
      place,
      declared: texts(row["declared"] ?? "")[0] ?? "",
      sent: texts(row["sent"] ?? ""),
      received: row["received"] ?? "",
    })),
  );
}

const one = ["path", "query", "header", "cookie", "form", "multipart"];
const many = one.filter((each) => each !== "path");
const all: readonly Row[] = [
  ...rows("One text", one),
  ...rows("Several kinds", one),
  ...rows("None, one and many", many),
  ...rows("Where places differ", []),
  ...rows("JSON", ["JSON"]),
  ...rows("Differences from FastAPI", []),
];

/** A value as JSON can tell it. */
function told(value: unknown): { readonly value: unknown } {
  return { value: value instanceof Set ? [...(value as ReadonlySet<unknown>)] : value };
}

const names = Object.keys(declared);
const app = martlet(
  Object.fromEntries(
    Object.values(declared).map((value, index) => [
      `r${index}`,
      router(`/${index}`, {
        path: get("/path/{value}", { path: { value } }, (all) => told(all.value)),
        query: get("/query", { query: { value } }, (all) => told(all.value)),
        header: get("/header", { header: { value } }, (all) => told(all.value)),
        cookie: get("/cookie", { cookie: { value } }, (all) => told(all.value)),
        form: post("/form", { form: { value } }, (all) => told(all.value)),
        json: post("/json", { body: z.object({ value }) }, ({ body }) => told(body.value)),
      }),
    ]),
  ),
);

interface Wire {
  readonly path: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

const encode = encodeURIComponent;
const pairs = (sent: readonly string[]): string =>
  sent.map((each) => `value=${encode(each)}`).join("&");

/** How the texts of a row are put into each place. */
const sendings: Readonly<Record<string, (sent: readonly string[]) => Wire>> = {
  path: ([text = ""]) => ({ path: `/path/${encode(text)}` }),
  query: (sent) => ({ path: `/query?${pairs(sent)}` }),
  header: (sent) => ({ path: "/header", headers: sent.map((each) => `value: ${each}`) }),
  cookie: (sent) => ({
    path: "/cookie",
    headers: [`cookie: ${sent.map((each) => `value=${cookieText(each)}`).join("; ")}`],
  }),
  form: (sent) => ({
    path: "/form",
    headers: ["content-type: application/x-www-form-urlencoded"],
    body: pairs(sent),
  }),
  multipart: (sent) => ({
    path: "/form",
    headers: ["content-type: multipart/form-data; boundary=B"],
    body: `${sent.map((each) => `--B\r\ncontent-disposition: form-data; name="value"\r\n\r\n${each}\r\n`).join("")}--B--\r\n`,
  }),
  JSON: ([text = ""]) => ({
    path: "/json",
    headers: ["content-type: application/json"],
    body: `{"value":${text}}`,
  }),
};

/** A cookie is sent as it stands where it is legal so. */
function cookieText(text: string): string {
  return text.startsWith('"') ? text : encode(text);
}

/** The answer as the page tells it: the value as JSON, or the code, and where in a list. */
function summary(body: string): string {
  const { errors = [] } = JSON.parse(body) as { errors?: { code: string; loc: unknown[] }[] };
  const [first] = errors;
  if (first === undefined) {
    const value = body.slice('{"value":'.length, -1);
    return body === "{}" ? "–" : `\`${value}\``;
  }
  const place = first.loc.at(-1);
  // The name of a parameter or member is "value" or "int", that of a route's path.
  return place === "value" ? `*${first.code}*` : `*${first.code}* at ${String(place)}`;
}

describe("the coercion table", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(app, { port: 0 });
  });
  afterAll(() => server.stop());

  test("names every schema of the tests, and no other", () => {
    expect(new Set(all.map((each) => each.declared))).toEqual(new Set(names));
    expect(all.length).toBeGreaterThanOrEqual(743);
  });

  test.for(all)("$place: $declared of $sent is $received", async (row) => {
    const send = sendings[row.place] as (sent: readonly string[]) => Wire;
    const { path, headers = [], body } = send(row.sent);
    const lines = [
      `${body === undefined ? "GET" : "POST"} /${names.indexOf(row.declared)}${path} HTTP/1.1`,
      "host: localhost",
      ...headers,
      ...(body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    ];
    const raw = `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
    const [answer] = (await talk(server.port, raw)).answers;
    expect(summary(String(answer?.body))).toBe(row.received);
  });

  test("holds without a server, too", async () => {
    await using client = testClient(app);
    const row = names.indexOf("z.int()");
    expect(await (await client.get(`/${row}/query?value=7`)).json()).toEqual({ value: 7 });
    expect((await client.get(`/${row}/query?value=x`)).status).toBe(422);
  });
});
