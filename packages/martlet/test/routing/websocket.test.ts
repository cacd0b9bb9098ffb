import { setTimeout as wait } from "node:timers/promises";
import {
  binary,
  dependency,
  martlet,
  NotFound,
  problem,
  type Report,
  router,
  signal,
  websocket,
} from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import { Client, talk } from "../ws.ts";

const reports: Report[] = [];
const log: string[] = [];

const Say = z.object({ kind: z.literal("say"), text: z.string().min(1) });
const Leave = z.object({ kind: z.literal("leave") });
const Incoming = z.discriminatedUnion("kind", [Say, Leave]);
const Outgoing = z.object({ room: z.int(), text: z.string() });
const RoomFull = problem(409, "room-full");
const Broken = problem(503, "broken");

const session = dependency(
  { query: { name: z.string().default("nobody") } },
  async function* ({ name }) {
    log.push(`open ${name}`);
    try {
      yield name;
      log.push(`close ${name}`);
    } catch (error) {
      log.push(`roll back ${name}`);
      throw error;
    }
  },
);
const handlerScoped = dependency({ scope: "handler" }, function* () {
  yield "held";
  log.push("close handler");
});

const room = websocket(
  "/{id}",
  {
    path: { id: z.int() },
    use: { session },
    receives: Incoming,
    sends: Outgoing,
    throws: [RoomFull, Broken],
  },
  async ({ id, socket }) => {
    for await (const message of socket) {
      if (message.kind === "leave") break;
      if (message.text === "full") throw new RoomFull();
      if (message.text === "full, returned") return new RoomFull();
      if (message.text === "broken") throw new Broken();
      if (message.text === "boom") throw new Error("a secret");
      if (message.text === "mismatch") await socket.send({ room: "x" } as never);
      await socket.send({ room: id, text: message.text, secret: 1 } as {
        room: number;
        text: string;
      });
    }
    return undefined;
  },
);
const text = websocket("/text", {}, async ({ socket }) => {
  for await (const each of socket) await socket.send(each.toUpperCase());
});
const bytes = websocket("/bytes", { receives: binary, sends: binary }, async ({ socket }) => {
  for await (const each of socket) await socket.send(each.toReversed());
});
const small = websocket("/small", { limits: { message: 10 } }, async ({ socket }) => {
  for await (const each of socket) await socket.send(each);
});
const closing = websocket(
  "/closing",
  { query: { code: z.int(), reason: z.string().default("") } },
  ({ socket, code, reason }) => socket.close(code, reason),
);
const first = websocket("/first", { use: { handlerScoped } }, async ({ socket }) => {
  log.push(`first ${await socket.receive()}`);
  for await (const each of socket) {
    log.push(`next ${each}`);
    break;
  }
  const rest: string[] = [];
  for await (const each of socket) rest.push(each);
  const { code, reason } = await socket.closed;
  log.push(`rest ${rest.join()} closed ${code} ${reason} ${socket.signal.aborted}`);
  log.push(`sent ${await socket.send("too late")}`);
});
const waiting = websocket("/waiting", { use: { signal, session } }, async ({ signal, socket }) => {
  await socket.send("ready");
  await wait(60_000, undefined, { signal });
});
const missing = dependency({ throws: [NotFound] }, () => new NotFound());
const nowhere = websocket("/nowhere", { use: { missing } }, () => undefined);
const failing = dependency({}, (): string => {
  throw new Error("no database");
});
const unready = websocket("/unready", { use: { failing } }, () => undefined);
const app = martlet(
  {
    rooms: router("/rooms", { room }),
    text,
    bytes,
    small,
    closing,
    first,
    waiting,
    nowhere,
    unready,
  },
  { report: (each) => void reports.push(each) },
);

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(() => server.stop({ drain: 500 }));
afterEach(() => {
  reports.length = 0;
  log.length = 0;
});

const say = (text: string): unknown => ({ kind: "say", text });
const at = (path: string): string => server.url + path;

