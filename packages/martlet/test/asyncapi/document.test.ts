import { createRequire } from "node:module";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import {
  type AsyncApiDocument,
  binary,
  dependency,
  get,
  martlet,
  router,
  websocket,
} from "martlet";
import { apiKey, bearer, httpBasic, oauth2Password, optional } from "martlet/auth";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const Say = z.object({ kind: z.literal("say"), text: z.string() }).meta({ id: "Say" });
const Leave = z.object({ kind: z.literal("leave") }).meta({ id: "Leave" });
const Message = z.object({
  id: z.int(),
  text: z.string(),
  at: z.date(),
  read: z.boolean().default(false),
});

const caller = dependency(
  { security: { token: oauth2Password({ tokenUrl: "/token", scopes: { chat: "Talk" } }) } },
  ({ token }) => token,
);
const room = websocket(
  "/{kind}/{id}",
  {
    path: { kind: z.enum(["open", "closed"]).describe("Who may come in."), id: z.int() },
    query: { since: z.date().optional(), name: z.string().min(1) },
    header: { xTenant: z.string().optional().describe("Whose.") },
    cookie: { theme: z.string().optional() },
    use: { caller: caller.scopes("chat") },
    receives: z.discriminatedUnion("kind", [Say, Leave]),
    sends: Message,
    description: "A room, and *everybody* in it.",
  },
  () => undefined,
);
const chat = router("/chat", { Message, room }, { tags: ["talk"] });
const raw = websocket(
  "/raw/{rest*}",
  {
    path: { rest: z.string() },
    security: { key: apiKey({ query: "key" }), token: optional(bearer({ format: "JWT" })) },
    receives: binary,
    summary: "Bytes in, text out",
  },
  () => undefined,
);
const basic = websocket("/basic", { security: { user: httpBasic() } }, () => undefined);
const secret = websocket("/secret", { hidden: true }, () => undefined);
const app = martlet(
  { chat, raw, basic, secret, ping: get("/ping", {}, () => "pong") },
  {
    title: "Talk",
    version: "2.0.0",
    description: "Rooms.",
    license: { name: "MIT", identifier: "MIT" },
    servers: [{ url: "https://talk.example/v2/", description: "The one." }, { url: "/here" }],
  },
);

const require = createRequire(import.meta.url);

/** What the schema of the specification objects to. */
function objections(document: AsyncApiDocument): unknown {
  const schema = require("@asyncapi/specs/schemas/3.0.0-without-$id.json") as object;
  const ajv = new Ajv({ strict: false, allErrors: true });
  // It is a module of the time before modules.
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  const validate = ajv.compile(schema);
  return validate(JSON.parse(JSON.stringify(document))) ? [] : validate.errors;
}

