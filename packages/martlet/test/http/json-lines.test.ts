import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import {
  background,
  dependency,
  get,
  jsonLines,
  martlet,
  NotFound,
  post,
  type Report,
  response,
  signal,
} from "martlet";
import { listen } from "martlet/server";
import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";
import { talk } from "../wire.ts";

const Item = z.object({ id: z.int(), note: z.string().default("none") });
const log: string[] = [];
const reports: Report[] = [];
let pulls = 0;

const outer = dependency({}, function* outer() {
  log.push("a+");
  try {
    yield "a";
  } catch (error) {
    log.push(`a! ${String(error)}`);
    throw error;
  } finally {
    log.push("a-");
  }
});

const returns = jsonLines(Item);
const app = martlet(
  {
    items: get("/items", { returns, use: { outer, background } }, async function* ({ background }) {
      for (const id of [0, 1]) {
        log.push(`chunk${id}`);
        background(() => log.push(`task${id}`));
        yield { id, secret: "left out" };
      }
    }),
    plain: get("/plain", { returns }, function* () {
      yield { id: 1 };
      yield { id: 2 };
    }),
    list: post("/list", { returns, status: 201 }, () => [{ id: 1 }, { id: 2 }]),
    none: get("/none", { returns }, () => []),
    text: get("/text", { returns: jsonLines(z.string()) }, () => ["a\nb", "c\u2028d"]),
    big: get("/big", { returns: jsonLines(z.object({ n: z.bigint(), s: z.set(z.int()) })) }, () => [
      { n: 2n ** 60n, s: new Set([1]) },
    ]),
    missing: get("/missing", { returns, use: { outer }, throws: [NotFound] }, async function* () {
      await wait(20);
      if (pulls >= 0) throw new NotFound();
      yield { id: 1 };
    }),
    returned: get("/returned", { returns, throws: [NotFound] }, async function* () {
      if (pulls < 0) yield { id: 1 };
      return new NotFound();
    }),
    wrong: get("/wrong", { returns, use: { outer } }, async function* () {
      try {
        yield { id: 1 };
        yield { id: "secret" as never };
      } finally {
        log.push("ended");
      }
    }),
    wrongFirst: get("/wrong-first", { returns }, function* () {
      try {
        yield { id: "secret" as never };
      } finally {
        log.push("ended");
      }
    }),
    fails: get("/fails", { returns, use: { outer } }, async function* () {
      yield { id: 1 };
      await wait(5);
      throw new Error("secret");
    }),
    nothing: get("/nothing", { returns }, () => 7 as never),
    set: get("/set", { returns, use: { response } }, async function* ({ response }) {
      await wait(1);
      response.status = 206;
      response.header("x-early", "yes");
      yield { id: 1 };
    }),
    endless: get("/endless", { returns, use: { outer } }, function* () {
      try {
        for (;;) yield { id: (pulls += 1), note: "x".repeat(1000) };
      } finally {
        log.push("ended");
      }
    }),
    quiet: get("/quiet", { returns, use: { signal, outer } }, async function* ({ signal }) {
      try {
        yield { id: 1 };
        await wait(60_000, undefined, { signal });
      } finally {
        await wait(20);
        log.push("ended");
      }
    }),
    first: get("/first", { returns, use: { signal } }, async function* ({ signal }) {
      try {
        await wait(60_000, undefined, { signal });
        yield { id: 1 };
      } finally {
        log.push("ended");
      }
    }),
  },
  { report: (each) => void reports.push(each) },
);

afterEach(() => {
  log.length = 0;
  reports.length = 0;
  pulls = 0;
});

const told = (): string[] => reports.map(({ kind, route }) => `${kind}: ${route}`);

