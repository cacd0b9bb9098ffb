import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import {
  dependency,
  get,
  head,
  martlet,
  post,
  type Report,
  request as incoming,
  text,
} from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { talk } from "../wire.ts";

const reports: Report[] = [];
const app = martlet(
  {
    ping: get("/ping", {}, () => "pong"),
    slow: get("/slow", { query: { ms: z.int() } }, async ({ ms }) => {
      await wait(ms);
      return { ms };
    }),
    echo: post("/echo", { body: z.object({ name: z.string() }) }, ({ body }) => body),
    ignores: post("/ignores", {}, () => text("not read")),
    ownHead: head("/own", {}, () => undefined),
    caller: get("/caller", { use: { incoming } }, ({ incoming }) => incoming.address),
    boom: get("/boom", {}, () => {
      throw new Error("password=hunter2");
    }),
    asyncBoom: get("/async-boom", {}, () => Promise.reject(new Error("password=hunter2"))),
  },
  { report: (each) => void reports.push(each) },
);

const crlf = "\r\n";
const host = `host: a${crlf}`;
const ping = `GET /ping HTTP/1.1${crlf}${host}${crlf}`;

function json(path: string, body: string, headers = ""): string {
  const type = `content-type: application/json${crlf}content-length: ${body.length}${crlf}`;
  return `POST ${path} HTTP/1.1${crlf}${host}${type}${headers}${crlf}${body}`;
}

