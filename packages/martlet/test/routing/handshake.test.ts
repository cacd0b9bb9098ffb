import {
  Answer,
  dependency,
  Forbidden,
  get,
  martlet,
  type Middleware,
  post,
  response,
  router,
  Unauthorized,
  websocket,
} from "martlet";
import { apiKey, bearer } from "martlet/auth";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Client, talk } from "../ws.ts";

const log: string[] = [];

const text = websocket("/text", {}, async ({ socket }) => {
  for await (const each of socket) await socket.send(each.toUpperCase());
});
const welcome = dependency({ use: { response } }, ({ response }) => {
  response.header("x-welcome", "yes");
  response.cookie("seen", "1");
});
const greeted = websocket("/greeted", { use: { welcome } }, () => undefined);
const protocols = websocket(
  "/protocols",
  { protocols: ["chat.v2", "chat.v1"], header: { secWebsocketProtocol: z.string() } },
  async ({ socket, secWebsocketProtocol }) => {
    await socket.send(`${socket.protocol} of ${secWebsocketProtocol}`);
  },
);

const byKey = websocket(
  "/key",
  { security: { key: apiKey({ query: "key" }) } },
  async ({ key, socket }) => void (await socket.send(key)),
);
const byCookie = websocket(
  "/session",
  { security: { key: apiKey({ cookie: "session" }) }, path: {} },
  async ({ key, socket }) => void (await socket.send(key)),
);
const caller = dependency(
  { security: { token: bearer() }, throws: [Unauthorized, Forbidden] },
  ({ token }) => (token === "ann" ? token : new Forbidden()),
);
const byToken = websocket("/token", { use: { caller } }, async ({ caller, socket }) => {
  await socket.send(caller);
});
const tenant = dependency({ header: { xTenant: z.string() } }, ({ xTenant }) => {
  log.push(`tenant ${xTenant}`);
});
const member = dependency({ path: { org: z.string() }, throws: [Forbidden] }, ({ org }) =>
  org === "closed" ? new Forbidden() : log.push(`member of ${org}`),
);
const guarded = websocket("/live", {}, async ({ socket }) => void (await socket.send("in")));
const elsewhere = websocket(
  "/elsewhere",
  { origins: ["https://shop.example"] },
  async ({ socket }) => void (await socket.send("in")),
);
const anywhere = websocket(
  "/anywhere",
  { origins: "any" },
  async ({ socket }) => void (await socket.send("in")),
);
const both = {
  page: get("/both", {}, () => "page"),
  live: websocket("/both", {}, async ({ socket }) => void (await socket.send("live"))),
};

const stamp: Middleware = async (_request, next) => {
  const answer = await next();
  log.push(`answer ${answer.status}`);
  return answer.with({ "x-stamp": "1" });
};
const refuse: Middleware = async (_request, next) => {
  await next();
  return new Answer(403);
};
const opened = dependency({}, function* () {
  try {
    yield 1;
  } finally {
    log.push("closed");
  }
});
const stamped = websocket("/stamped", { middleware: [stamp] }, () => undefined);
const refused = websocket("/refused", { middleware: [refuse], use: { opened } }, () => {
  log.push("never");
});

const app = martlet({
  auth: router("/auth", { byKey, byCookie, byToken }),
  orgs: router(
    "/orgs/{org}",
    { inner: router("/inner", { guarded }, { use: { tenant } }) },
    { use: { member } },
  ),
  text,
  greeted,
  protocols,
  elsewhere,
  anywhere,
  stamped,
  refused,
  both: router("", both),
  post: post("/post", {}, () => "posted"),
});

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(() => server.stop({ drain: 500 }));
afterEach(() => void (log.length = 0));

const at = (path: string): string => server.url + path;

describe("credentials", () => {
  test("that are missing refuse the handshake", async () => {
    for (const path of ["/auth/key", "/auth/session", "/auth/token"]) {
      const { answer } = await talk(at(path));
      expect(answer).toMatchObject({ status: 401 });
      expect(JSON.parse(answer?.body ?? "")).toMatchObject({ code: "unauthorized" });
    }
    const headers = { authorization: "Bearer eve" };
    expect((await talk(at("/auth/token"), [], { headers })).answer).toMatchObject({ status: 403 });
  });

  test("come by the query, a cookie, a header or a subprotocol", async () => {
    const cookie = { headers: { cookie: "session=s1" } };
    const header = { headers: { authorization: "Bearer ann" } };
    expect((await talk(at("/auth/key?key=k1"))).messages).toEqual(["k1"]);
    expect((await talk(at("/auth/session"), [], cookie)).messages).toEqual(["s1"]);
    expect((await talk(at("/auth/token"), [], header)).messages).toEqual(["ann"]);
    const offered = { protocols: ["token.t1", "chat.v1", "chat.v2"] };
    expect((await talk(at("/protocols"), [], offered)).messages).toEqual([
      "chat.v1 of token.t1,chat.v1,chat.v2",
    ]);
  });
});

