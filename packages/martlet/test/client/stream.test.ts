import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { events, get, jsonLines, martlet, NotFound, post, router, signal } from "martlet";
import { client, type DataOf } from "martlet/client";
import { listen } from "martlet/server";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";

const Item = z.object({ id: z.int(), at: z.date() });
const Price = z.object({ price: z.number() });
const Halt = z.object({ reason: z.string() });
let ended = 0;

const feeds = {
  items: get(
    "/items",
    { query: { count: z.int() }, returns: jsonLines(Item), throws: [NotFound] },
    function* ({ count }) {
      if (count === 0) throw new NotFound();
      for (let id = 1; id <= count; id += 1) yield { id, at: new Date(0) };
    },
  ),
  prices: post(
    "/prices",
    { body: z.object({ from: z.int() }), returns: events({ price: Price, halt: Halt }) },
    function* ({ body }) {
      yield { event: "price", data: { price: body.from }, id: "7" };
      yield { comment: "not for clients" };
      yield { event: "halt", data: { reason: "é\n🪶" } };
    },
  ),
  plain: get("/plain", { returns: events(Price) }, function* () {
    yield { data: { price: 1 } };
    yield { raw: "[DONE]" };
  }),
  endless: get(
    "/endless",
    { returns: jsonLines(z.int()), use: { signal } },
    async function* (used) {
      try {
        for (let count = 0; ; count += 1) {
          yield count;
          await wait(5, undefined, { signal: used.signal });
        }
      } finally {
        ended += 1;
      }
    },
  ),
  breaks: get("/breaks", { returns: jsonLines(z.int()) }, async function* () {
    yield 1;
    await wait(5);
    throw new Error("broken");
  }),
};
const app = martlet({ feeds: router("/feeds", feeds) }, { report: () => undefined });
const inProcess = client<typeof app>("http://localhost", { fetch: app.fetch });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const each of items) list.push(each);
  return list;
}

/** An answer cut into pieces of so many bytes, each read on its own. */
function inPieces(bytes: Uint8Array, size: number, mediaType: string): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
  return new Response(body, { headers: { "content-type": mediaType } });
}

function answering(text: string, size: number, mediaType: string): typeof inProcess {
  const bytes = new TextEncoder().encode(text);
  const contract = {
    "feeds.plain": { method: "GET", path: "/" },
    "feeds.endless": { method: "GET", path: "/" },
  };
  return client<typeof app>("http://localhost", {
    contract,
    fetch: async () => inPieces(bytes, size, mediaType),
  });
}

