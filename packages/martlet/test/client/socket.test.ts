import { binary, dependency, Forbidden, get, martlet, problem, router, websocket } from "martlet";
import { bearer } from "martlet/auth";
import { type Client, client, type ClientSocket, contractOf, overWebSocket } from "martlet/client";
import { listen, type RunningServer } from "martlet/server";
import { override, SocketRefused, testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";

const log: string[] = [];
const In = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("say"), text: z.string().default("…") }),
  z.object({ kind: z.literal("throw") }),
]);
const Out = z.object({ room: z.int(), text: z.string(), at: z.date() });
const RoomFull = problem(409, "room-full");
const names = dependency({}, () => "real");
const session = dependency({}, function* () {
  yield 1;
  log.push("cleaned up");
});
const room = websocket(
  "/{id}",
  { path: { id: z.int() }, use: { names, session }, receives: In, sends: Out, throws: [RoomFull] },
  async ({ id, names, socket }) => {
    for await (const message of socket) {
      if (message.kind === "throw") throw new RoomFull();
      await socket.send({ room: id, text: `${names}: ${message.text}`, at: new Date(0) });
    }
  },
);
const text = websocket(
  "/text",
  { query: { shout: z.boolean().default(false) }, header: { xName: z.string().default("nobody") } },
  async ({ socket, shout, xName }) => {
    for await (const each of socket) {
      await socket.send(`${xName}: ${shout ? each.toUpperCase() : each}`);
    }
  },
);
const bytes = websocket("/bytes", { receives: binary, sends: binary }, async ({ socket }) => {
  for await (const each of socket) await socket.send(each.toReversed());
});
const caller = dependency({ security: { token: bearer() }, throws: [Forbidden] }, ({ token }) =>
  token === "ann" ? token : new Forbidden(),
);
const mine = websocket("/mine", { use: { caller } }, async ({ caller, socket }) => {
  await socket.send(caller);
});
const agreed = websocket("/agreed", { protocols: ["v2"] }, async ({ socket }) => {
  await socket.send(String(socket.protocol));
});
const boom = websocket("/boom", {}, async ({ socket }) => {
  await socket.receive();
  throw new Error("a secret");
});
const cookie = websocket(
  "/cookie",
  { cookie: { session: z.string() } },
  async ({ session, socket }) => {
    await socket.send(session);
  },
);
const forever = websocket("/forever", { use: { session } }, async ({ socket }) => {
  for await (const _ of socket);
});
const app = martlet({
  chat: router("/chat", { room }),
  text,
  bytes,
  mine,
  agreed,
  boom,
  cookie,
  forever,
  ping: get("/ping", {}, () => "pong"),
});

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(() => server.stop({ drain: 300 }));

/** The same application over the network and within the process. */
const ways: readonly (readonly [string, () => Client<typeof app>])[] = [
  ["the network", () => client<typeof app>(server.url)],
  ["the test client", () => testClient(app, { raise: false }).api],
];

describe.each(ways)("a typed socket over %s", (_way, make) => {
  test("sends and receives what its models say", async () => {
    const socket = await make().chat.room({ id: 7 });
    expectTypeOf(socket).toEqualTypeOf<
      ClientSocket<z.input<typeof In>, { room: number; text: string; at: string }>
    >();
    socket.send({ kind: "say", text: "hello" });
    expect(await socket.receive()).toEqual({
      room: 7,
      text: "real: hello",
      at: "1970-01-01T00:00:00.000Z",
    });
    socket.send({ kind: "say" });
    socket.send({ kind: "throw" });
    const rest: string[] = [];
    for await (const { text } of socket) rest.push(text);
    expect(rest).toEqual(["real: …"]);
    expect(await socket.closed).toEqual({ code: 1008, reason: "room-full" });
    expect(await socket.receive()).toBeUndefined();
    socket.send({ kind: "say" });
  });

  test("sends text and bytes as they are, and its arguments where they belong", async () => {
    const plain = await make().text({ shout: true });
    plain.send("hi");
    expect(await plain.receive()).toBe("nobody: HI");
    plain.close(4000, "enough");
    expect((await plain.closed).code).toBe(4000);
    const named = await make().text({ xName: "ann" });
    named.send("[1]");
    expect(await named.receive()).toBe("ann: [1]");
    named.close();
    const raw = await make().bytes();
    expectTypeOf(raw).toEqualTypeOf<ClientSocket<Uint8Array, Uint8Array>>();
    raw.send(new Uint8Array([1, 2, 3]));
    expect(await raw.receive()).toEqual(new Uint8Array([3, 2, 1]));
    raw.close();
  });

  test("is refused at compile time what it does not take", async () => {
    const api = make();
    // @ts-expect-error -- the room is missing
    await expect(api.chat.room()).rejects.toThrow('"id" is missing');
    const socket = await api.chat.room({ id: 1 });
    // @ts-expect-error -- there is no such message
    socket.send({ kind: "shout" });
    expect(await socket.closed).toMatchObject({ code: 1008 });
  });

  test("is closed where parameters do not fit or the caller is none", async () => {
    const api = make();
    const wrong = await api.chat.room({ id: 1.5 });
    expect(await wrong.closed).toEqual({
      code: 1008,
      reason: "path.id: This is no valid integer.",
    });
    const stranger = await api.mine();
    expect(await stranger.receive()).toBeUndefined();
    expect(await stranger.closed).toMatchObject({ code: 1006 });
    const unsendable = await api.text({ xName: "€" });
    expect(await unsendable.closed).toEqual({ code: 1008, reason: "header,x-name" });
  });

  test("agrees on a subprotocol", async () => {
    const socket = await make().agreed(undefined, { protocols: ["v3", "v2"] });
    expect(await socket.receive()).toBe("v2");
  });

  test("ends with its signal", async () => {
    const controller = new AbortController();
    const socket = await make().forever({}, { signal: controller.signal });
    controller.abort();
    expect((await socket.closed).code).toBe(1005);
    const late = await make().forever({}, { signal: AbortSignal.abort() });
    expect([1005, 1006]).toContain((await late.closed).code);
  });
});

