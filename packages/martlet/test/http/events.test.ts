import { once, EventEmitter } from "node:events";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import {
  dependency,
  events,
  get,
  martlet,
  NotFound,
  post,
  type Report,
  type SentEvent,
  signal,
} from "martlet";
import { listen } from "martlet/server";
import { EventSource, type MessageEvent } from "undici";
import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";
import { talk } from "../wire.ts";

const Price = z.object({ symbol: z.string(), price: z.number() });
const Halt = z.object({ symbol: z.string() });
const models = { price: Price, halt: Halt };
const log: string[] = [];
const reports: Report[] = [];
const bus = new EventEmitter();

const session = dependency({}, function* session() {
  yield "session";
  log.push("clean-up");
});

/** One event, whatever its types say. */
const wrong: Readonly<Record<string, unknown>> = {
  "two lines of id": { data: { symbol: "a" }, id: "1\n2" },
  "a carriage return in the name": { event: "a\rb", raw: "x" },
  "NUL in the id": { raw: "x", id: "\0" },
  "a negative retry": { raw: "x", retry: -1 },
  "half a millisecond": { raw: "x", retry: 0.5 },
  "no data": { event: "halt" },
  "nothing at all": {},
  "a bare value": 7,
  null: null,
  "data that does not fit": { data: { symbol: "secret".length } },
};

const app = martlet(
  {
    prices: get(
      "/prices",
      { returns: events(models), use: { session }, header: { lastEventId: z.int().default(0) } },
      async function* ({ lastEventId }) {
        try {
          for (let id = lastEventId + 1; id <= 3; id += 1) {
            const data = { symbol: "MRT", price: id, secret: "left out" };
            yield { event: "price", data, id: String(id) };
            await wait(1);
          }
          yield { event: "halt", data: { symbol: "MRT" } };
        } finally {
          log.push("ended");
        }
      },
    ),
    one: post("/one", { returns: events(Halt), body: Halt }, function* ({ body }) {
      yield { data: body };
      yield { event: "named", data: body, id: "7", retry: 3000, comment: "two\nlines" };
      yield { raw: "[DONE]" };
      yield { event: "text", raw: "a\r\nb\rc\n" };
      yield { comment: "nothing but this" };
      yield { retry: 0 };
      yield { id: "" };
    }),
    wrong: get(
      "/wrong",
      { returns: events(Halt), query: { which: z.string() } },
      function* (asked) {
        yield { data: { symbol: "fine" } };
        yield wrong[asked.which] as SentEvent<typeof Halt>;
      },
    ),
    unknown: get("/unknown", { returns: events(models) }, function* () {
      yield { event: "secret", data: {} } as never;
    }),
    missing: get("/missing", { returns: events(Halt), throws: [NotFound] }, async function* () {
      await wait(5);
      if (log.length >= 0) throw new NotFound();
      yield { data: { symbol: "a" } };
    }),
    bus: get(
      "/bus",
      { returns: events(Halt, { heartbeat: 40 }), use: { signal, session } },
      async function* ({ signal }) {
        try {
          for (;;) {
            const [symbol] = (await once(bus, "halt", { signal })) as [string];
            yield { data: { symbol } };
          }
        } finally {
          await wait(10);
          log.push("ended");
        }
      },
    ),
    deaf: get("/deaf", { returns: events(Halt), use: { session } }, async function* () {
      yield { data: { symbol: "a" } };
      await new Promise(() => undefined);
    }),
    flood: get("/flood", { returns: events(Halt) }, function* () {
      for (;;) {
        log.push("pulled");
        yield { data: { symbol: "x".repeat(10_000) } };
      }
    }),
  },
  { report: (each) => void reports.push(each) },
);

afterEach(() => {
  log.length = 0;
  reports.length = 0;
});