describe("a stream that a client reads", () => {
  test("gives the items of JSON Lines with their types", async () => {
    const answer = await inProcess.feeds.items({ count: 2 });
    if (!answer.ok) throw new Error(answer.error.title);
    expectTypeOf(answer.data).toEqualTypeOf<AsyncIterable<{ id: number; at: string }>>();
    const at = "1970-01-01T00:00:00.000Z";
    expect(await all(answer.data)).toEqual([
      { id: 1, at },
      { id: 2, at },
    ]);
  });

  test("is a failure when there is a problem instead", async () => {
    expect(await inProcess.feeds.items({ count: 0 })).toMatchObject({
      ok: false,
      error: { code: "not-found" },
    });
    expect(await inProcess.feeds.items({ count: "x" as never })).toMatchObject({
      ok: false,
      error: { code: "invalid-input" },
    });
  });

  test("gives events by name, and the last id with each", async () => {
    const answer = await inProcess.feeds.prices({ body: { from: 3 } });
    if (!answer.ok) throw new Error(answer.error.title);
    const got: string[] = [];
    for await (const each of answer.data) {
      if (each.event === "price") got.push(`${each.data.price.toFixed(1)} ${each.id}`);
      else got.push(`${each.data.reason} ${each.id}`);
    }
    expect(got).toEqual(["3.0 7", "é\n🪶 7"]);
  });

  test("gives events of one kind, and text that is no JSON as it is", async () => {
    const answer = await inProcess.feeds.plain();
    if (!answer.ok) throw new Error(answer.error.title);
    expectTypeOf<DataOf<typeof inProcess.feeds.plain>>().toEqualTypeOf<
      AsyncIterable<{
        readonly event: string;
        readonly data: { price: number };
        readonly id: string;
      }>
    >();
    expect(await all(answer.data)).toEqual([
      { event: "message", data: { price: 1 }, id: "" },
      { event: "message", data: "[DONE]", id: "" },
    ]);
  });

  test("comes through the test client, which throws what the generator threw", async () => {
    await using tested = testClient(app);
    const answer = await tested.api.feeds.items({ count: 1 });
    if (!answer.ok) throw new Error(answer.error.title);
    expect(await all(answer.data)).toHaveLength(1);
    const broken = await tested.api.feeds.breaks();
    if (!broken.ok) throw new Error(broken.error.title);
    await expect(all(broken.data)).rejects.toThrow("broken");
  });

  test("lets go of the server when it is left, or aborted", async () => {
    const server = await listen(app, { port: 0 });
    const api = client<typeof app>(server.url, { timeout: 200 });
    ended = 0;
    const left = await api.feeds.endless();
    if (!left.ok) throw new Error(left.error.title);
    for await (const each of left.data) if (each === 3) break;
    await vi.waitFor(() => expect(ended).toBe(1), 1000);

    const stop = new AbortController();
    const aborted = await api.feeds.endless({}, { signal: stop.signal });
    if (!aborted.ok) throw new Error(aborted.error.title);
    const reading = (async () => {
      for await (const each of aborted.data) if (each === 60) stop.abort(new Error("enough"));
    })();
    // It takes longer than the time for an answer, which has begun.
    await expect(reading).rejects.toThrow("enough");
    await vi.waitFor(() => expect(ended).toBe(2), 1000);
    await server.stop();
  });

  test("fails when its connection is cut", async () => {
    const server = await listen(app, { port: 0 });
    const answer = await client<typeof app>(server.url).feeds.breaks();
    if (!answer.ok) throw new Error(answer.error.title);
    await expect(all(answer.data)).rejects.toBeInstanceOf(Error);
    await server.stop();
  });

  test("fails when it ends in the middle of a line, without a word from the network", async () => {
    const old = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/jsonl", connection: "close" });
      response.end('1\n12"');
    }).listen(0);
    const { port } = old.address() as AddressInfo;
    const contract = { "feeds.endless": { method: "GET", path: "/" } };
    const api = client<typeof app>(`http://localhost:${port}`, { contract });
    const answer = await api.feeds.endless();
    if (!answer.ok) throw new Error(answer.error.title);
    await expect(all(answer.data)).rejects.toThrow("in the middle of an item");
    old.close();
  });
});

const stream =
  '\uFEFF: welcome\r\n\r\nid: 1\nevent: a\ndata: {"é":\ndata: "🪶"}\n\n' +
  "data\r\rdata:\u00a0x\n\nid\ndata:  two\n\nid: 5\0\nretry: 9\nother: x\ndata: 7\n\nid: 9\n\n";
const expected = [
  { event: "a", data: { é: "🪶" }, id: "1" },
  { event: "message", data: "", id: "1" },
  { event: "message", data: "\u00a0x", id: "1" },
  { event: "message", data: " two", id: "" },
  { event: "message", data: 7, id: "" },
];

test.each([1, 2, 3, 5, 7, 11, 1000])(
  "events are read as the standard says, in pieces of %i bytes",
  async (size) => {
    const answer = await answering(stream, size, "text/event-stream").feeds.plain();
    if (!answer.ok) throw new Error(answer.error.title);
    expect(await all<unknown>(answer.data)).toEqual(expected);
  },
);

test.each([1, 2, 3, 1000])("JSON Lines are read in pieces of %i bytes", async (size) => {
  const text = '1\r\n"é🪶\u2028"\n\n{"a":[1]}\n';
  const answer = await answering(text, size, "application/jsonl; charset=utf-8").feeds.endless();
  if (!answer.ok) throw new Error(answer.error.title);
  expect(await all<unknown>(answer.data)).toEqual([1, "é🪶\u2028", { a: [1] }]);
});

test.each(["data: 1\n\ndata: 2\n", "data: 1", "id: 7\n"])(
  "events that end too early are a failure: %j",
  async (text) => {
    const answer = await answering(text, 4, "text/event-stream").feeds.plain();
    if (!answer.ok) throw new Error(answer.error.title);
    await expect(all(answer.data)).rejects.toThrow("in the middle of an item");
  },
);
