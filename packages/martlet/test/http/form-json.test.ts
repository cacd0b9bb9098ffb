import { file, files, get, martlet, post } from "martlet";
import { client } from "martlet/client";
import { listen } from "martlet/server";
import { testClient } from "martlet/testing";
import { type } from "arktype";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";
import { objections } from "../openapi/validity.ts";

const Meta = z.object({ title: z.string().min(1), taken: z.date().optional() });
const Tag = z.object({ name: z.string(), weight: z.int().default(1) });

const upload = post(
  "/upload",
  {
    form: {
      meta: Meta,
      tags: z.array(Tag).default([]),
      labels: z.record(z.string(), z.int()).nullable().default(null),
      grid: z.array(z.array(z.int())).optional(),
      plain: z.array(z.string()).default([]),
    },
    files: { photo: file({ optional: true }) },
  },
  ({ meta, tags, labels, grid, plain, photo }) => ({
    meta: { ...meta, taken: meta.taken?.getTime() },
    tags,
    labels,
    grid,
    plain,
    photo: photo?.size,
  }),
);
const urlencoded = post("/urlencoded", { form: { meta: Meta } }, ({ meta }) => meta);
const either = post(
  "/either",
  { form: { value: z.union([z.string(), z.object({ a: z.int() })]) } },
  ({ value }) => ({ value }),
);
const shape = type({ a: "number" });
const arktype = post("/arktype", { form: { shape } }, ({ shape }) => shape);
const documents = post(
  "/documents",
  { files: { documents: files({ types: ["application/json"] }) } },
  ({ documents }) => documents.map((each) => each.size),
);
const ping = get("/ping", {}, () => "pong");

const app = martlet(
  { upload, urlencoded, either, arktype, documents, ping },
  {
    title: "Forms",
    version: "1.0.0",
    description: "Forms with JSON in them.",
    license: { name: "MIT", url: "https://opensource.org/license/mit" },
    servers: [{ url: "https://api.example.org" }],
  },
);

const taken = new Date("2026-01-02T03:04:05Z");
const meta = JSON.stringify({ title: "Swift", taken });

/** A multipart form: each part's name, what follows the name, and its content. */
function raw(
  ...parts: readonly (readonly [name: string, more: string, content: string])[]
): RequestInit {
  const text = parts.map(
    ([name, more, content]) =>
      `--B\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`,
  );
  return {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=B" },
    body: `${text.join("")}--B--\r\n`,
  };
}

interface Told {
  readonly status?: number;
  readonly errors?: readonly { readonly loc: readonly unknown[]; readonly code: string }[];
}

async function refusal(response: Response): Promise<unknown> {
  const { status, errors = [] } = (await response.json()) as Told;
  return [status, ...errors.map((each) => `${each.loc.join(".")} ${each.code}`)];
}