describe.each(fronts)("JSON Lines through $name", ({ open }) => {
  test("are items that the model has filtered, one a line", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/items");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/jsonl");
    expect(await answer.text()).toBe('{"id":0,"note":"none"}\n{"id":1,"note":"none"}\n');
    // Dependencies are kept until the last item; what they asked to be done is done after that.
    const order = ["a+", "chunk0", "chunk1", "a-", "task0", "task1"];
    await vi.waitFor(() => expect(log).toEqual(order));
    expect(reports).toEqual([]);
  });

  test.for([
    ["/plain", '{"id":1,"note":"none"}\n{"id":2,"note":"none"}\n'],
    ["/none", ""],
    ["/text", '"a\\nb"\n"c\u2028d"\n'],
    ["/big", '{"n":1152921504606846976,"s":[1]}\n'],
  ] as const)("come from any iterable: %s", async ([path, expected]) => {
    await using entrance = await open(app);
    expect(await (await entrance.call(path)).text()).toBe(expected);
  });

  test("have the route's status, and any method", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/list", { method: "POST" });
    expect(answer.status).toBe(201);
    expect((await answer.text()).split("\n")).toHaveLength(3);
  });

  test.for(["/missing", "/returned"])(
    "are a problem when there is one before the first item: %s",
    async (path) => {
      await using entrance = await open(app);
      const answer = await entrance.call(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: "not-found" });
      expect(reports).toEqual([]);
    },
  );

  test("tell the dependencies of a problem before the first item", async () => {
    await using entrance = await open(app);
    await (await entrance.call("/missing")).text();
    expect(log).toEqual(["a+", expect.stringContaining("a! "), "a-"]);
  });

  test("are 500 when the first item does not fit, and their generator is ended", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/wrong-first");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("secret");
    expect(log).toEqual(["ended"]);
    expect(told()).toEqual(["error: GET /wrong-first"]);
  });

  test("are 500 when there is nothing to iterate over", async () => {
    await using entrance = await open(app);
    expect((await entrance.call("/nothing")).status).toBe(500);
    expect(told()).toEqual(["error: GET /nothing"]);
  });

  test("are cut at an item that does not fit, whose generator is ended", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/wrong");
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toBeInstanceOf(Error);
    await vi.waitFor(() => expect(log).toEqual(["a+", "ended", expect.anything(), "a-"]));
    expect(log[2]).toContain("a! ResponseMismatch: GET /wrong");
    expect(told()).toEqual(["error: GET /wrong"]);
    expect(String(reports[0]?.error)).not.toContain("secret");
  });

  test("tell the dependencies what they failed with, once", async () => {
    await using entrance = await open(app);
    await expect(entrance.call("/fails").then((answer) => answer.text())).rejects.toBeInstanceOf(
      Error,
    );
    await vi.waitFor(() => expect(log).toEqual(["a+", "a! Error: secret", "a-"]));
    expect(told()).toEqual(["error: GET /fails"]);
  });

  test("carry what their generator sets before the first item", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/set");
    expect(answer.status).toBe(206);
    expect(answer.headers.get("x-early")).toBe("yes");
    expect(await answer.text()).toContain('"id":1');
  });

  test("start no generator for HEAD", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/items", { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/jsonl");
    expect(await answer.text()).toBe("");
    await vi.waitFor(() => expect(log).toEqual(["a+", "a-"]));
  });

  test("end at once when the client goes, and dependencies are left after the generator", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/quiet");
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    await vi.waitFor(() => expect(log.at(-1)).toBe("a-"), 1000);
    expect(log.slice(0, 2)).toEqual(["a+", "ended"]);
    expect(reports).toEqual([]);
  });
});

describe("JSON Lines on the wire", () => {
  test("are made no faster than a client reads, and end when it goes", async () => {
    const server = await listen(app, { port: 0 });
    const { end } = await talk(server.port, "GET /endless HTTP/1.1\r\nhost: a\r\n\r\n", {
      patience: 50,
      quiet: 50,
    });
    expect(end).toBe("open");
    await vi.waitFor(() => expect(log).toEqual(["a+", "ended", "a-"]), 1000);
    await server.stop();
  });

  test("wait for a client that does not read", async () => {
    const server = await listen(app, { port: 0 });
    const answer = await fetch(`${server.url}/endless`);
    await wait(200);
    const before = pulls;
    await wait(200);
    expect(pulls).toBe(before);
    // About 1 kB each: what the sockets on the way hold, and no more.
    expect(pulls).toBeLessThan(20_000);
    await answer.body?.cancel();
    await vi.waitFor(() => expect(log).toContain("ended"), 1000);
    await server.stop();
  });

  test("that fail are cut without the end of their chunks", async () => {
    const server = await listen(app, { port: 0 });
    for (const path of ["/wrong", "/fails"]) {
      const { bytes, end } = await talk(server.port, `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
      expect(end).not.toBe("open");
      expect(String(bytes)).toContain('{"id":1,"note":"none"}\n');
      expect(String(bytes)).not.toContain("\r\n0\r\n\r\n");
      expect(String(bytes)).not.toContain("secret");
    }
    await server.stop();
  });

  test("that fail for a client of HTTP/1.0 reset its connection", async () => {
    const server = await listen(app, { port: 0 });
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET /fails HTTP/1.0\r\nhost: a\r\n\r\n");
    const [error] = (await once(socket.resume(), "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNRESET");
    await server.stop();
  });

  test("hear of a client that goes before the first item", async () => {
    const server = await listen(app, { port: 0 });
    const gone = new AbortController();
    const asked = fetch(`${server.url}/first`, { signal: gone.signal }).catch(() => "gone");
    await wait(100);
    gone.abort();
    expect(await asked).toBe("gone");
    await vi.waitFor(() => expect(log).toEqual(["ended"]), 1000);
    await server.stop();
  });

  test("are 503 when the first item takes longer than the deadline", async () => {
    const hasty = app.with({ deadline: 50 });
    const answer = await hasty.fetch(new Request("http://localhost/first"));
    expect(answer.status).toBe(503);
    await vi.waitFor(() => expect(log).toEqual(["ended"]), 1000);
  });
});

test("the types of JSON Lines are those of their items", () => {
  const read = get("/", { returns }, function* () {
    yield { id: 1 };
  });
  expectTypeOf(read["~o"]).toEqualTypeOf<{ 200: AsyncIterable<{ id: number; note: string }> }>();
  // @ts-expect-error -- an item of another type
  get("/", { returns }, async function* () {
    yield { id: "1" };
  });
});