describe("the AsyncAPI document", () => {
  const document = app.asyncapi();

  test("is valid by the schema of the specification", () => {
    expect(objections(document)).toEqual([]);
    expect(objections(martlet({}).asyncapi())).toEqual([]);
    expect(objections({ ...document, channels: { a: { address: 1 } } } as never)).not.toEqual([]);
  });

  test("tells each socket's place, handshake and messages", () => {
    const { "chat.room": told } = document.channels;
    expect(told).toEqual({
      address: "/chat/{kind}/{id}",
      title: "chat.room",
      summary: "Room",
      description: "A room, and *everybody* in it.",
      tags: [{ name: "talk" }],
      parameters: { kind: { description: "Who may come in.", enum: ["open", "closed"] }, id: {} },
      messages: {
        received: {
          title: "What the server receives",
          contentType: "application/json",
          payload: {
            oneOf: [{ $ref: "#/components/schemas/Say" }, { $ref: "#/components/schemas/Leave" }],
          },
        },
        sent: {
          title: "What the server sends",
          contentType: "application/json",
          payload: { $ref: "#/components/schemas/Message" },
        },
      },
      bindings: {
        ws: {
          method: "GET",
          query: {
            type: "object",
            properties: {
              since: { type: "string", format: "date-time" },
              name: { type: "string", minLength: 1 },
            },
            required: ["name"],
          },
          headers: {
            type: "object",
            properties: { "x-tenant": { type: "string", description: "Whose." } },
          },
          bindingVersion: "0.1.0",
        },
      },
    });
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(["Leave", "Message", "Say"]);
    expect(document.components?.schemas?.["Message"]).toMatchObject({
      required: ["id", "text", "at", "read"],
    });
  });

  test("tells text and bytes as what they are", () => {
    const { raw: told } = document.channels;
    expect(told).toMatchObject({ address: "/raw/{rest}", summary: "Bytes in, text out" });
    expect(told?.messages).toMatchObject({
      received: { contentType: "application/octet-stream" },
      sent: { contentType: "text/plain", payload: { type: "string" } },
    });
  });

  test("tells both directions, with what they ask for", () => {
    expect(Object.keys(document.operations)).toEqual([
      "chat.room.receive",
      "chat.room.send",
      "raw.receive",
      "raw.send",
      "basic.receive",
      "basic.send",
    ]);
    expect(document.operations["chat.room.send"]).toMatchObject({
      action: "send",
      channel: { $ref: "#/channels/chat.room" },
      messages: [{ $ref: "#/channels/chat.room/messages/sent" }],
      security: [
        {
          type: "oauth2",
          flows: {
            password: { tokenUrl: "https://talk.example/token", availableScopes: { chat: "Talk" } },
          },
          scopes: ["chat"],
        },
      ],
    });
    expect(document.components?.securitySchemes).toMatchObject({
      apiKey: { type: "httpApiKey", in: "query", name: "key" },
      basic: { type: "http", scheme: "basic" },
      bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
    });
    // Where the place of the tokens is not known as a whole, how they are sent still is.
    const placeless = app.with({ servers: [] }).asyncapi();
    expect(objections(placeless)).toEqual([]);
    expect(placeless.components?.securitySchemes?.["oauth2"]).toEqual({
      type: "http",
      scheme: "bearer",
    });
  });

  test("tells the application and its servers", () => {
    expect(document).toMatchObject({
      asyncapi: "3.0.0",
      info: { title: "Talk", version: "2.0.0", description: "Rooms.", license: { name: "MIT" } },
      servers: {
        server1: {
          host: "talk.example",
          pathname: "/v2",
          protocol: "wss",
          description: "The one.",
        },
      },
    });
    expect(Object.keys(document.servers ?? {})).toEqual(["server1"]);
  });

  test("is served where there are sockets, unless it is left out", async () => {
    const answer = await testClient(app).get("/asyncapi.json");
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
    const { ping } = { ping: get("/ping", {}, () => "pong") };
    expect((await testClient(martlet({ ping })).get("/asyncapi.json")).status).toBe(404);
    const left = martlet({ raw }, { asyncapi: false });
    expect((await testClient(left).get("/asyncapi.json")).status).toBe(404);
    const moved = martlet({ raw }, { asyncapi: "/sockets.json" });
    expect((await testClient(moved).get("/sockets.json")).status).toBe(200);
  });
});

describe("the OpenAPI document", () => {
  test("holds no socket but in a table for clients, whatever its version", () => {
    for (const version of ["3.1.1", "3.2.0"] as const) {
      const document = app.with({ openapi: { version } }).openapi();
      expect(Object.keys(document.paths)).toEqual(["/ping"]);
      expect(document.components).toBeUndefined();
      expect(document["x-martlet-sockets"]).toEqual({
        "chat.room": {
          method: "WEBSOCKET",
          path: "/chat/{kind}/{id}",
          query: ["since", "name"],
          header: ["x-tenant"],
          receives: "json",
          sends: "json",
        },
        raw: { method: "WEBSOCKET", path: "/raw/{rest*}", receives: "binary", sends: "text" },
        basic: { method: "WEBSOCKET", path: "/basic", receives: "text", sends: "text" },
      });
    }
    expect(martlet({}).openapi()).not.toHaveProperty("x-martlet-sockets");
  });
});