describe.each(fronts)("JSON in a form through $name", ({ open }) => {
  const post = async (path: string, init: RequestInit): Promise<Response> => {
    await using entrance = await open(app);
    const answer = await entrance.call(path, { method: "POST", ...init });
    return new Response(await answer.arrayBuffer(), answer);
  };

  test("is a part of its own, with or without a media type, or looking like a file", async () => {
    const json = "\r\ncontent-type: application/json";
    for (const more of [
      "",
      json,
      `; filename="blob"${json}`,
      `; filename=""${json}; charset=utf-8`,
    ]) {
      const answer = await post("/upload", raw(["meta", more, meta]));
      expect(await answer.json()).toEqual({
        meta: { title: "Swift", taken: taken.getTime() },
        tags: [],
        labels: null,
        plain: [],
      });
    }
  });

  test("stands beside files and texts, in a browser's way", async () => {
    const form = new FormData();
    form.append("meta", new Blob([meta], { type: "application/json" }));
    form.append("tags", '[{"name":"a","weight":2},{"name":"b"}]');
    form.append("labels", '{"x":1}');
    form.append("grid", "[[1,2],[3]]");
    form.append("plain", '["a"]');
    form.append("plain", "b");
    form.append("photo", new File(["pixels"], "a.png"));
    expect(await (await post("/upload", { body: form })).json()).toEqual({
      meta: { title: "Swift", taken: taken.getTime() },
      tags: [
        { name: "a", weight: 2 },
        { name: "b", weight: 1 },
      ],
      labels: { x: 1 },
      grid: [[1, 2], [3]],
      plain: ['["a"]', "b"],
      photo: 6,
    });
  });

  test("may be a list in as many parts as it has items", async () => {
    const answer = await post(
      "/upload",
      raw(["meta", "", meta], ["tags", "", '{"name":"a"}'], ["tags", "", '{"name":"b"}']),
    );
    expect(((await answer.json()) as { tags: unknown }).tags).toEqual([
      { name: "a", weight: 1 },
      { name: "b", weight: 1 },
    ]);
    const one = await post("/upload", raw(["meta", "", meta], ["tags", "", '{"name":"a"}']));
    expect(((await one.json()) as { tags: unknown }).tags).toEqual([{ name: "a", weight: 1 }]);
    const bad = raw(["meta", "", meta], ["tags", "", '{"name":"a"}'], ["tags", "", "{"]);
    expect(await refusal(await post("/upload", bad))).toEqual([422, "body.tags.1 json_invalid"]);
  });

  test("is urlencoded too, and known by any library that tells what it takes", async () => {
    const body = new URLSearchParams({ meta: '{"title":"é & ü"}' });
    expect(await (await post("/urlencoded", { body })).json()).toEqual({ title: "é & ü" });
    const shape = new URLSearchParams({ shape: '{"a":1.5}' });
    expect(await (await post("/arktype", { body: shape })).json()).toEqual({ a: 1.5 });
    const broken = {
      body: "meta=%ff",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
    expect(await refusal(await post("/urlencoded", broken))).toEqual([
      422,
      "body.meta malformed_encoding",
    ]);
  });

  test("that is none, or is not what is declared, is told at its place", async () => {
    const cases: readonly (readonly [content: string, issue: string])[] = [
      ["{", "body.meta json_invalid"],
      ["plain text", "body.meta json_invalid"],
      ["[".repeat(65) + "]".repeat(65), "body.meta json_invalid"],
      ["", "body.meta missing"],
      ["{}", "body.meta.title missing"],
      ['{"title":"\\u0000"}', "body.meta.title nul_character"],
      ['{"title":"a","__proto__":{}}', "body.meta reserved_key"],
    ];
    for (const [content, issue] of cases) {
      expect(await refusal(await post("/upload", raw(["meta", "", content])))).toEqual([
        422,
        issue,
      ]);
    }
    expect(
      await refusal(await post("/upload", raw(["meta", "", meta], ["meta", "", meta]))),
    ).toEqual([422, "body.meta repeated"]);
  });

  test("is not looked for where a text may stand for itself", async () => {
    const body = new URLSearchParams({ value: '{"a":1}' });
    expect(await (await post("/either", { body })).json()).toEqual({ value: '{"a":1}' });
  });
});

test("the document tells which fields are JSON, and stays valid", async () => {
  const document = app.openapi();
  const content = document.paths["/upload"]?.["post"]?.requestBody?.content;
  const json = { contentType: "application/json" };
  expect(content?.["multipart/form-data"]?.encoding).toEqual({
    meta: json,
    tags: json,
    labels: json,
    grid: json,
  });
  const plain = document.paths["/urlencoded"]?.["post"]?.requestBody?.content;
  expect(plain?.["application/x-www-form-urlencoded"]?.encoding).toEqual({ meta: json });
  expect(await objections(document)).toEqual([]);
});

test("the typed client sends such a value as JSON, and files as they are", async () => {
  await using tested = testClient(app);
  const server = await listen(app, { port: 0 });
  for (const api of [tested.api, client<typeof app>(server.url)]) {
    const sent = {
      meta: { title: "Swift", taken },
      tags: [{ name: "a" }],
      labels: { x: 1 },
      grid: [[1], [2]],
      plain: ["a", "b"],
      photo: new Blob(["pixels"]),
    };
    expect(await api.upload(sent)).toMatchObject({
      data: {
        ...sent,
        meta: { title: "Swift", taken: taken.getTime() },
        tags: [{ name: "a", weight: 1 }],
        photo: 6,
      },
    });
    expect(await api.upload({ meta: { title: "a" }, tags: [], labels: null })).toMatchObject({
      data: { tags: [], labels: null },
    });
    expect(await api.urlencoded({ meta: { title: "a" } })).toMatchObject({ data: { title: "a" } });
    const documents = [new Blob(["{}"], { type: "application/json" })];
    expect(await api.documents({ documents })).toMatchObject({ data: [2] });
  }
  await server.stop();
});