describe("routers", () => {
  test("guard sockets as they do routes, outermost first", async () => {
    const headers = { "x-tenant": "t1" };
    const path = "/orgs/open/inner/live";
    expect((await talk(at(path), [], { headers })).messages).toEqual(["in"]);
    expect(log).toEqual(["member of open", "tenant t1"]);
    const bare = await talk(at(path));
    expect(bare.code).toBe(1008);
    expect(bare.reason).toMatch(/^header\.x-tenant: /);
    const refused = await talk(at("/orgs/closed/inner/live"), [], { headers });
    expect(refused.answer).toMatchObject({ status: 403 });
  });

  test("have a socket and a page at one path", async () => {
    expect((await talk(at("/both"))).messages).toEqual(["live"]);
    expect(await (await fetch(at("/both"))).json()).toBe("page");
  });
});

describe("a request that is no handshake", () => {
  test("is told what is wanted", async () => {
    const answer = await fetch(at("/text"));
    expect(answer.status).toBe(426);
    expect(answer.headers.get("upgrade")).toBe("websocket");
    expect(await answer.json()).toMatchObject({ code: "upgrade-required" });
    const posted = await fetch(at("/text"), { method: "POST" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, OPTIONS"]);
    expect((await app.fetch(new Request("http://localhost/text"))).status).toBe(426);
  });

  test("or asks where there is no socket, is answered as ever", async () => {
    expect((await talk(at("/none"))).answer).toMatchObject({ status: 404 });
    expect((await talk(at("/post"))).answer).toMatchObject({
      status: 405,
      headers: { allow: "OPTIONS, POST" },
    });
  });
});

describe("a page of another site", () => {
  test("is refused, unless its origin is listed", async () => {
    const evil = { headers: { origin: "https://evil.example" } };
    const { answer } = await talk(at("/text"), [], evil);
    expect(answer).toMatchObject({ status: 403 });
    expect((await talk(at("/elsewhere"), [], evil)).answer).toMatchObject({ status: 403 });
    expect((await talk(at("/anywhere"), [], evil)).messages).toEqual(["in"]);
    const shop = { headers: { origin: "https://shop.example" } };
    expect((await talk(at("/elsewhere"), [], shop)).messages).toEqual(["in"]);
    const own = { headers: { origin: server.url } };
    expect((await talk(at("/elsewhere"), [], own)).messages).toEqual(["in"]);
    for (const origin of ["null", server.url.replace(/\d+$/, "1"), "", "x"]) {
      expect((await talk(at("/text"), [], { headers: { origin } })).answer?.status).toBe(403);
    }
  });
});

describe("the answer to a handshake", () => {
  test("has the headers and cookies that dependencies set", async () => {
    const client = new Client(at("/greeted"));
    const headers = await new Promise<Record<string, unknown>>((resolve) => {
      client.socket.on("upgrade", (message) => resolve(message.headers));
    });
    expect(headers).toMatchObject({ "x-welcome": "yes" });
    expect(headers["set-cookie"]).toEqual([expect.stringContaining("seen=1")]);
    expect((await client.over).code).toBe(1000);
  });
});

describe("middleware", () => {
  test("stands around the handshake, and its headers are sent with it", async () => {
    const client = new Client(at("/stamped"));
    const headers = await new Promise<object>((resolve) => {
      client.socket.on("upgrade", (message) => resolve(message.headers));
    });
    expect(headers).toMatchObject({ "x-stamp": "1" });
    await client.over;
    expect(log).toEqual(["answer 101"]);
  });

  test("may answer something else after all, and what was opened is closed", async () => {
    expect((await talk(at("/refused"))).answer).toMatchObject({ status: 403 });
    expect(log).toEqual(["closed"]);
  });
});