describe("the client over the network", () => {
  test("sends its token and headers where the platform can", async () => {
    const api = client<typeof app>(server.url, { token: "ann", headers: { xName: "ignored" } });
    expect(await (await api.mine()).receive()).toBe("ann");
    const contract = contractOf(app.openapi());
    expect(contract["chat.room"]).toMatchObject({ method: "WEBSOCKET", path: "/chat/{id}" });
    const told = client<typeof app>(server.url, { contract, token: () => Promise.resolve("ann") });
    expect(await (await told.mine()).receive()).toBe("ann");
  });

  test("gives a socket that is lost where there is no server", async () => {
    const api = client<typeof app>("http://127.0.0.1:9");
    const socket = await api.text();
    expect(await socket.closed).toEqual({ code: 1006, reason: "" });
    expect(await socket.receive()).toBeUndefined();
    const known = client<typeof app>("http://127.0.0.1:9", { contract: contractOf(app.openapi()) });
    expect((await (await known.text()).closed).code).toBe(1006);
  });

  test("gives up an opening that takes too long", async () => {
    const silent = {
      binaryType: "",
      send: () => {},
      close: vi.fn<() => void>(),
      addEventListener: vi.fn<() => void>(),
    };
    const opening = overWebSocket(silent, { timeout: 20 });
    await vi.waitFor(() => expect(silent.close).toHaveBeenCalledOnce());
    expect(opening).toBeInstanceOf(Promise);
  });
});

describe("the test client", () => {
  test("opens a socket by its path", async () => {
    await using test = testClient(app, { overrides: [override(names, () => "fake")] });
    const socket = await test.socket("/chat/7");
    socket.send({ kind: "say", text: "a" });
    expect(await socket.receive()).toMatchObject({ room: 7, text: "fake: a" });
    socket.close();
    expect(await socket.closed).toEqual({ code: 1005, reason: "" });
    const plain = await test.socket("/text", {
      query: { shout: true },
      headers: { "x-name": "b" },
    });
    plain.send("x");
    expect(await plain.receive()).toBe("b: X");
    const protocol = await test.socket("/agreed", { protocols: ["v2"] });
    expect(await protocol.receive()).toBe("v2");
  });

  test("uses overrides in typed calls too", async () => {
    const { api } = testClient(app, { overrides: [override(caller, () => "ann" as const)] });
    expect(await (await api.mine()).receive()).toBe("ann");
  });

  test("sends the cookies it has", async () => {
    const test = testClient(app);
    test.cookies.set("session", "s1");
    expect(await (await test.socket("/cookie")).receive()).toBe("s1");
    expect(await (await test.api.cookie()).receive()).toBe("s1");
  });

  test("tells a refusal by its answer", async () => {
    const test = testClient(app);
    const refused = test.socket("/mine");
    await expect(refused).rejects.toThrow(SocketRefused);
    const { response } = (await refused.catch((error: unknown) => error)) as SocketRefused;
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "unauthorized" });
    await expect(test.socket("/none")).rejects.toThrow("404");
    await expect(test.socket("/ping")).rejects.toThrow("200");
    const evil = { headers: { origin: "https://evil.example" } };
    await expect(test.socket("/text", evil)).rejects.toThrow("403");
  });

  test("fails a test for what an operator would be told", async () => {
    const socket = await testClient(app).socket("/boom");
    socket.send("go");
    await expect(socket.receive()).rejects.toThrow("a secret");
    await expect(socket.closed).rejects.toThrow("a secret");
    const real = testClient(app, { raise: false });
    const other = await real.socket("/boom");
    other.send("go");
    expect(await other.closed).toEqual({ code: 1011, reason: "internal" });
    expect(real.reports).toMatchObject([{ kind: "error", route: "WEBSOCKET /boom" }]);
  });

  test("tells of the end once everything is cleaned up, and ends what is open itself", async () => {
    log.length = 0;
    const test = testClient(app);
    const [first, second] = [await test.socket("/forever"), await test.socket("/forever")];
    first.close();
    await first.closed;
    expect(log).toEqual(["cleaned up"]);
    await test.close();
    expect(await second.closed).toMatchObject({ code: 1001 });
    expect(log).toEqual(["cleaned up", "cleaned up"]);
  });

  test("holds messages to their limit", async () => {
    const socket = await testClient(app).socket("/text");
    socket.send("é".repeat(32_769));
    expect((await socket.closed).code).toBe(1009);
  });
});
