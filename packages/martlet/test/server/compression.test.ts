import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { Answer, get, html, martlet, type Report, request, text } from "martlet";
import { compress, listen, type RunningServer } from "martlet/server";
import { sendFile } from "martlet/static";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { folder } from "../static/folder.ts";
import { talk } from "../wire.ts";

const words = "many words, many of them the same\n".repeat(200);
const page = `<p>${words}</p>`;
const noise = createHash("shake256", { outputLength: 4000 }).update("seed").digest();
const block = createHash("shake256", { outputLength: 65_536 }).update("seed").digest();
const files = folder({ "page.html": page.repeat(20) });
const log: string[] = [];
const reports: Report[] = [];

async function* lines(count: number): AsyncGenerator<string> {
  try {
    for (let index = 0; index < count; index += 1) {
      yield `{"index":${index}}\n`;
      await wait(20);
    }
  } finally {
    log.push("ended");
  }
}

async function* endless(): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      log.push("chunk");
      yield block;
    }
  } finally {
    log.push("ended");
  }
}

const headersOf = (headers: Record<string, string>): Answer => text(words).with(headers);
const app = martlet(
  {
    json: get("/json", {}, () => ({ words })),
    page: get("/page", {}, () => html(page)),
    small: get("/small", {}, () => text("a".repeat(1023))),
    enough: get("/enough", {}, () => text("a".repeat(1024))),
    image: get("/image", {}, () => new Answer(200, { "content-type": "image/png" }, page)),
    untyped: get("/untyped", {}, () => new Answer(200, {}, page)),
    noise: get("/noise", {}, () => new Answer(200, { "content-type": "text/plain" }, noise)),
    fixed: get("/fixed", {}, () => headersOf({ "cache-control": "max-age=5, No-Transform" })),
    coded: get("/coded", {}, () => headersOf({ "content-encoding": "x-rot13" })),
    tagged: get("/tagged", { use: { request } }, ({ request }) =>
      request.header("if-none-match") === 'W/"v1"'
        ? new Answer(304, { etag: '"v1"', vary: "origin" })
        : headersOf({ etag: '"v1"', vary: "origin", "content-length": String(words.length) }),
    ),
    varied: get("/varied", {}, () => headersOf({ vary: "Accept-Encoding" })),
    empty: get("/empty", { status: 204 }, () => undefined),
    missing: get("/missing", {}, () => text(words, 404)),
    file: get("/file", { use: { request } }, (used) =>
      sendFile(used.request, `${files.path}/page.html`),
    ),
    lines: get("/lines", {}, () => {
      return new Answer(200, { "content-type": "application/jsonl" }, lines(3));
    }),
    many: get("/many", {}, () => {
      return new Answer(200, { "content-type": "application/jsonl" }, lines(1000));
    }),
    endless: get("/endless", {}, () => {
      return new Answer(200, { "content-type": "text/plain" }, endless());
    }),
    events: get("/events", {}, () => {
      return new Answer(200, { "content-type": "text/event-stream" }, lines(2));
    }),
    broken: get("/broken", {}, () => {
      async function* broken(): AsyncGenerator<string> {
        yield words;
        throw new Error("secret");
      }
      return new Answer(200, { "content-type": "text/plain" }, broken());
    }),
  },
  { middleware: [compress()], report: (each) => void reports.push(each) },
);

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
beforeEach(() => {
  log.length = 0;
  reports.length = 0;
});
afterAll(async () => {
  await server.stop();
  files[Symbol.dispose]();
});

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Asks on the wire: a web client would undo the coding by itself. */
async function ask(path: string, encoding = "gzip", method = "GET", more = ""): Promise<Raw> {
  const accept = encoding === "" ? "" : `accept-encoding: ${encoding}\r\n`;
  const bytes = `${method} ${path} HTTP/1.1\r\nhost: a\r\n${accept}${more}\r\n`;
  const { answers } = await talk(server.port, bytes, { methods: [method] });
  return answers[0] as Raw;
}

const decoders = {
  br: promisify(zlib.brotliDecompress),
  gzip: promisify(zlib.gunzip),
  zstd: promisify(zlib.zstdDecompress),
} as const;

