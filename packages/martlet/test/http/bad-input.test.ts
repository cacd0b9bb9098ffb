import { type AnyRouter, file, get, martlet, post, type Report, router } from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { inParallel } from "../vectors.ts";
import { type Conversation, talk } from "../wire.ts";
import { formRows, multipartRows } from "./bad-form-table.ts";
import type { BadInput } from "./bad-input.ts";
import { headRows } from "./bad-input-table.ts";
import { jsonRows } from "./bad-json-table.ts";

const rows: readonly BadInput[] = [...headRows, ...formRows, ...multipartRows, ...jsonRows];

const types = {
  text: z.string().max(100),
  int: z.int(),
  number: z.number(),
  bigint: z.bigint().transform(String),
  flag: z.boolean(),
  date: z.date(),
  list: z.array(z.int()),
  any: z.any(),
} as const;

/** One route for each type, made by `declare`. */
function each(declare: (type: keyof typeof types) => unknown): AnyRouter {
  const names = Object.keys(types) as (keyof typeof types)[];
  return router("", Object.fromEntries(names.map((type) => [type, declare(type)])));
}

/** The code of a refusal, where the row says none. */
const codes: Readonly<Record<number, string>> = {
  400: "malformed-body",
  413: "content-too-large",
  415: "unsupported-media-type",
};

function firstOf(list: unknown): unknown[] {
  return Array.isArray(list) ? list.slice(0, 1) : [];
}

const reports: Report[] = [];
const app = martlet(
  {
    path: each((type) =>
      get(`/path/${type}/{value}`, { path: { value: types[type] } }, ({ value }) => ({ value })),
    ),
    query: each((type) =>
      get(`/query/${type}`, { query: { value: types[type] } }, ({ value }) => ({ value })),
    ),
    header: each((type) =>
      get(`/header/${type}`, { header: { xValue: types[type] } }, ({ xValue: value }) => ({
        value,
      })),
    ),
    cookie: each((type) =>
      get(`/cookie/${type}`, { cookie: { value: types[type] } }, ({ value }) => ({ value })),
    ),
    json: each((type) =>
      post(`/json/${type}`, { body: z.object({ value: types[type] }) }, ({ body }) => body),
    ),
    form: each((type) =>
      post(`/form/${type}`, { form: { value: types[type] } }, ({ value }) => ({ value })),
    ),
    file: post("/file", { files: { file: file({ maxSize: "1MB" }) } }, ({ file }) => ({
      value: file.filename,
    })),
  },
  { report: (each) => void reports.push(each) },
);

describe("bad input", () => {
  let server: RunningServer;
  let went: readonly Conversation[];
  let slowest = 0;

  beforeAll(async () => {
    server = await listen(app, { port: 0 });
    went = await inParallel(
      rows,
      async ({ raw }) => {
        const start = performance.now();
        const conversation = await talk(server.port, raw);
        slowest = Math.max(slowest, performance.now() - start);
        return conversation;
      },
      4,
    );
  }, 40_000);
  afterAll(() => server.stop());

  test.for(rows.map((row, index) => ({ ...row, index })))(
    "$place: $kind gives $status",
    ({ index, status, code, value }) => {
      const answer = went[index]?.answers[0];
      const body = JSON.parse(String(answer?.body ?? "{}")) as Record<string, unknown>;
      const legal = { status: 200, mediaType: "application/json", body: { value } };
      const told = code ?? codes[status] ?? "";
      const refused = {
        status,
        mediaType: "application/problem+json",
        body: {
          type: `/problems/${status === 422 ? "invalid-input" : told}`,
          status,
          ...(status === 422 ? { errors: [{ code: told }] } : { code: told }),
        },
      };
      expect({
        status: answer?.status,
        mediaType: answer?.headers["content-type"],
        body: { ...body, ...(status === 422 && { errors: firstOf(body["errors"]) }) },
      }).toMatchObject(status === 200 ? legal : refused);
    },
  );

  test("is all of the table", () => {
    const places = Object.groupBy(rows, (each) => each.place);
    const counts = Object.entries(places).map(([place, found]) => [place, found?.length]);
    expect(Object.fromEntries(counts)).toEqual({
      path: 37,
      query: 47,
      header: 28,
      cookie: 26,
      "file name": 17,
      form: 35,
      multipart: 50,
      JSON: 119,
    });
    expect(went.every((each) => each.answers.length > 0)).toBe(true);
  });

  test("is answered quickly, and never as a failure of the server", () => {
    expect(slowest).toBeLessThan(1500);
    expect(reports).toEqual([]);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("x");
  });

  test("leaves the server answering", async () => {
    const control = rows[0] as BadInput;
    expect((await talk(server.port, control.raw)).answers[0]?.status).toBe(200);
  });
});
