import { createReadStream, type ReadStream } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { Answer, dependency, get, martlet, media, NotFound, type Report, signal } from "martlet";
import { listen } from "martlet/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fronts } from "../fronts.ts";
import { talk } from "../wire.ts";

const chunk = new Uint8Array(65_536);
const reports: Report[] = [];
const log: string[] = [];
let produced = 0;

/** So many chunks, counted as they are made. */
async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  try {
    for (let index = 0; index < count; index += 1) {
      produced += 1;
      yield chunk;
    }
  } finally {
    log.push("ended");
  }
}

async function* ticks(aborted: AbortSignal): AsyncGenerator<string> {
  aborted.addEventListener("abort", () => log.push("aborted"));
  try {
    for (;;) {
      yield "tick\n";
      await wait(20);
    }
  } finally {
    log.push("ended");
  }
}

/** Waits for an event that comes only when somebody aborts. */
async function* silence(aborted: AbortSignal): AsyncGenerator<string> {
  yield "first\n";
  if (!aborted.aborted) await new Promise((resolve) => aborted.addEventListener("abort", resolve));
  log.push("told");
}

const session = dependency({}, function* session() {
  yield "session";
  log.push("clean-up");
});

const app = martlet(
  {
    large: get("/large", {}, () => new Answer(200, {}, chunks(4800))),
    small: get("/small", { use: { session } }, () => new Answer(200, {}, chunks(2))),
    ticks: get("/ticks", { use: { signal } }, (used) => new Answer(200, {}, ticks(used.signal))),
    silence: get("/silence", { use: { signal } }, (used) => {
      return new Answer(200, {}, silence(used.signal));
    }),
    broken: get("/broken", {}, () => {
      async function* broken(): AsyncGenerator<string> {
        yield "a".repeat(65_536);
        throw new Error("secret");
      }
      return new Answer(200, {}, broken());
    }),
    brokenAtOnce: get("/broken-at-once", {}, () => {
      // oxlint-disable-next-line require-yield -- it fails before there is anything
      async function* broken(): AsyncGenerator<string> {
        throw new Error("secret");
      }
      return new Answer(200, {}, broken());
    }),
    web: get("/web", {}, () => {
      const source = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(chunk),
        cancel: () => void log.push("cancelled"),
      });
      return new Answer(200, {}, source);
    }),
  },
  { report: (each) => void reports.push(each) },
);

afterEach(() => {
  reports.length = 0;
  log.length = 0;
  produced = 0;
});

describe.each(fronts)("a stream through $name", ({ open }) => {
  test("is whole, and what waits for its end runs then", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/small");
    expect((await answer.arrayBuffer()).byteLength).toBe(131_072);
    await vi.waitFor(() => expect(log).toEqual(["ended", "clean-up"]));
  });

  test("makes no more than the client takes", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/large");
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await wait(150);
    // 300 MiB in all: what the buffers on the way hold, and no more.
    expect(produced).toBeLessThan(500);
    await reader.cancel();
    await vi.waitFor(() => expect(log).toEqual(["ended"]), 2000);
    expect(reports).toEqual([]);
  });

  test("stops once the client has gone, and its signal is aborted", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/ticks");
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    await vi.waitFor(() => expect(log.toSorted()).toEqual(["aborted", "ended"]), 500);
    expect(reports).toEqual([]);
  });

  test("is told while it waits for something", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/silence");
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await wait(50);
    await reader.cancel();
    await vi.waitFor(() => expect(log).toEqual(["told"]), 500);
  });

  test("that fails never looks whole, and is reported", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/broken");
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toBeInstanceOf(Error);
    expect(reports).toMatchObject([{ kind: "error", route: "GET /broken" }]);
  });

  test("of the web is cancelled once the client has gone", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/web");
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    await vi.waitFor(() => expect(log).toEqual(["cancelled"]), 500);
  });
});

describe.each(fronts)("media through $name", ({ open }) => {
  const lines = (count: number): readonly string[] => Array.from({ length: count }, () => "a,b\n");
  const file = import.meta.filename;
  const streams: ReadStream[] = [];
  const served = martlet(
    {
      generator: get("/generator", { returns: media("text/csv") }, function* () {
        yield* lines(2);
        yield new TextEncoder().encode("é");
      }),
      list: get("/list", { returns: media("text/csv") }, () => lines(3)),
      missing: get(
        "/missing",
        { returns: media("text/csv"), throws: [NotFound] },
        async function* () {
          await wait(1);
          if (lines(0).length === 0) throw new NotFound();
          yield "never";
        },
      ),
      file: get("/file", { returns: media("text/plain") }, () => {
        const stream = createReadStream(file);
        streams.push(stream);
        return stream;
      }),
      number: get("/number", { returns: media("text/csv") }, () => [7] as never),
      wrong: get("/wrong", { returns: media("text/csv") }, () => 7 as never),
    },
    { report: (each) => void reports.push(each) },
  );

  test("is what a generator yields, or any iterable", async () => {
    await using entrance = await open(served);
    const answer = await entrance.call("/generator");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(await answer.text()).toBe("a,b\na,b\né");
    expect(await (await entrance.call("/list")).text()).toBe("a,b\n".repeat(3));
  });

  test("is a problem when there is one before the first chunk", async () => {
    await using entrance = await open(served);
    expect((await entrance.call("/missing")).status).toBe(404);
    expect((await entrance.call("/wrong")).status).toBe(500);
  });

  test("is never anything but text or bytes", async () => {
    await using entrance = await open(served);
    expect((await entrance.call("/number")).status).toBe(500);
    expect(reports).toMatchObject([{ kind: "error", route: "GET /number" }]);
  });

  test("closes the file that it is read from, also when nobody wants it", async () => {
    await using entrance = await open(served);
    for (const method of ["GET", "HEAD"]) {
      streams.length = 0;
      const text = await (await entrance.call("/file", { method })).text();
      expect(text === "").toBe(method === "HEAD");
      await vi.waitFor(() => expect(streams[0]?.closed).toBe(true), 1000);
    }
  });
});

describe("a stream on the wire", () => {
  test("that fails is cut, without the end of its chunks", async () => {
    const server = await listen(app, { port: 0 });
    for (const path of ["/broken", "/broken-at-once"]) {
      const { bytes, end } = await talk(server.port, `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
      expect(end).not.toBe("open");
      expect(bytes.toString("latin1")).not.toContain("\r\n0\r\n\r\n");
      expect(String(bytes)).not.toContain("secret");
    }
    await server.stop();
  });

  test("of a client that takes nothing any more is cut", async () => {
    const server = await listen(app, { port: 0, sendTimeout: 100 });
    const answer = await fetch(`${server.url}/large`);
    await vi.waitFor(() => expect(log).toEqual(["ended"]), 2000);
    expect(produced).toBeLessThan(500);
    await answer.body?.cancel().catch(() => undefined);
    await server.stop();
  });
});
