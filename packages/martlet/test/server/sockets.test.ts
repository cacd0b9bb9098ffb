import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { binary, dependency, get, martlet, post, type Report, signal, websocket } from "martlet";
import { listen, type ListenOptions, type RunningServer } from "martlet/server";
import { WebSocket as UndiciSocket } from "undici";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { Client, frame, shaken, talk } from "../ws.ts";

const reports: Report[] = [];
const log: string[] = [];
const opened = dependency({}, function* () {
  log.push("opened");
  try {
    yield 1;
  } finally {
    log.push("closed");
  }
});
const echo = websocket("/echo", { use: { opened } }, async ({ socket }) => {
  for await (const each of socket) await socket.send(each);
});
const typed = websocket(
  "/typed",
  { receives: z.object({ n: z.int() }), sends: z.object({ n: z.int() }) },
  async ({ socket }) => {
    for await (const { n } of socket) await socket.send({ n: n + 1 });
  },
);
const flood = websocket("/flood", { use: { opened }, sends: binary }, async ({ socket }) => {
  const chunk = new Uint8Array(256 * 1024);
  let sent = 0;
  // Nobody waits for what is sent: the limit has to.
  while (!socket.signal.aborted && sent < 10_000) {
    void socket.send(chunk);
    sent += 1;
    if (sent % 8 === 0) await wait(1);
  }
  const { code } = await socket.closed;
  log.push(`flooded ${code} ${sent < 10_000}`);
});
const steady = websocket("/steady", { sends: binary }, async ({ socket }) => {
  const chunk = new Uint8Array(64 * 1024);
  for (let sent = 0; sent < 200; sent += 1) await socket.send(chunk);
});
const counting = websocket("/counting", {}, async ({ socket }) => {
  let count = 0;
  for await (const each of socket) {
    count += 1;
    if (each === "end") break;
  }
  await socket.send(String(count));
});
const slowReader = websocket("/slow-reader", {}, async ({ socket }) => {
  let count = 0;
  for await (const each of socket) {
    await wait(1);
    count += each.length;
    if (each === "end") break;
  }
  await socket.send(String(count));
});
const slow = dependency({ use: { signal, opened } }, async ({ signal }) => {
  await wait(60_000, undefined, { signal });
});
const late = websocket("/late", { use: { slow } }, () => undefined);
const stubborn = websocket(
  "/stubborn",
  { use: { opened } },
  () => new Promise<void>(() => undefined),
);
const farewell = websocket("/farewell", { use: { opened } }, async ({ socket }) => {
  for await (const _ of socket);
  await wait(50);
  log.push("said farewell");
});
const app = martlet(
  {
    echo,
    typed,
    flood,
    steady,
    counting,
    slowReader,
    late,
    stubborn,
    farewell,
    ping: get("/ping", {}, () => "pong"),
    body: post("/body", { body: z.object({ a: z.int() }) }, ({ body }) => body),
  },
  { report: (each) => void reports.push(each) },
);

const servers: RunningServer[] = [];
async function serve(options: ListenOptions = {}): Promise<RunningServer> {
  const server = await listen(app, { port: 0, ...options });
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((each) => each.stop({ drain: 200 })));
  log.length = 0;
  reports.length = 0;
});

describe("clients", () => {
  test("of the platform and of undici talk to it", async () => {
    const { url } = await serve();
    for (const Kind of [globalThis.WebSocket as typeof UndiciSocket, UndiciSocket]) {
      const socket = new Kind(`${url.replace("http", "ws")}/typed`);
      const answer = await new Promise<unknown>((resolve, reject) => {
        socket.addEventListener("open", () => socket.send('{"n":1}'));
        socket.addEventListener("message", ({ data }) => resolve(data));
        socket.addEventListener("error", () => reject(new Error("refused")));
      });
      expect(answer).toBe('{"n":2}');
      const closed = new Promise<unknown>((resolve) => {
        socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
      });
      socket.send('{"n":"x"}');
      expect(await closed).toMatchObject({
        code: 1008,
        reason: expect.stringMatching(/^message\.n: /) as string,
      });
    }
  });

  test("two hundred at once are served, and all are closed with 1001 when it stops", async () => {
    const server = await serve();
    const clients = await Promise.all(
      Array.from({ length: 200 }, () => new Client(`${server.url}/echo`).open()),
    );
    for (const [index, each] of clients.entries()) each.send(`hello ${index}`);
    await Promise.all(clients.map((each) => each.received(1)));
    expect(clients.map((each) => each.messages[0])).toEqual(
      clients.map((_each, index) => `hello ${index}`),
    );
    expect(await server.stop({ lameDuck: 5000 })).toBe(0);
    const codes = await Promise.all(clients.map(async (each) => (await each.over).code));
    expect(new Set(codes)).toEqual(new Set([1001]));
    expect(log.filter((each) => each === "closed")).toHaveLength(200);
  });

  test("may send ten thousand messages at once", async () => {
    const { url } = await serve();
    const client = await new Client(`${url}/counting`).open();
    for (let index = 1; index < 10_000; index += 1) client.send(`${index}`);
    client.send("end");
    expect(await client.received(1)).toEqual(["10000"]);
  });

  test("wait while their messages are not read, and lose none", async () => {
    const { url } = await serve({ heartbeat: 50 });
    const client = await new Client(`${url}/slow-reader`).open();
    const message = "x".repeat(60_000);
    for (let index = 0; index < 200; index += 1) client.send(message);
    client.send("end");
    expect(client.socket.bufferedAmount).toBeGreaterThan(1_000_000);
    expect(await client.received(1)).toEqual([String(200 * 60_000 + 3)]);
  });
});

