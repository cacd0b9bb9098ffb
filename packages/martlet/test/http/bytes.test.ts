import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import {
  bytes,
  byteStream,
  dependency,
  martlet,
  post,
  put,
  request,
  Unauthorized,
  UnsupportedMediaType,
} from "martlet";
import { client } from "martlet/client";
import { listen } from "martlet/server";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";
import { objections } from "../openapi/validity.ts";
import { talk } from "../wire.ts";

const log: string[] = [];

const whole = put("/whole", { body: bytes({ maxSize: "1kB" }) }, ({ body }) => {
  expectTypeOf(body).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
  return { size: body.length, sum: body.reduce((sum, each) => sum + each, 0) };
});
const image = put(
  "/image/{id}",
  { path: { id: z.int() }, body: bytes({ types: ["image/*", "application/pdf"] }) },
  ({ id, body }) => ({ id, size: body.length }),
);
const stream = put("/stream", { body: byteStream({ maxSize: "1MB" }) }, async ({ body }) => {
  expectTypeOf(body).toEqualTypeOf<ReadableStream<Uint8Array<ArrayBuffer>>>();
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  return { size };
});
const first = put("/first", { body: byteStream({ maxSize: "1GB" }) }, async ({ body }) => {
  const reader = body.getReader();
  const { value } = await reader.read();
  return { size: value?.length };
});
const unread = put("/unread", { body: byteStream() }, () => "nobody looked");
const echo = post("/echo", { body: byteStream({ types: ["text/plain"] }) }, async ({ body }) => ({
  text: await new Response(body).text(),
}));
const late = put("/late", { body: byteStream() }, async ({ body }) => {
  try {
    for await (const _ of body) log.push("chunk");
  } catch (error) {
    log.push((error as { code: string }).code);
    throw error;
  }
});

/** What sends a signature over the bytes of its JSON. */
const signed = post(
  "/signed",
  { body: z.object({ event: z.string() }), use: { request }, throws: [Unauthorized] },
  async ({ body, request }) => {
    const sent = await request.bytes({ maxSize: 1000 });
    const digest = createHmac("sha256", "secret").update(sent).digest("hex");
    return digest === request.header("x-signature") ? body : new Unauthorized({});
  },
);
/** A media type of one's own: what reads it is a dependency like any other. */
const settings = dependency(
  { body: bytes({ types: ["application/yaml"] }), throws: [UnsupportedMediaType] },
  ({ body }) =>
    Object.fromEntries(
      new TextDecoder()
        .decode(body)
        .trim()
        .split("\n")
        .map((line) => line.split(": ") as [string, string]),
    ),
);
const configure = post("/configure", { use: { settings } }, ({ settings }) => settings);

const app = martlet({
  whole,
  image,
  stream,
  first,
  unread,
  echo,
  late,
  signed,
  configure,
});

const code = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code: string }).code,
];