describe("a connection", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(app, { port: 0 });
  });
  afterAll(() => server.stop());

  const statuses = async (
    ...conversation: Parameters<typeof talk> extends [number, ...infer Rest] ? Rest : never
  ): Promise<number[]> =>
    (await talk(server.port, ...conversation)).answers.map((each) => each.status);

  test("tells handlers the address of who is connected", async () => {
    expect(await (await fetch(`${server.url}/caller`)).json()).toBe("127.0.0.1");
  });

  test("serves one request after the other", async () => {
    const { answers, end } = await talk(server.port, [ping, 30, ping, 30, ping], { answers: 3 });
    expect([answers.map((each) => String(each.body)), end]).toEqual([
      ['"pong"', '"pong"', '"pong"'],
      "open",
    ]);
  });

  test("answers pipelined requests in their order, the first being slow", async () => {
    const slow = `GET /slow?ms=120 HTTP/1.1${crlf}${host}${crlf}`;
    const { answers } = await talk(server.port, slow + ping + json("/echo", '{"name":"a"}'), {
      answers: 3,
    });
    expect(answers.map((each) => String(each.body))).toEqual([
      '{"ms":120}',
      '"pong"',
      '{"name":"a"}',
    ]);
  });

  test("answers what came before bytes that are no HTTP, and only then refuses those", async () => {
    const slow = `GET /slow?ms=80 HTTP/1.1${crlf}${host}${crlf}`;
    const { answers, end } = await talk(server.port, `${slow}nonsense${crlf}${crlf}`, {
      answers: 2,
      quiet: 300,
    });
    expect([answers[0]?.status, String(answers[0]?.body), end]).toEqual([
      200,
      '{"ms":80}',
      "closed",
    ]);
    expect(answers.slice(1).every((each) => each.status === 400)).toBe(true);
  });

  test("serves on after a HEAD, whose answer has no body", async () => {
    for (const path of ["/ping", "/own", "/nowhere"]) {
      const asked = `HEAD ${path} HTTP/1.1${crlf}${host}${crlf}`;
      const { answers } = await talk(server.port, asked + ping, { answers: 2, methods: ["HEAD"] });
      expect(answers.map((each) => String(each.body))).toEqual(["", '"pong"']);
    }
  });

  test("serves on after a small body that nobody read", async () => {
    for (const path of ["/ignores", "/nowhere", "/ping"]) {
      const body = "x".repeat(3000);
      const { answers } = await talk(server.port, [json(path, body), 20, ping], { answers: 2 });
      expect([path, answers.length, answers[1]?.status]).toEqual([path, 2, 200]);
    }
  });

  test("serves on, or ends after its answer, when nobody read a large body", async () => {
    const body = "x".repeat(300_000);
    const { answers, end } = await talk(server.port, [json("/nowhere", body), ping], {
      answers: 2,
      quiet: 300,
    });
    expect(answers[0]?.status).toBe(404);
    expect(answers.length === 2 ? "open" : end).toMatch(answers.length === 2 ? /open/ : /closed/);
  });

  test("tells a client that waits for it to go on, when the body is wanted", async () => {
    const whole = json("/echo", '{"name":"a"}', `expect: 100-continue${crlf}`);
    const cut = whole.indexOf(crlf + crlf) + 4;
    const { bytes, answers } = await talk(server.port, [whole.slice(0, cut), 60, whole.slice(cut)]);
    expect(bytes.toString("latin1")).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    );
    expect(String(answers[0]?.body)).toBe('{"name":"a"}');
  });

  test.for([
    ["too large", "/echo", "content-length: 9999999", 413],
    ["of no use", "/nowhere", "content-length: 5", 404],
    ["of another type", "/echo", "content-type: text/plain\r\ncontent-length: 5", 415],
  ] as const)(
    "answers at once when the body that waits is %s",
    async ([, path, headers, status]) => {
      const lines = [`POST ${path} HTTP/1.1`, "host: a", "content-type: application/json", headers];
      const asked = headers.includes("content-type")
        ? lines.filter((each) => !each.endsWith("/json"))
        : lines;
      const head = [...asked, "expect: 100-continue", "", ""].join(crlf);
      const { bytes, answers } = await talk(server.port, head);
      expect([answers[0]?.status, answers[0]?.headers["connection"]]).toEqual([status, "close"]);
      expect(bytes.toString("latin1")).not.toContain("100 Continue");
    },
  );

  test("refuses an expectation that it does not know", async () => {
    const asked = json("/echo", '{"name":"a"}', `expect: a-miracle${crlf}`);
    expect(await statuses(asked)).toEqual([417]);
  });

  test("takes the absolute form of a target", async () => {
    const asked = `GET http://a.example/ping HTTP/1.1${crlf}${host}${crlf}`;
    expect(await statuses(asked)).toEqual([200]);
  });

  test("serves HTTP/1.0, without a host", async () => {
    const { answers, end } = await talk(server.port, `GET /ping HTTP/1.0${crlf}${crlf}`, {
      answers: 2,
    });
    expect([answers[0]?.status, end]).toEqual([200, "closed"]);
    expect(await statuses(`GET /ping HTTP/1.1${crlf}${crlf}`)).toEqual([400]);
  });

  test("takes methods for what they are", async () => {
    const all = ["TRACE", "PROPFIND", "DELETE", "get", "FOO"];
    const found = await Promise.all(
      all.map((method) => statuses(`${method} /ping HTTP/1.1${crlf}${host}${crlf}`)),
    );
    expect(found).toEqual([[405], [405], [405], [400], [400]]);
    const { answers } = await talk(server.port, `OPTIONS /ping HTTP/1.1${crlf}${host}${crlf}`);
    expect([answers[0]?.status, answers[0]?.headers["allow"]]).toEqual([204, "GET, HEAD, OPTIONS"]);
  });

  test("that asks for another protocol is served as it is", async () => {
    const asked = `GET /ping HTTP/1.1${crlf}${host}connection: upgrade${crlf}upgrade: h2c${crlf}${crlf}`;
    expect(await statuses(asked)).toEqual([200]);
  });

  test("never carries what an error says", async () => {
    for (const path of ["/boom", "/async-boom"]) {
      const { bytes, answers } = await talk(
        server.port,
        `GET ${path} HTTP/1.1${crlf}${host}${crlf}`,
      );
      expect([answers[0]?.status, answers[0]?.headers["content-type"]]).toEqual([
        500,
        "application/problem+json",
      ]);
      expect(String(bytes)).not.toMatch(/hunter2|at .*\.ts/);
    }
    expect(reports.map((each) => String(each.error))).toEqual([
      "Error: password=hunter2",
      "Error: password=hunter2",
    ]);
  });

  test("is answered while five hundred others are open and idle", async () => {
    const sockets = Array.from({ length: 500 }, () => connect(server.port, "127.0.0.1"));
    await Promise.all(
      sockets.map((each) => new Promise((resolve) => each.once("connect", resolve))),
    );
    const begin = performance.now();
    expect((await fetch(`${server.url}/ping`)).status).toBe(200);
    expect(performance.now() - begin).toBeLessThan(1000);
    for (const each of sockets) each.destroy();
  });
});

