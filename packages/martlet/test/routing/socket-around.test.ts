import { setTimeout as wait } from "node:timers/promises";
import {
  Answer,
  dependency,
  get,
  martlet,
  mount,
  onError,
  problem,
  type Report,
  router,
  Unauthorized,
  websocket,
} from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { testClient } from "martlet/testing";
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import { Client, talk } from "../ws.ts";

const log: string[] = [];
const reports: Report[] = [];

function held(name: string) {
  return dependency({}, function* () {
    log.push(`open ${name}`);
    try {
      yield name;
    } finally {
      log.push(`close ${name}`);
    }
  });
}
const [outer, inner] = [held("outer"), held("inner")];

class NoSeat extends Error {}
class Expired extends Error {}
class Ruined extends Error {}
const Full = problem(409, "full");
const seat = dependency({ query: { seat: z.string() } }, ({ seat }) => {
  if (seat === "expired") throw new Expired();
  return seat;
});
const show = websocket(
  "/show",
  { use: { seat }, errors: [onError(NoSeat, () => new Full())], throws: [Full] },
  async ({ seat, socket }) => {
    await socket.send("hello");
    if (seat === "none") throw new NoSeat();
    if (seat === "ruined") throw new Ruined();
    if (seat === "broken") throw new Error("a secret");
  },
);
const Filter = z.strictObject({ since: z.int().min(0), tag: z.array(z.string()).default([]) });
const filtered = websocket("/filtered", { query: Filter }, async ({ since, tag, socket }) => {
  expectTypeOf(tag).toEqualTypeOf<string[]>();
  await socket.send(`${since + 1} ${tag.join("+")}`);
});
const echo = websocket("/echo", { use: { inner } }, async ({ socket }) => {
  for await (const each of socket) await socket.send(each);
});
const slow = dependency({ use: { inner } }, () => wait(1200));
const late = websocket("/late", { use: { slow } }, () => void log.push("never"));
const old = websocket("/old", { deprecated: { since: "2026-01-01" } }, () => undefined);
const page = get("/page", { use: { inner } }, () => "page");
const below = martlet({ echo, late }, { report: (each) => void reports.push(each) });
const app = martlet(
  {
    show,
    filtered,
    late,
    old,
    page,
    admin: router("/admin", { below: mount("/below", below) }, { use: { outer } }),
  },
  {
    report: (each) => void reports.push(each),
    deadline: 700,
    throws: [Unauthorized],
    errors: [
      onError(Expired, () => new Unauthorized()),
      onError(Ruined, () => new Answer(503, {}, "closed")),
    ],
  },
);

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(() => server.stop({ drain: 500 }));
afterEach(() => {
  log.length = 0;
  reports.length = 0;
});
const at = (path: string): string => server.url + path;

describe("error handlers", () => {
  test("make problems of errors, which sockets close with", async () => {
    expect(await talk(at("/show?seat=none"))).toEqual({
      messages: ["hello"],
      code: 1008,
      reason: "full",
    });
    expect(await talk(at("/show?seat=ruined"))).toMatchObject({ code: 1011, reason: "" });
    expect(reports).toEqual([]);
    expect(await talk(at("/show?seat=broken"))).toMatchObject({ code: 1011, reason: "internal" });
    expect(reports).toMatchObject([{ kind: "error", error: { message: "a secret" } }]);
  });

  test("refuse a handshake with what makes a stranger of its caller", async () => {
    expect((await talk(at("/show?seat=expired"))).answer).toMatchObject({ status: 401 });
  });
});

describe("a model as a section", () => {
  test("declares the query of a socket, and forbids the rest", async () => {
    expect((await talk(at("/filtered?since=1&tag=a&tag=b"))).messages).toEqual(["2 a+b"]);
    const { code, reason } = await talk(at("/filtered?since=1&other=2"));
    expect({ code, reason }).toMatchObject({ code: 1008 });
    expect(reason).toMatch(/^query\.other: /);
    const socket = await testClient(app).api.filtered({ since: 4 });
    expect(await socket.receive()).toBe("5 ");
  });
});

describe("a socket below a mount", () => {
  test("lives within the guards around it", async () => {
    const client = await new Client(at("/admin/below/echo")).open();
    client.send("hello");
    expect(await client.received(1)).toEqual(["hello"]);
    expect(log).toEqual(["open outer", "open inner"]);
    client.socket.close();
    await vi.waitFor(() => {
      expect(log).toEqual(["open outer", "open inner", "close inner", "close outer"]);
    });
    expect((await talk(at("/admin/below/none"))).answer).toMatchObject({ status: 404 });
    expect((await fetch(at("/admin/below/echo"))).status).toBe(426);
  });

  test("works in the test client", async () => {
    await using test = testClient(app);
    const socket = await test.socket("/admin/below/echo");
    socket.send("hello");
    expect(await socket.receive()).toBe("hello");
  });
});

describe("the deadline", () => {
  test.each(["/late", "/admin/below/late"])("ends the handshake of %s", async (path) => {
    expect((await talk(at(path))).answer).toMatchObject({ status: 503 });
    await vi.waitFor(() => expect(log).toContain("close inner"));
    expect(log).not.toContain("never");
    expect(reports).toEqual([]);
  });
});

describe("the answer to a handshake", () => {
  test("says that the socket is on its way out", async () => {
    const client = new Client(at("/old"));
    const headers = await new Promise<object>((resolve) => {
      client.socket.on("upgrade", (message) => resolve(message.headers));
    });
    expect(headers).toMatchObject({ deprecation: "@1767225600" });
    await client.over;
  });

  test("of a page closes what it opened", async () => {
    expect((await talk(at("/page"))).answer).toMatchObject({ status: 200, body: '"page"' });
    await vi.waitFor(() => expect(log).toEqual(["open inner", "close inner"]));
  });
});
