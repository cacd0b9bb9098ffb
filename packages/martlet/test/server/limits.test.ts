import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { background, dependency, file, get, martlet, post, type Report, signal } from "martlet";
import { listen, type ListenOptions, type RunningServer } from "martlet/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Conversation, talk, type TalkOptions } from "../wire.ts";
import { start } from "./process.ts";

const log: string[] = [];
const reports: Report[] = [];

const session = dependency({}, async function* session() {
  try {
    yield "session";
  } finally {
    log.push("clean-up");
  }
});

const app = martlet(
  {
    echo: post("/echo", { body: z.object({ name: z.string() }) }, ({ body }) => body),
    ignores: post("/ignores", {}, () => "not read"),
    upload: post("/upload", { files: { file: file() } }, ({ file }) => ({ size: file.size })),
    work: get("/work", { use: { signal, session, background } }, async ({ signal, background }) => {
      log.push("working");
      background(() => log.push("task"));
      const begin = performance.now();
      signal.addEventListener("abort", () => {
        log.push(`told: ${String(signal.reason)}`);
        took = performance.now() - begin;
      });
      await wait(4000, undefined, { signal }).catch(() => undefined);
      await wait(20);
      return "late";
    }),
  },
  { report: (each) => void reports.push(each) },
);
let took = 0;

afterEach(() => {
  log.length = 0;
  reports.length = 0;
});

const crlf = "\r\n";

/** The head of a request with a body. */
function head(path: string, length: number | "chunked", type = "application/json"): string {
  const size = length === "chunked" ? "transfer-encoding: chunked" : `content-length: ${length}`;
  return [`POST ${path} HTTP/1.1`, "host: a", `content-type: ${type}`, size, "", ""].join(crlf);
}

/** Talks to a server with these limits. */
async function inside(
  limits: ListenOptions,
  pieces: Parameters<typeof talk>[1],
  options: TalkOptions = {},
): Promise<Conversation> {
  const server = await listen(app, { port: 0, ...limits });
  try {
    return await talk(server.port, pieces, { answers: 2, ...options });
  } finally {
    await server.stop({ drain: 0 });
  }
}

/** One byte at a time, each after so many milliseconds. */
function trickle(bytes: number, milliseconds: number): (string | number)[] {
  return Array.from({ length: bytes }, () => ["x", milliseconds]).flat();
}

describe("a client that is slow", () => {
  test("with its headers is told 408, within the limit", async () => {
    const begin = performance.now();
    const pieces = [`GET /work HTTP/1.1${crlf}`, ...trickle(40, 50)];
    const { answers, end } = await inside({ headersTimeout: 300 }, pieces);
    expect(performance.now() - begin).toBeLessThan(3500);
    expect([answers[0]?.status, answers[0]?.headers["content-type"], end]).toEqual([
      408,
      "application/problem+json",
      "closed",
    ]);
  });

  test("with its first byte loses its connection", async () => {
    const { answers, end } = await inside({ headersTimeout: 300 }, []);
    expect([answers.map((each) => each.status), end]).toEqual([[408], "closed"]);
  });

  test.for([
    ["JSON", "/echo", "application/json"],
    ["a form", "/upload", "multipart/form-data; boundary=B"],
    ["an urlencoded form", "/upload", "application/x-www-form-urlencoded"],
  ] as const)("with a body of %s is told 408", async ([, path, type]) => {
    const conversations = await Promise.all(
      ([100_000, "chunked"] as const).map((length) => {
        const first = length === "chunked" ? `5${crlf}--B${crlf}${crlf}` : `--B${crlf}`;
        const slow = length === "chunked" ? [3000] : trickle(60, 25);
        return inside({ bodyPeriod: 150 }, [head(path, length, type) + first, ...slow]);
      }),
    );
    for (const { answers, end } of conversations) {
      expect([answers[0]?.status, answers[0]?.headers["connection"], end]).toEqual([
        408,
        "close",
        "closed",
      ]);
    }
  });

  test("with a body that nobody reads loses its connection, after its answer", async () => {
    const pieces = [head("/ignores", 50_000), ...trickle(60, 25)];
    const { answers, end } = await inside({ bodyPeriod: 150 }, pieces);
    expect([answers[0]?.status, end]).not.toEqual([200, "open"]);
    expect(answers[0]?.status).toBe(200);
  });

  test("but keeps the pace has all the time it needs", async () => {
    const body = JSON.stringify({ name: "x".repeat(5985) });
    const pieces = [0, 1000, 2000, 3000, 4000, 5000].flatMap((at) => [
      body.slice(at, at + 1000),
      60,
    ]);
    const { answers } = await inside({ bodyPeriod: 150 }, [head("/echo", body.length), ...pieces], {
      answers: 1,
    });
    expect(answers[0]?.status).toBe(200);
  });
});

