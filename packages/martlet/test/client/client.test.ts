import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, contractOf } from "martlet/client";
import { listen, type RunningServer } from "martlet/server";
import { app } from "./shop.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(async () => {
  await server.stop();
});

/** The same calls over the network and in one process. */
describe.each(["over HTTP", "in one process"])("a client %s", (place) => {
  const connect = (options: Parameters<typeof client>[1] = {}) =>
    place === "over HTTP"
      ? client<typeof app>(server.url, options)
      : client<typeof app>("http://localhost", { fetch: app.fetch, ...options });

  test("calls a route of the application itself", async () => {
    const answer = await connect().ping();
    expect(answer).toMatchObject({ ok: true, status: 200, data: "pong" });
  });

  test("puts each argument where the route reads it", async () => {
    const answer = await connect({ token: "good" }).items.update({
      id: 7,
      body: { price: 4 },
      ifMatch: "v1",
    });
    expect(answer).toMatchObject({
      ok: true,
      data: { id: 7, name: "Swift", price: 4, etag: "v1" },
    });
  });

  test("calls a router within a router", async () => {
    const answer = await connect().items.stock.read({ id: 3 });
    expect(answer).toMatchObject({ ok: true, data: { left: 3 } });
  });

  test("tells outcomes apart by status", async () => {
    const { items } = connect();
    const body = { id: 1, name: "a", price: 1 };
    const made = await items.create({ body });
    const queued = await items.create({ body: { ...body, price: 101 } });
    expect(made).toMatchObject({ ok: true, status: 201, data: body });
    expect(queued).toMatchObject({ ok: true, status: 202, data: { position: 1 } });
  });

  test("repeats lists in the query and leaves out what is undefined", async () => {
    const { items } = connect();
    const two = await items.list({ tag: ["a&b", "ü"], limit: undefined });
    expect(two).toMatchObject({ ok: true, data: [{ name: "a&b" }, { name: "ü" }] });
    expect(await items.list()).toMatchObject({ ok: true, data: [] });
    expect(await items.list({ tag: [] })).toMatchObject({ ok: true, data: [] });
  });

  test("writes numbers, booleans and dates as the server reads them", async () => {
    const answer = await connect().echo({
      word: "w",
      rest: "r",
      flag: false,
      count: 1.5e21,
      since: new Date(0),
      big: 12345678901234567890n,
    });
    expect(answer.ok && answer.data).toMatchObject({
      flag: false,
      count: 1.5e21,
      since: "1970-01-01T00:00:00.000Z",
      big: "12345678901234567890",
    });
  });

  test("encodes whatever stands in a path, and keeps the slashes of its rest", async () => {
    const word = "a/b c?d#e%2f+ü'(é)\\;=&@:";
    const answer = await connect().echo({ word, rest: "x/y z/..a/ü" });
    expect(answer.ok && answer.data).toMatchObject({ word, rest: "x/y z/..a/ü" });
    expect(answer.ok && answer.data).toHaveProperty(
      "target",
      expect.stringMatching(/\/x\/y%20z\/\.\.a\/%C3%BC$/),
    );
  });

  test("sends text that is no well-formed Unicode as its replacement", async () => {
    const answer = await connect().echo({ word: "\ud800", rest: "" });
    expect(answer.ok && answer.data).toMatchObject({ word: "\ufffd", rest: "" });
  });

  test.each([".", "..", ""])(
    "does not send %j in a path, where it would call another route",
    async (word) => {
      const answer = await connect().echo({ word, rest: "r" });
      expect(answer).toMatchObject({
        ok: false,
        status: 422,
        error: { code: "invalid-input", errors: [{ loc: ["path", "word"], code: "unsendable" }] },
      });
    },
  );

  test.each(["..", "a/../b", "./a"])("does not send %j as the rest of a path", async (rest) => {
    const answer = await connect().echo({ word: "w", rest });
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid-input" } });
  });

  test("does not send a header that none can be", async () => {
    const answer = await connect().items.list({ xTenant: "a\r\nx-other: b" });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: "invalid-input", errors: [{ loc: ["header", "x-tenant"] }] },
    });
  });

  test("sends form fields urlencoded", async () => {
    const answer = await connect({ headers: { "content-type": "text/plain" } }).login({
      user: "ann & bob",
      remember: true,
      role: ["a", "b"],
    });
    expect(answer.ok && answer.data).toEqual({
      user: "ann & bob",
      remember: true,
      role: ["a", "b"],
      type: "application/x-www-form-urlencoded;charset=UTF-8",
    });
  });

  test("sends files as a multipart form", async () => {
    const photo = new File(["pixels"], "swift.png", { type: "image/png" });
    const { upload } = connect();
    const answer = await upload({ title: "Süß", photo, more: [photo, new Blob(["x"])] });
    expect(answer.ok && answer.data).toEqual({
      title: "Süß",
      photo: { name: "swift.png", type: "image/png", text: "pixels" },
      more: 2,
    });
    const without = await upload({ title: "none", more: [] });
    expect(without.ok && without.data).toEqual({ title: "none", more: 0 });
  });

  test("gives a declared problem with its members", async () => {
    const answer = await connect({ token: "good" }).items.update({ id: 8, body: {} });
    expect(answer).toMatchObject({
      ok: false,
      status: 404,
      error: {
        type: "/problems/item-not-found",
        title: "Item not found",
        status: 404,
        code: "item-not-found",
        detail: "There is no item 8.",
        id: 8,
      },
    });
  });

  test("gives the problems of dependencies and routers", async () => {
    const { items } = connect();
    expect(await items.update({ id: 7, body: {} })).toMatchObject({
      ok: false,
      error: { code: "unauthorized" },
    });
    expect(await items.list({ xTenant: "none" })).toMatchObject({
      ok: false,
      error: { code: "tenant-unknown", tenant: "none" },
    });
  });

  test("gives every issue of bad input", async () => {
    const answer = await connect().items.list({ limit: 0 });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: "invalid-input", errors: [{ loc: ["query", "limit"] }] },
    });
  });

  test("gives the failure of the server without a word of its cause", async () => {
    const answer = await connect().answers.crash();
    expect(answer).toMatchObject({ ok: false, status: 500, error: { code: "internal" } });
  });

  test("reads answers by their media type", async () => {
    const { answers, items } = connect();
    expect((await answers.when()).ok).toBe(true);
    expect(await answers.page()).toMatchObject({ ok: true, data: "<p>Hello</p>" });
    expect(await answers.empty()).toMatchObject({ ok: true, data: "" });
    expect(await items.remove({ id: 7 })).toMatchObject({ ok: true, status: 204, data: undefined });
    const probe = await answers.probe();
    expect(probe).toMatchObject({ ok: true, data: undefined });
    expect(probe.headers.get("x-size")).toBe("7");
    const bytes = await answers.bytes();
    const blob = bytes.ok ? bytes.data : undefined;
    expect(blob).toBeInstanceOf(Blob);
    expect(await (blob as Blob).bytes()).toEqual(Uint8Array.of(1, 2));
  });

  test("gives an outcome that is neither new nor wrong", async () => {
    const { cached } = connect().answers;
    expect(await cached({ ifNoneMatch: "v1" })).toMatchObject({ ok: true, status: 304 });
    expect(await cached()).toMatchObject({ ok: true, status: 200, data: "fresh" });
  });

  test("gives what is no answer of an application as unexpected", async () => {
    const { answers } = connect();
    expect(await answers.gateway()).toMatchObject({
      ok: false,
      status: 502,
      error: { code: "unexpected-answer", status: 502, body: "<h1>Bad gateway</h1>" },
    });
    expect(await answers.broken()).toMatchObject({
      ok: false,
      status: 200,
      error: { code: "unexpected-answer", body: "{" },
    });
  });

  test("sends headers and a token, asked for anew with each request", async () => {
    let count = 0;
    const { answers } = connect({
      headers: async () => ({ "x-tenant": `t${(count += 1)}` }),
      token: () => `token-${count}`,
    });
    await answers.whoami();
    const answer = await answers.whoami();
    expect(answer.ok && answer.data).toEqual({ authorization: "Bearer token-2", tenant: "t2" });
    const own = await answers.whoami({}, { headers: { "x-tenant": "own" } });
    expect(own.ok && own.data).toEqual({ authorization: "Bearer token-3", tenant: "own" });
  });

  test("finds a route by its name, whatever its operationId", async () => {
    expect(await connect().answers.renamed()).toMatchObject({ ok: true, data: "renamed" });
  });

  test("gives up after its timeout, or the call's", async () => {
    const quick = await connect({ timeout: 100 }).answers.slow();
    expect(quick).toMatchObject({
      ok: false,
      status: 0,
      error: { code: "unreachable", reason: "timeout" },
    });
    const own = await connect().answers.slow({}, { timeout: 50 });
    expect(own).toMatchObject({ ok: false, error: { code: "unreachable", reason: "timeout" } });
  });

  test("gives up when the call, or the client, is aborted", async () => {
    const call = new AbortController();
    const pending = connect().answers.slow({}, { signal: call.signal });
    setTimeout(() => call.abort(), 50);
    expect(await pending).toMatchObject({
      ok: false,
      error: { code: "unreachable", reason: "aborted" },
    });
    const signal = AbortSignal.abort();
    expect(await connect({ signal }).ping()).toMatchObject({
      ok: false,
      error: { code: "unreachable", reason: "aborted" },
    });
  });

  test("needs no document with a contract", async () => {
    const targets: string[] = [];
    const contract = JSON.parse(JSON.stringify(contractOf(app.openapi())));
    const { fetch = globalThis.fetch } = place === "over HTTP" ? {} : app;
    const api = connect({
      contract,
      fetch: (request) => {
        targets.push(new URL(request.url).pathname);
        return fetch(request);
      },
    });
    expect(await api.items.read({ id: 7 })).toMatchObject({ ok: true, data: { name: "Swift" } });
    expect(targets).toEqual(["/items/7"]);
  });
});
