import {
  Answer,
  dependency,
  get,
  html,
  martlet,
  media,
  post,
  put,
  reply,
  type Report,
  response,
} from "martlet";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";

const Item = z.object({ id: z.int(), price: z.number().default(1) });
const reports: Report[] = [];

const tracing = dependency({ use: { response } }, ({ response }) => {
  response.status = 202;
  response.header("x-trace", "7");
  response.header("x-both", "the dependency's");
  response.cookie("trace", "7");
});

const app = martlet(
  {
    none: post("/none", { status: 204 }, () => ({ id: 1 })),
    unchanged: get("/unchanged", { use: { response }, returns: Item }, ({ response }) => {
      response.status = 304;
      response.header("etag", '"1"');
      return { id: 1 };
    }),
    both: get("/both", { use: { tracing, response }, returns: Item }, ({ response }) => {
      response.header("x-both", "the handler's");
      response.cookie("seen", "yes");
      return { id: 1 };
    }),
    by: get("/by", { use: { tracing, response }, returns: Item }, ({ response }) => {
      response.status = 203;
      return { id: 1 };
    }),
    direct: get("/direct", {}, () => new Answer(201, { "x-own": "1" }, '{"as":"it is"}')),
    upsert: put("/items", { returns: { 200: Item, 201: Item, 204: null } }, () =>
      reply(201, { id: 1 }),
    ),
    page: get("/page", { returns: media("text/html") }, () => html("<p>")),
    pixel: get("/pixel", { returns: media("image/gif") }, () => Uint8Array.of(71)),
    nan: get("/nan", { returns: Item }, () => ({ id: 1, price: Number.NaN })),
    infinite: get("/infinite", { returns: Item }, () => ({
      id: 1,
      price: Number.POSITIVE_INFINITY,
    })),
    free: get("/free", {}, () => ({ price: Number.NaN })),
  },
  { report: (each) => void reports.push(each) },
);

afterEach(() => void (reports.length = 0));

describe.each(fronts)("an outcome through $name", ({ open }) => {
  test("without a body stays without one, whatever is returned", async () => {
    await using entrance = await open(app);
    for (const [path, init, status] of [
      ["/none", { method: "POST" }, 204],
      ["/unchanged", {}, 304],
    ] as const) {
      const answer = await entrance.call(path, init);
      expect([answer.status, await answer.text()]).toEqual([status, ""]);
      expect(answer.headers.get("content-type")).toBe(null);
    }
    expect((await entrance.call("/unchanged")).headers.get("etag")).toBe('"1"');
  });

  test("has what dependencies and the handler set, the handler's on top", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/both");
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ id: 1, price: 1 });
    expect(answer.headers.get("x-trace")).toBe("7");
    expect(answer.headers.get("x-both")).toBe("the handler's");
    const cookies = answer.headers.getSetCookie().map((each) => each.split(";")[0]);
    expect(cookies).toEqual(["trace=7", "seen=yes"]);
    expect((await entrance.call("/by")).status).toBe(203);
  });

  test("that is an answer is sent as it is, without a model", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/direct");
    expect([answer.status, await answer.text()]).toEqual([201, '{"as":"it is"}']);
    expect(answer.headers.get("x-own")).toBe("1");
  });

  test.for(["/nan", "/infinite"])(
    "is 500 when a number is none that JSON has: %s",
    async (path) => {
      await using entrance = await open(app);
      const answer = await entrance.call(path);
      expect(answer.status).toBe(500);
      expect(await answer.json()).toMatchObject({ code: "internal" });
      expect(reports).toMatchObject([{ kind: "error", route: `GET ${path}` }]);
      expect(String(reports[0]?.error)).toContain("response.price");
    },
  );

  test("without a model tells such a number as JSON does, as null", async () => {
    await using entrance = await open(app);
    expect(await (await entrance.call("/free")).json()).toEqual({ price: null });
  });
});

test("every outcome is in the document, with its media type", () => {
  const json = { content: { "application/json": { schema: { required: ["id", "price"] } } } };
  const none = { description: "No content" };
  const { paths } = app.openapi();
  expect(paths).toMatchObject({
    "/items": { put: { responses: { 200: json, 201: json, 204: none } } },
    "/none": { post: { responses: { 204: none } } },
    "/page": { get: { responses: { 200: { content: { "text/html": {} } } } } },
    "/pixel": { get: { responses: { 200: { content: { "image/gif": {} } } } } },
  });
  // 204 has no content to tell of.
  expect(JSON.stringify(paths["/none"])).not.toContain('"application/json"');
});