describe("a head that is too large", () => {
  test.for([
    ["a header", `x: ${"a".repeat(20_000)}`],
    ["many headers", Array.from({ length: 101 }, (_, index) => `x${index}: a`).join(crlf)],
  ])("is 431, as a problem: %s", async ([, lines]) => {
    const { answers, end } = await inside(
      {},
      `GET / HTTP/1.1${crlf}host: a${crlf}${lines}${crlf}${crlf}`,
    );
    expect(JSON.parse(String(answers[0]?.body))).toEqual({
      type: "/problems/header-too-large",
      title: "Request Header Fields Too Large",
      status: 431,
      code: "header-too-large",
    });
    expect([answers[0]?.headers["connection"], end]).toEqual(["close", "closed"]);
  });

  test.for([
    ["whose bytes are no request", `GET / HTTP/1.1${crlf}no colon${crlf}${crlf}`, 400],
    ["whose head is too large", `GET / HTTP/1.1${crlf}x: ${"a".repeat(20_000)}${crlf}${crlf}`, 431],
    ["without a host", `GET / HTTP/1.1${crlf}${crlf}`, 400],
  ] as const)(
    "is told in the application's own format to a client %s",
    async ([, bytes, status]) => {
      const own = app.with({
        problems: {
          mediaType: "application/json",
          body: ({ title }) => ({ é: title }),
          schema: () => ({}),
        },
      });
      const server = await listen(own, { port: 0 });
      const { answers } = await talk(server.port, bytes);
      await server.stop();
      expect(answers[0]?.status).toBe(status);
      expect(answers[0]?.headers["content-type"]).toBe("application/json");
      expect(Object.keys(JSON.parse(String(answers[0]?.body)) as object)).toEqual(["é"]);
    },
  );

  test("may be larger where the server says so", async () => {
    const asked = `GET /nowhere HTTP/1.1${crlf}host: a${crlf}x: ${"a".repeat(20_000)}${crlf}${crlf}`;
    const { answers } = await inside({ maxHeaderSize: 32_768 }, asked, { answers: 1 });
    expect(answers[0]?.status).toBe(404);
  });
});

describe("a client that goes", () => {
  test("aborts the signal within half a second, and what was opened is closed", async () => {
    const server = await listen(app, { port: 0 });
    const socket = connect(server.port, "127.0.0.1");
    socket.write(`GET /work HTTP/1.1${crlf}host: a${crlf}${crlf}`);
    await vi.waitFor(() => expect(log).toEqual(["working"]));
    await wait(50);
    const begin = performance.now();
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(log).toContain("told: Error: The client has gone"), 500);
    expect(performance.now() - begin).toBeLessThan(500);
    expect(took).toBeLessThan(2000);
    await vi.waitFor(() => expect(log.slice(2)).toEqual(["clean-up", "task"]), 1000);
    expect(reports).toEqual([]);
    await server.stop();
  });

  test("in the middle of its body is no failure of the server", async () => {
    const server = await listen(app, { port: 0 });
    const bodies = [
      head("/echo", 1000),
      head("/echo", "chunked"),
      head("/upload", 1000, "multipart/form-data; boundary=B"),
      head("/ignores", 1000),
    ];
    for (const each of bodies) {
      const socket = connect(server.port, "127.0.0.1");
      socket.write(`${each}5${crlf}hello`);
      await wait(30);
      socket.resetAndDestroy();
    }
    await wait(50);
    expect(reports).toEqual([]);
    expect(await server.stop({ drain: 500 })).toBe(0);
  });

  test("leaves no memory behind, forty uploads of 4 MB later", { timeout: 20_000 }, async () => {
    await using served = await start();
    const memory = async (): Promise<{ rss: number; arrayBuffers: number; uploads: number }> =>
      (await (await fetch(`${served.url}/stats`)).json()) as never;
    const upload = async (): Promise<void> => {
      const socket = connect(served.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(head("/upload", 7_900_000, "multipart/form-data; boundary=B"));
      socket.write(
        `--B${crlf}content-disposition: form-data; name="file"; filename="a"${crlf}${crlf}`,
      );
      for (let sent = 0; sent < 64; sent += 1) {
        if (!socket.write(Buffer.alloc(65_536)))
          await new Promise((resolve) => socket.once("drain", resolve));
      }
      socket.resetAndDestroy();
    };
    await upload();
    await wait(100);
    const before = await memory();
    for (let round = 0; round < 8; round += 1) await Promise.all(Array.from({ length: 5 }, upload));
    await vi.waitFor(
      async () => expect((await memory()).arrayBuffers).toBeLessThan(before.arrayBuffers + 4e6),
      5000,
    );
    const after = await memory();
    expect(after.rss - before.rss).toBeLessThan(80e6);
    expect(after.uploads).toBe(0);
  });
});

describe("a handler that takes too long", () => {
  let server: RunningServer;

  test("is answered 503 in its place, its signal aborted, its clean-ups done", async () => {
    server = await listen(app.with({ deadline: 120, report: (each) => void reports.push(each) }), {
      port: 0,
    });
    const answer = await fetch(`${server.url}/work`);
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: "unavailable" }]);
    expect(log[1]).toMatch(/^told: unavailable/);
    await vi.waitFor(() => expect(log.slice(2)).toEqual(["clean-up", "task"]), 1000);
    expect(reports).toEqual([]);
    await server.stop();
  });

  test("has all the time in the world where there is no deadline", async () => {
    const slow = get("/", {}, async () => {
      await wait(150);
      return "done";
    });
    server = await listen(martlet({ slow }, { deadline: 0 }), { port: 0 });
    expect((await fetch(server.url)).status).toBe(200);
    await server.stop();
  });

  test("is told that the server stops", async () => {
    server = await listen(app, { port: 0 });
    const answer = fetch(`${server.url}/work`);
    await vi.waitFor(() => expect(log).toEqual(["working"]));
    const cut: string[] = [];
    expect(await server.stop({ drain: 100, onCut: (each) => cut.push(...each) })).toBe(1);
    expect([(await answer).status, cut]).toEqual([200, ["GET /work"]]);
    expect(log).toContain("told: unavailable: The server is stopping.");
  });
});