describe.each(fronts)("a raw body through $name", ({ open }) => {
  test("is given as its bytes, or as a stream", async () => {
    await using front = await open(app);
    const body = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
    const sum = body.reduce((each, next) => each + next, 0);
    const answer = await front.call("/whole", { method: "PUT", body });
    expect(await answer.json()).toEqual({ size: 1000, sum });
    const large = new Uint8Array(1_000_000);
    const streamed = await front.call("/stream", { method: "PUT", body: large });
    expect(await streamed.json()).toEqual({ size: 1_000_000 });
  });

  test("may be empty, or not there at all", async () => {
    await using front = await open(app);
    for (const path of ["/whole", "/stream"]) {
      const empty = await front.call(path, { method: "PUT", body: "" });
      expect(await empty.json()).toMatchObject({ size: 0 });
      expect(await (await front.call(path, { method: "PUT" })).json()).toMatchObject({ size: 0 });
    }
  });

  test("is 413 beyond its limit, announced or not", async () => {
    await using front = await open(app);
    for (const [path, size] of [
      ["/whole", 1001],
      ["/stream", 1_000_001],
    ] as const) {
      const body = new Uint8Array(size);
      expect(await code(await front.call(path, { method: "PUT", body }))).toEqual([
        413,
        "content-too-large",
      ]);
      const streamed = { method: "PUT", body: new Blob([body]).stream(), duplex: "half" } as const;
      expect(await code(await front.call(path, streamed))).toEqual([413, "content-too-large"]);
    }
  });

  test("is 415 with another media type, and bytes without one are just bytes", async () => {
    await using front = await open(app);
    const send = (path: string, type?: string): Promise<Response> =>
      front.call(path, {
        method: "PUT",
        headers: type === undefined ? {} : { "content-type": type },
        body: Uint8Array.of(1, 2),
      });
    expect((await send("/image/1", "image/png")).status).toBe(200);
    expect((await send("/image/1", "Application/PDF; charset=latin1")).status).toBe(200);
    expect(await code(await send("/image/1", "text/plain"))).toEqual([
      415,
      "unsupported-media-type",
    ]);
    expect((await send("/image/1")).status).toBe(415);
    expect((await send("/whole")).status).toBe(200);
    // The media type is looked at before the parameters.
    expect((await send("/image/x", "text/plain")).status).toBe(415);
    expect((await send("/image/x", "image/png")).status).toBe(422);
  });

  test("need not be read, nor read to its end", async () => {
    await using front = await open(app);
    const body = new Uint8Array(200_000);
    const unread = await front.call("/unread", { method: "PUT", body });
    expect(await unread.json()).toBe("nobody looked");
    const first = await front.call("/first", { method: "PUT", body });
    expect(((await first.json()) as { size: number }).size).toBeGreaterThan(0);
  });

  test("is the same bytes after it was parsed, for whoever checks a signature", async () => {
    await using front = await open(app);
    const body = '{ "event" : "paid" }';
    const signature = createHmac("sha256", "secret").update(body).digest("hex");
    const headers = { "content-type": "application/json", "x-signature": signature };
    const answer = await front.call("/signed", { method: "POST", headers, body });
    expect(await answer.json()).toEqual({ event: "paid" });
    const other = { ...headers, "x-signature": "" };
    expect((await front.call("/signed", { method: "POST", headers: other, body })).status).toBe(
      401,
    );
  });

  test("is what a dependency makes of a media type of its own", async () => {
    await using front = await open(app);
    const headers = { "content-type": "application/yaml" };
    const init = { method: "POST", headers, body: "name: swift\nwings: 2\n" };
    expect(await (await front.call("/configure", init)).json()).toEqual({
      name: "swift",
      wings: "2",
    });
  });
});