describe("a client that does not read", () => {
  test("is cut once too much waits for it", async () => {
    const { url } = await serve();
    const client = await new Client(`${url}/flood`).open();
    client.socket.pause();
    await vi.waitFor(() => expect(log).toEqual(["opened", "flooded 1013 true", "closed"]), 8000);
    expect(reports).toEqual([]);
    client.socket.resume();
    expect([1006, 1013]).toContain((await client.over).code);
  });

  test("holds up whoever waits for it, and goes on when it reads", async () => {
    const { url } = await serve();
    const client = await new Client(`${url}/steady`).open();
    client.socket.pause();
    await wait(100);
    client.socket.resume();
    expect((await client.over).code).toBe(1000);
    expect(client.messages).toHaveLength(200);
  });
});

describe("the heartbeat", () => {
  test("cuts a client that gives no sign of life, and no other", async () => {
    const { url, port } = await serve({ heartbeat: 100 });
    const alive = await new Client(`${url}/echo`).open();
    const dead = await shaken(port);
    dead.resume();
    await Promise.race([once(dead, "close"), once(dead, "end")]);
    dead.destroy();
    await wait(250);
    alive.send("still here");
    expect(await alive.received(1)).toEqual(["still here"]);
  });
});

describe("a handshake", () => {
  const head = (port: number, lines: string): string =>
    `GET /echo HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${lines}\r\n`;
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  test.each([
    ["of another version", `${key}Sec-WebSocket-Version: 12\r\n`, 426],
    ["without a version", key, 426],
    ["without a key", "Sec-WebSocket-Version: 13\r\n", 400],
    ["with a key that is none", "Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n", 400],
    ["with two hosts", `Host: b\r\n${key}Sec-WebSocket-Version: 13\r\n`, 400],
  ])("%s is refused with a problem", async (_what, lines, status) => {
    const { port } = await serve();
    const socket = connect(port, "127.0.0.1");
    socket.write(head(port, lines));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(socket, "end");
    socket.destroy();
    const text = Buffer.concat(chunks).toString();
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toContain("application/problem+json");
    expect(text.includes("sec-websocket-version: 13")).toBe(lines.includes("Version: 12"));
  });

  test("that its client gives up lets go of what it holds", async () => {
    const { port } = await serve();
    const socket = connect(port, "127.0.0.1");
    socket.write(head(port, `${key}Sec-WebSocket-Version: 13\r\n`).replace("/echo", "/late"));
    await vi.waitFor(() => expect(log).toEqual(["opened"]));
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(log).toEqual(["opened", "closed"]));
    expect(reports).toEqual([]);
  });

  test("for another protocol is a request like any other", async () => {
    const { url } = await serve();
    const answer = await new Promise<string>((resolve, reject) => {
      const headers = {
        connection: "Upgrade, HTTP2-Settings",
        upgrade: "h2c",
        "content-type": "application/json",
      };
      const sent = httpRequest(`${url}/body`, { method: "POST", headers }, (message) => {
        let body = "";
        message.on("data", (chunk: Buffer) => (body += chunk.toString()));
        message.on("end", () => resolve(`${message.statusCode} ${body}`));
      });
      sent.on("error", reject);
      sent.end('{"a":1}');
    });
    expect(answer).toBe('200 {"a":1}');
  });

  test("may bring the first message along", async () => {
    const { port } = await serve();
    const socket = connect(port, "127.0.0.1");
    socket.write(
      Buffer.concat([
        Buffer.from(head(port, `${key}Sec-WebSocket-Version: 13\r\n`)),
        frame(1, Buffer.from("early")),
      ]),
    );
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await vi.waitFor(() => {
      expect(Buffer.concat(chunks).toString("latin1").endsWith("\x81\x05early")).toBe(true);
    });
    socket.destroy();
  });
});

describe("the stop", () => {
  test("closes at once and waits for what handlers still do", async () => {
    const server = await serve();
    const client = await new Client(`${server.url}/farewell`).open();
    const talked = client.over;
    expect(await server.stop()).toBe(0);
    expect(await talked).toMatchObject({ code: 1001, reason: "The server is stopping." });
    expect(log).toEqual(["opened", "said farewell", "closed"]);
  });

  test("names a handler that does not end", async () => {
    const server = await serve();
    const client = await new Client(`${server.url}/stubborn`).open();
    await vi.waitFor(() => expect(log).toEqual(["opened"]));
    const cut: string[] = [];
    const stopped = server.stop({ drain: 100, onCut: (each) => cut.push(...each) });
    expect((await client.over).code).toBe(1001);
    expect(await stopped).toBe(1);
    expect(cut).toEqual(["GET /stubborn"]);
  });

  test("cuts a client that does not answer the close", async () => {
    const server = await serve();
    const socket = await shaken(server.port);
    const start = Date.now();
    await server.stop({ drain: 300 });
    expect(Date.now() - start).toBeLessThan(2500);
    socket.destroy();
  });

  test("is told to whoever comes too late", async () => {
    const server = await serve();
    const first = await new Client(`${server.url}/farewell`).open();
    const stopped = server.stop();
    const { answer, code } = await talk(`${server.url}/echo`);
    expect(answer?.status ?? code).not.toBe(101);
    await stopped;
    expect((await first.over).code).toBe(1001);
  });
});