describe("an upload that is too large", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(app, { port: 0 });
  });
  afterAll(() => server.stop());

  const size = 30 * 1024 * 1024;

  /** Sends without reading first, as many clients do, and tells what came back. */
  function upload(headers: Record<string, string | number>): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { port: server.port, path: "/echo", method: "POST", agent: false },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      sent.setHeader("content-type", "application/json");
      for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value);
      const chunk = Buffer.alloc(65_536, "x");
      let left = size;
      const pump = (): void => {
        while (left > 0 && !sent.destroyed) {
          left -= chunk.length;
          if (!sent.write(chunk)) return void sent.once("drain", pump);
        }
        sent.end();
      };
      sent.on("error", reject);
      pump();
    });
  }

  test("is told so while it is sent, with and without its length", async () => {
    for (let round = 0; round < 5; round += 1) {
      expect(await upload({ "content-length": size })).toBe(413);
      expect(await upload({ "transfer-encoding": "chunked" })).toBe(413);
    }
  });

  test("is told so when it reads nothing before it has sent all", async () => {
    const head = `POST /echo HTTP/1.1${crlf}${host}content-type: application/json${crlf}`;
    const body = Buffer.alloc(4 * 1024 * 1024, "x");
    for (let round = 0; round < 5; round += 1) {
      const pieces = [`${head}content-length: ${body.length}${crlf}${crlf}`, body];
      const { answers, end } = await talk(server.port, pieces, { answers: 2 });
      expect([answers[0]?.status, end]).toEqual([413, "closed"]);
    }
  });

  test("is told so by fetch", async () => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Buffer.alloc(size, "x"),
    };
    expect((await fetch(`${server.url}/echo`, init)).status).toBe(413);
  });
});

describe("listening", () => {
  test("fails when the port is taken, before the lifespan has begun", async () => {
    const log: string[] = [];
    const pool = dependency({ scope: "app" }, function* pool() {
      log.push("open");
      yield 1;
      log.push("closed");
    });
    const first = await listen(app, { port: 0 });
    const other = martlet({ use: get("/", { use: { pool } }, () => null) });
    await expect(listen(other, { port: first.port })).rejects.toThrow("EADDRINUSE");
    expect(log).toEqual([]);
    await first.stop();
  });

  test("works on IPv6, and tells its address", async () => {
    const server = await listen(app, { port: 0, host: "::1" });
    expect(server.url).toBe(`http://[::1]:${server.port}`);
    expect((await fetch(`${server.url}/ping`)).status).toBe(200);
    const { answers } = await talk(
      server.port,
      `GET /ping HTTP/1.1${crlf}host: [::1]:80${crlf}${crlf}`,
      { host: "::1" },
    );
    expect(answers[0]?.status).toBe(200);
    await server.stop();
  });

  test("ends once, however often it is told to", async () => {
    const server = await listen(app, { port: 0 });
    expect(await Promise.all([server.stop(), server.stop()])).toEqual([0, 0]);
    await expect(fetch(`${server.url}/ping`)).rejects.toThrow("fetch failed");
  });
});