describe.each(fronts)("server-sent events through $name", ({ open }) => {
  test("are JSON that their models have filtered, in the order of fields that clients expect", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/prices", { headers: { "last-event-id": "1" } });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    });
    expect(await answer.text()).toBe(
      'event: price\nid: 2\ndata: {"symbol":"MRT","price":2}\n\n' +
        'event: price\nid: 3\ndata: {"symbol":"MRT","price":3}\n\n' +
        'event: halt\ndata: {"symbol":"MRT"}\n\n',
    );
    await vi.waitFor(() => expect(log).toEqual(["ended", "clean-up"]));
    expect(reports).toEqual([]);
  });

  test("have all that events can have, with any method", async () => {
    await using entrance = await open(app);
    const body = JSON.stringify({ symbol: "a\nb" });
    const headers = { "content-type": "application/json" };
    const answer = await entrance.call("/one", { method: "POST", body, headers });
    expect(await answer.text()).toBe(
      'data: {"symbol":"a\\nb"}\n\n' +
        ': two\n: lines\nevent: named\nid: 7\nretry: 3000\ndata: {"symbol":"a\\nb"}\n\n' +
        "data: [DONE]\n\n" +
        "event: text\ndata: a\ndata: b\ndata: c\ndata: \n\n" +
        ": nothing but this\n\n" +
        "retry: 0\n\n" +
        "id: \n\n",
    );
  });

  test.for(Object.keys(wrong))("are cut at an event that is none, with %s", async (which) => {
    await using entrance = await open(app);
    const answer = await entrance.call(`/wrong?which=${encodeURIComponent(which)}`);
    await expect(answer.text()).rejects.toBeInstanceOf(Error);
    expect(reports).toMatchObject([{ kind: "error", route: "GET /wrong" }]);
  });

  test("are 500 when the first has no model", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/unknown");
    expect(answer.status).toBe(500);
    expect(reports).toMatchObject([{ kind: "error", route: "GET /unknown" }]);
  });

  test("are a problem when there is one before the first", async () => {
    await using entrance = await open(app);
    expect((await entrance.call("/missing")).status).toBe(404);
    expect(reports).toEqual([]);
  });

  test("start no generator for HEAD", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/prices", { method: "HEAD" });
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    await vi.waitFor(() => expect(log).toEqual(["clean-up"]));
  });

  test("begin without an event, have heartbeats, and end when the client goes", async () => {
    await using entrance = await open(app);
    const begun = performance.now();
    const answer = await entrance.call("/bus");
    // Heartbeats count as the first of them.
    expect(performance.now() - begun).toBeLessThan(450);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const next = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
    expect(await next()).toBe(": ping\n\n");
    expect(await next()).toBe(": ping\n\n");
    bus.emit("halt", "MRT");
    expect(await next()).toBe('data: {"symbol":"MRT"}\n\n');
    expect(bus.listenerCount("halt")).toBe(1);
    await reader.cancel();
    await vi.waitFor(() => expect(log).toEqual(["ended", "clean-up"]), 1000);
    expect(bus.listenerCount("halt")).toBe(0);
    expect(reports).toEqual([]);
  });
});

describe("server-sent events on the wire", () => {
  test("send their head although no event is in sight", async () => {
    const calm = martlet({
      calm: get("/", { returns: events(Halt), use: { signal } }, async function* ({ signal }) {
        await wait(60_000, undefined, { signal });
        yield { data: { symbol: "a" } };
      }),
    });
    const server = await listen(calm, { port: 0 });
    const { bytes } = await talk(server.port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n", {
      patience: 900,
    });
    expect(String(bytes)).toContain("HTTP/1.1 200 OK\r\n");
    expect(String(bytes).split("\r\n\r\n")[1]).toBe("");
    await server.stop();
  });

  test("find a client whose connection was reset, by a heartbeat", async () => {
    const server = await listen(app, { port: 0 });
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET /bus HTTP/1.1\r\nhost: a\r\n\r\n");
    await once(socket, "data");
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(log).toEqual(["ended", "clean-up"]), 1000);
    await server.stop();
  });

  test("wait for a client that does not read, and cut it after the time that it has", async () => {
    const server = await listen(app, { port: 0, sendTimeout: 300 });
    const answer = await fetch(`${server.url}/flood`);
    await wait(150);
    const before = log.length;
    await wait(50);
    expect(log.length).toBe(before);
    expect(before).toBeLessThan(2000);
    await wait(600);
    await expect(answer.text()).rejects.toBeInstanceOf(Error);
    await server.stop();
  });

  test("are read by a client of the standard, which goes on where it was", async () => {
    const server = await listen(app, { port: 0 });
    const source = new EventSource(`${server.url}/prices`, { node: { reconnectionTime: 10 } });
    const got: string[] = [];
    const over = Promise.withResolvers<void>();
    for (const name of ["price", "halt"]) {
      source.addEventListener(name, (event) => {
        const { lastEventId, data } = event as unknown as MessageEvent<string>;
        got.push(`${name} ${lastEventId} ${data}`);
        if (got.length === 5) over.resolve();
      });
    }
    await over.promise;
    source.close();
    expect(got).toEqual([
      'price 1 {"symbol":"MRT","price":1}',
      'price 2 {"symbol":"MRT","price":2}',
      'price 3 {"symbol":"MRT","price":3}',
      'halt 3 {"symbol":"MRT"}',
      // The connection was over, and the next one began after the third.
      'halt 3 {"symbol":"MRT"}',
    ]);
    await server.stop();
  });
});