describe("a streamed body", () => {
  test("that ends too early is 400, and breaks where it is read", async () => {
    await using server = await serving();
    log.length = 0;
    const head = "PUT /late HTTP/1.1\r\nHost: a\r\n";
    const { answers } = await talk(server.port, [
      `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
      50,
      "no chunk\r\n",
    ]);
    expect(answers[0]?.status).toBe(400);
    expect(log).toEqual(["chunk", "malformed-body"]);
    log.length = 0;
    const socket = connect(server.port, "127.0.0.1");
    socket.write(`${head}Content-Length: 10\r\n\r\nabc`);
    await expect.poll(() => log).toEqual(["chunk"]);
    socket.destroy();
    await expect.poll(() => log).toEqual(["chunk", "malformed-body"]);
  });

  test("is refused while the client is still sending", async () => {
    await using server = await serving();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await wait(1);
        controller.enqueue(new Uint8Array(100_000));
      },
    });
    const init = { method: "PUT", body, duplex: "half" } as const;
    expect(await code(await fetch(`${server.url}/stream`, init))).toEqual([
      413,
      "content-too-large",
    ]);
  });

  test("comes no faster than it is read", async () => {
    const gate = Promise.withResolvers<void>();
    const held = put("/held", { body: byteStream({ maxSize: "1GB" }) }, async ({ body }) => {
      const reader = body.getReader();
      await reader.read();
      await gate.promise;
      let size = 0;
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        size += read.value.length;
      }
      return { size };
    });
    const server = await listen(martlet({ held }), { port: 0 });
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= 64_000_000) return controller.close();
        sent += 1_000_000;
        controller.enqueue(new Uint8Array(1_000_000));
      },
    });
    const answer = fetch(`${server.url}/held`, { method: "PUT", body, duplex: "half" });
    await wait(300);
    // What is on its way is in the buffers of both sides' sockets.
    expect(sent).toBeLessThan(32_000_000);
    gate.resolve();
    expect(((await (await answer).json()) as { size: number }).size).toBeGreaterThan(63_000_000);
    await server.stop();
  });

  test("takes its time without that of its handler", async () => {
    await using server = await serving({ deadline: 150 });
    let left = 6;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await wait(60);
        if ((left -= 1) < 0) controller.close();
        else controller.enqueue(new Uint8Array(1000));
      },
    });
    const answer = await fetch(`${server.url}/stream`, { method: "PUT", body, duplex: "half" });
    expect(await answer.json()).toEqual({ size: 6000 });
  });

  test("tells a client that waits for the word to go on when it is read", async () => {
    await using server = await serving();
    const head =
      "PUT /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    const { bytes, answers } = await talk(server.port, [head, 50, "abc"]);
    expect(bytes.toString("latin1")).toMatch(/^HTTP\/1.1 100 Continue/);
    expect(answers[0]?.body.toString()).toBe('{"size":3}');
    const refused = await talk(server.port, [head.replace("stream", "image/1"), 50]);
    expect(refused.bytes.toString("latin1")).toMatch(/^HTTP\/1.1 415/);
  });
});

async function serving({ deadline = 30_000 }: { readonly deadline?: number } = {}): Promise<
  AsyncDisposable & { readonly port: number; readonly url: string }
> {
  const { port, url, stop } = await listen(app.with({ deadline, report: () => undefined }), {
    port: 0,
  });
  return { port, url, [Symbol.asyncDispose]: async () => void (await stop({ drain: 1000 })) };
}

describe("the typed client", () => {
  test("sends bytes, blobs, streams and text as they are", async () => {
    await using tested = testClient(app);
    const { api } = tested;
    const data = Uint8Array.of(1, 2, 3);
    for (const body of [data, data.buffer, new Blob([data]), new Blob([data]).stream()]) {
      expect(await api.whole({ body })).toMatchObject({ ok: true, data: { size: 3 } });
    }
    expect(await api.echo({ body: "plain" })).toMatchObject({ data: { text: "plain" } });
    const picture = new Blob([data], { type: "image/webp" });
    expect(await api.image({ id: 7, body: picture })).toMatchObject({ data: { id: 7, size: 3 } });
    expect(await api.image({ id: 7, body: data })).toMatchObject({ ok: false, status: 415 });
  });

  test("sends bytes that are JSON as they are, through a server too", async () => {
    const hook = post("/hook", { body: bytes({ types: ["application/json"] }) }, ({ body }) => ({
      text: new TextDecoder().decode(body),
    }));
    const hooks = martlet({ hook });
    const server = await listen(hooks, { port: 0 });
    const api = client<typeof hooks>(server.url);
    const json = new TextEncoder().encode('{ "a": 1 }');
    for (const body of [json, new Blob([json]), new Blob([json]).stream()]) {
      expect(await api.hook({ body })).toMatchObject({ data: { text: '{ "a": 1 }' } });
    }
    await server.stop();
  });
});

test("the document tells raw bodies by their media types", async () => {
  const document = martlet(
    { whole, image, stream },
    {
      title: "Raw",
      version: "1.0.0",
      description: "Raw bodies.",
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
      servers: [{ url: "https://api.example.org" }],
    },
  ).openapi();
  const binary = { type: "string", format: "binary" };
  expect(document.paths["/image/{id}"]?.["put"]?.requestBody).toEqual({
    required: true,
    content: { "image/*": { schema: binary }, "application/pdf": { schema: binary } },
  });
  expect(document.paths["/whole"]?.["put"]?.requestBody).toEqual({
    required: true,
    content: { "*/*": { schema: { ...binary, maxLength: 1000 } } },
  });
  expect(await objections(document)).toEqual([]);
});