describe("messages", () => {
  test("are checked on their way in and filtered on their way out", async () => {
    const talked = await talk(at("/rooms/7"), [say("a"), say("b"), { kind: "leave" }, say("c")]);
    expect(talked).toEqual({
      messages: ['{"room":7,"text":"a"}', '{"room":7,"text":"b"}'],
      code: 1000,
      reason: "",
    });
    type Messages = (typeof room)["~m"];
    expectTypeOf<Messages["sent"]>().toEqualTypeOf<z.input<typeof Incoming>>();
    expectTypeOf<Messages["received"]>().toEqualTypeOf<z.output<typeof Outgoing>>();
  });

  test.each([
    ["that is no JSON", "{", "message: This is not valid JSON."],
    ["of an unknown kind", { kind: "shout" }, /^message: Invalid discriminator/],
    ["with a field that does not fit", say(""), /^message\.say\.text: Too small/],
    ["that nests too deep", `${"[".repeat(70)}${"]".repeat(70)}`, /^message: /],
    ["with half a character", '{"kind":"say","text":"\\ud800"}', /^message\.text: .*surrogate/],
  ])("%s close with 1008 and the place", async (_what, message, reason) => {
    const talked = await talk(at("/rooms/7"), [message]);
    expect(talked.code).toBe(1008);
    expect(talked.reason).toMatch(reason);
    expect(reports).toEqual([]);
  });

  test("have a reason that fits into a close frame", async () => {
    const long = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => ["é".repeat(60), index]),
    );
    const strict = websocket(
      "/",
      { receives: z.record(z.string(), z.string()) },
      async ({ socket }) => {
        for await (const _ of socket);
      },
    );
    const other = await listen(martlet({ strict }), { port: 0 });
    const { code, reason } = await talk(`${other.url}/`, [long]);
    expect(code).toBe(1008);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    expect(reason).toMatch(/^message\.é+…$/);
    await other.stop();
  });

  test("are text without a model, and bytes if that is declared", async () => {
    const client = await new Client(at("/text")).open();
    client.send("hello");
    expect(await client.received(1)).toEqual(["HELLO"]);
    client.send(new Uint8Array([1, 2]));
    expect(await client.over).toMatchObject({ code: 1003, reason: "Send text messages." });
    const other = await new Client(at("/bytes")).open();
    other.send(new Uint8Array([1, 2]));
    expect(await other.received(1)).toEqual([Buffer.from([2, 1])]);
    other.send("text");
    expect(await other.over).toMatchObject({ code: 1003, reason: "Send binary messages." });
  });

  test("that are too large close with 1009", async () => {
    expect((await talk(at("/small"), ["x".repeat(10), "x".repeat(11)])).code).toBe(1009);
    expect((await talk(at("/text"), ["x".repeat(65_537)])).code).toBe(1009);
  });

  test("that their own model refuses close with 1011, and are the operator's to know", async () => {
    const talked = await talk(at("/rooms/7"), [say("mismatch")]);
    expect(talked).toEqual({ messages: [], code: 1011, reason: "internal" });
    expect(reports).toMatchObject([{ kind: "error", route: "WEBSOCKET /rooms/{id}" }]);
    expect(String(reports[0]?.error)).toContain("message.room");
  });

  test("wait for whoever reads them, and leaving a loop closes nothing", async () => {
    const client = await new Client(at("/first")).open();
    for (const each of ["a", "b", "c", "d"]) client.send(each);
    client.socket.close(4001, "bye");
    await vi.waitFor(() => expect(log).toHaveLength(5));
    const told = ["first a", "next b", "rest c,d closed 4001 bye true", "sent false"];
    expect(log).toEqual([...told, "close handler"]);
    expect(reports).toEqual([]);
  });
});

describe("what is thrown", () => {
  test.each([
    ["full", 1008, "room-full"],
    ["full, returned", 1008, "room-full"],
    ["broken", 1011, "broken"],
  ])("as a problem (%s) is told by its code", async (word, code, reason) => {
    expect(await talk(at("/rooms/7"), [say(word)])).toMatchObject({ code, reason });
    expect(reports).toEqual([]);
  });

  test("as anything else is 1011, told to the operator alone", async () => {
    expect(await talk(at("/rooms/7"), [say("boom")])).toMatchObject({
      code: 1011,
      reason: "internal",
    });
    expect(reports).toMatchObject([{ kind: "error", error: { message: "a secret" } }]);
  });

  test("reaches clean-ups, which run once the handler is done", async () => {
    await talk(at("/rooms/7?name=ann"), [{ kind: "leave" }]);
    await talk(at("/rooms/7?name=bob"), [say("boom")]);
    await vi.waitFor(() => {
      expect(log).toEqual(["open ann", "close ann", "open bob", "roll back bob"]);
    });
  });

  test("before the handler closes too, since a browser is told nothing of an answer", async () => {
    expect(await talk(at("/nowhere"))).toMatchObject({ code: 1008, reason: "not-found" });
    expect(await talk(at("/unready"))).toMatchObject({ code: 1011, reason: "internal" });
    expect(reports).toMatchObject([{ error: { message: "no database" } }]);
  });
});

describe("parameters", () => {
  test("that do not fit close with 1008 and the place", async () => {
    const { code, reason } = await talk(at("/rooms/seven"));
    expect({ code, reason }).toEqual({ code: 1008, reason: "path.id: This is no valid integer." });
    expect(log).toEqual([]);
  });

  test("of a handler decide how it closes", async () => {
    expect(await talk(at("/closing?code=4000&reason=gone"))).toMatchObject({
      code: 4000,
      reason: "gone",
    });
    for (const code of [1005, 1006, 999, 2000, 5000]) {
      expect((await talk(at(`/closing?code=${code}`))).code).toBe(1011);
    }
    expect((await talk(at(`/closing?code=4000&reason=${"x".repeat(124)}`))).code).toBe(1011);
  });
});

describe("a disconnect", () => {
  test("aborts the signal, runs the clean-ups and is nobody's failure", async () => {
    const client = await new Client(at("/waiting?name=eve")).open();
    await client.received(1);
    client.socket.terminate();
    await vi.waitFor(() => expect(log).toEqual(["open eve", "roll back eve"]));
    expect(reports).toEqual([]);
  });
});

describe("a body", () => {
  test("is refused by the compiler and at start, also where a dependency reads it", () => {
    const reads = dependency({ body: z.object({}) }, ({ body }) => body);
    const fields = dependency({ form: { a: z.string() } }, ({ a }) => a);
    // @ts-expect-error -- a handshake has no body
    const own = websocket("/own", { body: z.object({}) }, () => undefined);
    // @ts-expect-error -- 'reads' needs more than a handshake
    const used = websocket("/used", { use: { reads } }, () => undefined);
    // @ts-expect-error -- 'fields' needs more than a handshake
    const form = websocket("/form", { use: { fields } }, () => undefined);
    const app = martlet({ own, used, form });
    expect(() => app.ready()).toThrow(/^3 faults found.*M020.*M020.*M020/s);
  });

  test("aside, the names of a socket are declared once", () => {
    // @ts-expect-error -- "socket" is what the handler talks to
    const query = websocket("/a", { query: { socket: z.string() } }, () => undefined);
    const used = dependency({}, () => 1);
    // @ts-expect-error -- the same
    const use = websocket("/b", { use: { socket: used } }, () => undefined);
    for (const each of [query, use]) expect(() => martlet({ each }).ready()).toThrow("M005");
  });
});