describe("server-sent events while the server stops", () => {
  test("end cleanly, and leave the rest of the time to others", async () => {
    const server = await listen(app, { port: 0 });
    const answers = await Promise.all(
      ["/bus", "/bus", "/flood"].map((path) => fetch(`${server.url}${path}`)),
    );
    const texts = answers.map((each) => each.text());
    await wait(50);
    const begun = performance.now();
    expect(await server.stop({ drain: 5000 })).toBe(0);
    expect(performance.now() - begun).toBeLessThan(1000);
    // The end of chunks was there: fetch would have failed.
    const [first] = await Promise.all(texts);
    expect(first).toContain(": ping");
    expect(log.filter((each) => each === "clean-up")).toHaveLength(2);
    expect(reports).toEqual([]);
  });

  test("end their connection, lest the client comes back on it", async () => {
    const server = await listen(app, { port: 0 });
    const talking = talk(server.port, "GET /bus HTTP/1.1\r\nhost: a\r\n\r\n", { answers: 2 });
    await wait(80);
    const stopped = server.stop({ lameDuck: 3000 });
    const { end, bytes } = await talking;
    expect(end).toBe("closed");
    expect(String(bytes)).toMatch(/0\r\n\r\n$/);
    expect(await stopped).toBe(0);
  });

  test("are over at once when asked for then", async () => {
    const server = await listen(app, { port: 0 });
    const slow = connect(server.port, "127.0.0.1");
    await once(slow, "connect");
    const stopped = server.stop({ lameDuck: 1000 });
    slow.write("GET /bus HTTP/1.1\r\nhost: a\r\n\r\n");
    const [bytes] = (await once(slow, "data")) as [Buffer];
    expect(String(bytes)).toContain("200 OK");
    expect(String(bytes)).toContain("0\r\n\r\n");
    slow.destroy();
    expect(await stopped).toBe(0);
  });
});

test("a generator that hears of nothing is given up after a while, which is reported", async () => {
  const { body } = await app.fetch(new Request("http://localhost/deaf"));
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await wait(5);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await reader.cancel();
    await vi.advanceTimersByTimeAsync(4900);
    expect(log).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(log).toEqual(["clean-up"]);
    expect(reports).toMatchObject([{ kind: "cleanup", route: "GET /deaf" }]);
    expect(String(reports[0]?.error)).toContain("`signal`");
  } finally {
    vi.useRealTimers();
  }
});

test("the types of events tell them apart by name", () => {
  const watch = get("/", { returns: events(models) }, async function* () {
    yield { event: "halt", data: { symbol: "a" } };
  });
  expectTypeOf(watch["~o"]).toEqualTypeOf<{
    200: AsyncIterable<
      | {
          readonly event: "price";
          readonly data: { symbol: string; price: number };
          readonly id: string;
        }
      | { readonly event: "halt"; readonly data: { symbol: string }; readonly id: string }
    >;
  }>();
  // @ts-expect-error -- a price is more than a symbol
  get("/", { returns: events(models) }, async function* () {
    yield { event: "price", data: { symbol: "a" } };
  });
  // @ts-expect-error -- no such event
  get("/", { returns: events(models) }, async function* () {
    yield { event: "prices", data: { symbol: "a", price: 1 } };
  });
});