describe("an answer", () => {
  test.each([
    ["gzip, deflate, br, zstd", "br"],
    ["gzip, zstd", "zstd"],
    ["gzip", "gzip"],
    ["br;q=0.1, gzip;q=0.2", "gzip"],
    ["*", "br"],
  ] as const)("for %s is compressed as %s", async (encoding, coding) => {
    const { headers, body } = await ask("/json", encoding);
    expect(headers["content-encoding"]).toBe(coding);
    expect(headers["vary"]).toBe("accept-encoding");
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["content-length"]).toBe(String(body.length));
    expect(body.length).toBeLessThan(words.length / 10);
    expect(JSON.parse(String(await decoders[coding](body)))).toEqual({ words });
  });

  test.each(["", "identity", "deflate", "gzip;q=0", "identity, gzip;q=0.5"])(
    "for %j is not, and says that it depends on that",
    async (encoding) => {
      const { headers, body } = await ask("/page", encoding);
      expect(headers["content-encoding"]).toBe(undefined);
      expect(headers["vary"]).toBe("accept-encoding");
      expect(String(body)).toBe(page);
    },
  );

  test.each(["/small", "/image", "/untyped", "/fixed", "/coded", "/empty"])(
    "%s is left as it is",
    async (path) => {
      const { headers } = await ask(path);
      expect(headers["vary"]).toBe(undefined);
      expect(headers["content-encoding"]).toBe(path === "/coded" ? "x-rot13" : undefined);
    },
  );

  test("that does not become smaller is sent as it was", async () => {
    const { headers, body } = await ask("/noise");
    expect(headers["content-encoding"]).toBe(undefined);
    expect(body.equals(noise)).toBe(true);
  });

  test("of the least size is compressed, and an error too", async () => {
    expect((await ask("/enough")).headers["content-encoding"]).toBe("gzip");
    expect(await ask("/missing")).toMatchObject({
      status: 404,
      headers: { "content-encoding": "gzip" },
    });
  });

  test("keeps what it depended on before, and has a weak tag", async () => {
    const { headers, body } = await ask("/tagged");
    expect(headers).toMatchObject({ vary: "origin, accept-encoding", etag: 'W/"v1"' });
    expect(headers["content-length"]).toBe(String(body.length));
    expect((await ask("/varied")).headers["vary"]).toBe("Accept-Encoding");
    const again = await ask("/tagged", "gzip", "GET", 'if-none-match: W/"v1"\r\n');
    expect(again).toMatchObject({
      status: 304,
      headers: { vary: "origin, accept-encoding", etag: 'W/"v1"' },
    });
    expect((await ask("/tagged", "identity")).headers["etag"]).toBe('"v1"');
  });

  test("to HEAD has the headers of GET, as far as they are known", async () => {
    for (const path of ["/page", "/file", "/lines", "/small", "/image"]) {
      const [head, got] = [await ask(path, "br", "HEAD"), await ask(path, "br")];
      const told = ({ headers }: Raw): unknown =>
        ["content-encoding", "content-type", "etag", "vary"].map((each) => headers[each]);
      expect([path, told(head)]).toEqual([path, told(got)]);
      const length = head.headers["content-length"];
      expect([undefined, got.headers["content-length"]]).toContain(length);
    }
  });
});

describe("a file", () => {
  test("is compressed as it comes, and tells no ranges of it", async () => {
    const { headers, body } = await ask("/file");
    expect(headers).toMatchObject({
      "content-encoding": "gzip",
      "transfer-encoding": "chunked",
      etag: expect.stringMatching(/^W\//),
    });
    expect(headers).not.toHaveProperty("content-length");
    expect(headers).not.toHaveProperty("accept-ranges");
    expect(String(await decoders.gzip(body))).toBe(page.repeat(20));
  });

  test("in part is left as it is", async () => {
    const { status, headers, body } = await ask("/file", "gzip", "GET", "range: bytes=0-2\r\n");
    expect(status).toBe(206);
    expect(headers["content-encoding"]).toBe(undefined);
    expect(String(body)).toBe("<p>");
  });
});

describe("a stream", () => {
  test.each(["br", "gzip", "zstd"] as const)("as %s comes chunk by chunk", async (coding) => {
    const answer = await fetch(`${server.url}/lines`, { headers: { "accept-encoding": coding } });
    expect(answer.headers.get("content-encoding")).toBe(coding);
    const chunks: string[] = [];
    for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
      chunks.push(Buffer.from(chunk).toString());
    }
    expect(chunks).toEqual(['{"index":0}\n', '{"index":1}\n', '{"index":2}\n']);
    expect(log).toEqual(["ended"]);
  });

  test("of events is left as it is", async () => {
    const { headers, body } = await ask("/events");
    expect(headers["content-encoding"]).toBe(undefined);
    expect(String(body)).toBe('{"index":0}\n{"index":1}\n');
  });

  test("ends once the client has gone", async () => {
    for (const path of ["/many", "/endless"]) {
      log.length = 0;
      const answer = await fetch(server.url + path, { headers: { "accept-encoding": "gzip" } });
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      await reader.cancel();
      await vi.waitFor(() => expect(log).toContain("ended"));
    }
    expect(reports).toEqual([]);
  });

  test("makes no more than the client takes", async () => {
    const answer = await fetch(`${server.url}/endless`, { headers: { "accept-encoding": "gzip" } });
    // What the buffers on the way hold, and no more.
    let before = -1;
    while (log.length !== before && log.length < 1000) {
      before = log.length;
      await wait(100);
    }
    expect(before).toBeLessThan(1000);
    await answer.body?.cancel();
    await vi.waitFor(() => expect(log).toContain("ended"));
  });

  test("that fails is cut, and reported", async () => {
    const { end, bytes } = await talk(
      server.port,
      "GET /broken HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n",
    );
    expect(end).not.toBe("open");
    expect(bytes.toString("latin1")).not.toContain("\r\n0\r\n\r\n");
    expect(reports).toMatchObject([{ kind: "error", route: "GET /broken" }]);
  });
});

describe("the options", () => {
  test("choose codings, sizes and types", async () => {
    const middleware = [
      compress({
        minSize: 10,
        codings: ["gzip"],
        levels: { gzip: 9 },
        types: (type) => type.startsWith("image/"),
      }),
    ];
    const strange = martlet(
      {
        image: get("/image", {}, () => new Answer(200, { "content-type": "image/bmp" }, page)),
        page: get("/page", {}, () => html(page)),
      },
      { middleware },
    );
    const headers = { "accept-encoding": "br, gzip" };
    const call = async (path: string): Promise<Response> =>
      strange.fetch(new Request(`http://localhost${path}`, { headers }));
    const image = await call("/image");
    expect(image.headers.get("content-encoding")).toBe("gzip");
    expect(zlib.gunzipSync(await image.arrayBuffer()).toString()).toBe(page);
    expect((await call("/page")).headers.has("content-encoding")).toBe(false);
  });
});

describe("HEAD of a stream", () => {
  test("tells no length, for nobody knows it", async () => {
    const { headers } = await ask("/events", "", "HEAD");
    expect(headers).not.toHaveProperty("content-length");
  });
});
