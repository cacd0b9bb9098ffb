import {
  readlinkSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Forbidden, get, martlet, NotFound, post, type Report, request } from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { sendFile } from "martlet/static";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";
import { folder } from "./folder.ts";

const files = folder();
const digits = "0123456789".repeat(10);
const small = files.write("small.txt", digits);
const large = files.write("large.bin", Buffer.alloc(8_000_000, "martlet "));
files.write("empty.txt", "");
const modified = new Date("2026-01-02T03:04:05.678Z");
utimesSync(small, modified, modified);
const lastModified = "Fri, 02 Jan 2026 03:04:05 GMT";

const reports: Report[] = [];
const app = martlet(
  {
    small: get("/small", { use: { request } }, (used) => sendFile(used.request, small)),
    large: get("/large", { use: { request } }, (used) => sendFile(used.request, large)),
    strong: get("/strong", { use: { request } }, (used) =>
      sendFile(used.request, large, { etag: '"v1"', cacheControl: "private, max-age=60" }),
    ),
    untagged: get("/untagged", { use: { request } }, (used) =>
      sendFile(used.request, small, { etag: false }),
    ),
    saved: get("/saved", { use: { request } }, (used) =>
      sendFile(used.request, small, { filename: "Übersicht €.txt", mediaType: "text/x-digits" }),
    ),
    error: get("/error", { use: { request } }, (used) =>
      sendFile(used.request, small, { status: 503, headers: { "retry-after": "5" } }),
    ),
    made: post("/made", { use: { request } }, (used) => sendFile(used.request, small)),
    named: get(
      "/named/{name}",
      { path: { name: z.string() }, use: { request }, throws: [NotFound, Forbidden] },
      ({ name, request }) => sendFile(request, name, { directory: files.path }),
    ),
    gone: get("/gone", { use: { request }, throws: [NotFound] }, (used) =>
      sendFile(used.request, `${files.path}/gone`),
    ),
  },
  { report: (each) => void reports.push(each) },
);

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
beforeEach(() => {
  reports.length = 0;
});
afterAll(async () => {
  await server.stop();
  files[Symbol.dispose]();
});

const call = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, { headers });

describe.each(fronts)("a file through $name", ({ open }) => {
  test("has its type, length, time and tag", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/small");
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "content-length": "100",
      "last-modified": lastModified,
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      etag: expect.stringMatching(/^W\/"[\da-z-]+"$/),
    });
    expect(await answer.text()).toBe(digits);
  });

  test("that is large is whole", async () => {
    await using entrance = await open(app);
    const bytes = Buffer.from(await (await entrance.call("/large")).arrayBuffer());
    expect(bytes.equals(Buffer.alloc(8_000_000, "martlet "))).toBe(true);
  });

  test("is told of by HEAD as by GET, without its content", async () => {
    await using entrance = await open(app);
    for (const path of ["/small", "/large"]) {
      const [head, got] = await Promise.all([
        entrance.call(path, { method: "HEAD", headers: { range: "bytes=0-1" } }),
        entrance.call(path),
      ]);
      const told = (answer: Response): unknown =>
        ["content-length", "content-type", "etag", "last-modified", "accept-ranges"].map((name) =>
          answer.headers.get(name),
        );
      expect(head.status).toBe(200);
      expect(told(head)).toEqual(told(got));
      expect(await head.text()).toBe("");
      await got.arrayBuffer();
    }
  });
});

describe("the headers of a file", () => {
  test("tell a name to save it under, twice where it is not ASCII", async () => {
    const { headers } = await call("/saved");
    expect(headers.get("content-type")).toBe("text/x-digits");
    expect(headers.get("content-disposition")).toBe(
      "attachment; filename=\"_bersicht _.txt\"; filename*=UTF-8''%C3%9Cbersicht%20%E2%82%AC.txt",
    );
  });

  test("are those that the handler asks for", async () => {
    const answer = await call("/error", { range: "bytes=0-1", "if-none-match": "*" });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.text()).toBe(digits);
    expect((await call("/strong")).headers.get("cache-control")).toBe("private, max-age=60");
    expect((await call("/untagged")).headers.has("etag")).toBe(false);
  });

  test("are refused when the tag is not quoted", async () => {
    const source = { method: "GET", header: () => undefined } as never;
    await expect(sendFile(source, small, { etag: "v1" })).rejects.toThrow(TypeError);
  });
});

describe("a condition", () => {
  const later = "Fri, 02 Jan 2026 03:04:06 GMT";
  const earlier = "Fri, 02 Jan 2026 03:04:04 GMT";
  test.each([
    ["none", {}, 200],
    ["the same time", { "if-modified-since": lastModified }, 304],
    [
      "the same time, as RFC 850 had it",
      { "if-modified-since": "Friday, 02-Jan-26 03:04:05 GMT" },
      304,
    ],
    ["the same time, as C has it", { "if-modified-since": "Fri Jan  2 03:04:05 2026" }, 304],
    ["an earlier time", { "if-modified-since": earlier }, 200],
    ["a time that is none", { "if-modified-since": "2026-02-01" }, 200],
    ["any tag", { "if-none-match": "*" }, 304],
    ["another tag and the same time", { "if-none-match": '"x"', "if-modified-since": later }, 200],
    ["a tag that must be, and is not", { "if-match": '"x"' }, 412],
    ["any tag that must be", { "if-match": "*" }, 200],
    ["unmodified since before", { "if-unmodified-since": earlier }, 412],
    ["unmodified since then", { "if-unmodified-since": lastModified }, 200],
    ["a failed one before a fulfilled one", { "if-match": '"x"', "if-none-match": "*" }, 412],
    ["of two about one thing the first", { "if-match": "*", "if-unmodified-since": earlier }, 200],
  ])("%s", async (_what, headers, status) => {
    const answer = await call("/small", headers);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe(status === 200 ? digits : "");
  });

  test("that says nothing has changed is answered with what may have, and no length", async () => {
    const { headers } = await call("/small", { "if-none-match": "*" });
    expect(headers.get("etag")).toMatch(/^W\//);
    expect(headers.has("content-length")).toBe(false);
  });

  test("by tag takes a list, weak or strong", async () => {
    const { headers } = await call("/small");
    const etag = String(headers.get("etag"));
    const known = ['"a,b"', etag, '"z"'].join(", ");
    expect((await call("/small", { "if-none-match": known })).status).toBe(304);
    expect((await call("/small", { "if-none-match": etag.slice(2) })).status).toBe(304);
    // What must be the same is compared to the byte, and a weak tag does not tell.
    expect((await call("/small", { "if-match": etag })).status).toBe(412);
    expect((await call("/strong", { "if-match": '"v1"' })).status).toBe(200);
  });

  test("is for reading: another method answers the file", async () => {
    const headers = { "if-none-match": "*", range: "bytes=0-1" };
    const answer = await fetch(`${server.url}/made`, { method: "POST", headers });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(digits);
  });
});

describe("a range", () => {
  test.each([
    ["bytes=0-4", "bytes 0-4/100", "01234"],
    ["bytes=95-", "bytes 95-99/100", "56789"],
    ["bytes=-3", "bytes 97-99/100", "789"],
    ["bytes=-1000", "bytes 0-99/100", digits],
    ["bytes=98-1000", "bytes 98-99/100", "89"],
    ["BYTES=0-0", "bytes 0-0/100", "0"],
    ["bytes=0-1, 200-", "bytes 0-1/100", "01"],
  ])("%s is a part", async (range, told, content) => {
    const answer = await call("/small", { range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe(told);
    expect(answer.headers.get("content-length")).toBe(String(content.length));
    expect(await answer.text()).toBe(content);
  });

  test.each(["bytes=100-", "bytes=-0", "bytes=200-300,400-"])("%s is outside", async (range) => {
    const answer = await call("/small", { range });
    expect(answer.status).toBe(416);
    expect(answer.headers.get("content-range")).toBe("bytes */100");
  });

  test.each([
    "bytes=5-2",
    "bytes=a-b",
    "bytes=-",
    "bytes=",
    "bytes 0-1",
    "items=0-1",
    "bytes=0-1,x",
    "bytes=0-60,30-99",
    `bytes=${Array.from({ length: 17 }, (_, each) => `${each}-${each}`).join(",")}`,
    "bytes=0-99999999999999999999",
  ])("%s is the whole file", async (range) => {
    const answer = await call("/small", { range });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(digits);
  });

  test("of an empty file is the empty file, or outside", async () => {
    expect((await call("/named/empty.txt", { range: "bytes=-5" })).status).toBe(200);
    expect((await call("/named/empty.txt", { range: "bytes=0-" })).status).toBe(416);
    expect(await (await call("/named/empty.txt")).text()).toBe("");
  });

  test("that is several comes in parts, of the length that was told", async () => {
    const answer = await call("/small", { range: "bytes=0-1,-2,50-54" });
    expect(answer.status).toBe(206);
    const boundary = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(
      String(answer.headers.get("content-type")),
    )?.[1];
    const text = await answer.text();
    expect(answer.headers.get("content-length")).toBe(String(text.length));
    const part = (place: string, content: string): string =>
      `\r\n--${boundary}\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-range: bytes ${place}/100\r\n\r\n${content}`;
    expect(text).toBe(
      `${part("0-1", "01")}${part("98-99", "89")}${part("50-54", "01234")}\r\n--${boundary}--\r\n`,
    );
  });

  test("resumes a download only while the file is the same", async () => {
    const range = "bytes=4000000-";
    const part = await call("/strong", { range, "if-range": '"v1"' });
    expect(part.status).toBe(206);
    expect((await part.arrayBuffer()).byteLength).toBe(4_000_000);
    const since = { range: "bytes=50-", "if-range": lastModified };
    expect((await call("/small", since)).status).toBe(206);
    const weak = String((await call("/small")).headers.get("etag"));
    for (const condition of ['"v0"', "Fri, 02 Jan 2026 03:04:06 GMT", weak, "soon"]) {
      const answer = await call("/small", { range: "bytes=50-", "if-range": condition });
      expect([condition, answer.status]).toEqual([condition, 200]);
      await answer.arrayBuffer();
    }
  });
});

describe("a name from a client", () => {
  test.each(["..%2Fsecret", "%2e%2e", "%2Fetc%2Fpasswd", "nothing.txt", ".", "sub"])(
    "%s is not found",
    async (name) => {
      files.write("sub/file.txt", "x");
      expect((await call(`/named/${name}`)).status).toBe(404);
      expect(reports).toEqual([]);
    },
  );

  test("may lead into a directory below", async () => {
    files.write("sub/file.txt", "below");
    expect(await (await call("/named/sub%2Ffile.txt")).text()).toBe("below");
  });

  test("of a file that the server misses is not found either", async () => {
    expect((await call("/gone")).status).toBe(404);
  });
});

/** How many handles of this process are on a file. */
function handlesOn(path: string): number {
  return readdirSync("/proc/self/fd").filter((each) => {
    try {
      return readlinkSync(`/proc/self/fd/${each}`).startsWith(path);
    } catch {
      return false;
    }
  }).length;
}

describe.runIf(process.platform === "linux")("the handle of a file", () => {
  test("is closed when it is sent, and when the client goes half way", async () => {
    await (await call("/large")).arrayBuffer();
    await vi.waitFor(() => expect(handlesOn(large)).toBe(0));
    const controllers = Array.from({ length: 8 }, () => new AbortController());
    for (const { signal } of controllers) {
      const answer = await fetch(`${server.url}/large`, { signal });
      await answer.body?.getReader().read();
    }
    expect(handlesOn(large)).toBeGreaterThan(0);
    for (const each of controllers) each.abort();
    await vi.waitFor(() => expect(handlesOn(large)).toBe(0));
    expect(reports).toEqual([]);
  });

  test("is not there for what is answered without the content", async () => {
    await fetch(`${server.url}/large`, { method: "HEAD" });
    await call("/large", { "if-none-match": "*" });
    await call("/large", { range: "bytes=9000000-" });
    expect(handlesOn(large)).toBe(0);
  });

  test("is let go of when a client takes nothing any more", async () => {
    const strict = await listen(app, { port: 0, sendTimeout: 100 });
    const socket = connect(strict.port, "127.0.0.1");
    socket.pause().on("error", () => undefined);
    socket.write("GET /large HTTP/1.1\r\nhost: a\r\n\r\n");
    await vi.waitFor(() => expect(handlesOn(large)).toBe(1));
    await vi.waitFor(() => expect(handlesOn(large)).toBe(0), 5000);
    socket.destroy();
    await strict.stop();
  });
});

describe.runIf(process.platform === "linux")("a file on its way", () => {
  const changing = files.write("changing.bin", "");
  truncateSync(changing, 1024 ** 3);
  /** Asks for the file, and has some of it. */
  const begin = async (url: string): Promise<ReadableStreamDefaultReader<Uint8Array>> => {
    const reader = ((await fetch(url)).body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    return reader;
  };
  /** Reads to the end; gives how many bytes came. */
  const finish = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<number> => {
    let size = 0;
    for (let each = await reader.read(); !each.done; each = await reader.read()) {
      size += each.value.length;
    }
    return size;
  };
  const serve = martlet(
    { file: get("/", { use: { request } }, (used) => sendFile(used.request, changing)) },
    { report: (each) => void reports.push(each) },
  );

  test("that becomes shorter cuts the connection", async () => {
    const own = await listen(serve, { port: 0 });
    const reader = await begin(own.url);
    truncateSync(changing, 1_000_000);
    await expect(finish(reader)).rejects.toBeInstanceOf(TypeError);
    expect(String(reports[0]?.error)).toContain("became shorter");
    await own.stop();
  });

  test("that is replaced or removed is sent as it was", async () => {
    truncateSync(changing, 32_000_000);
    const own = await listen(serve, { port: 0 });
    const reader = await begin(own.url);
    rmSync(changing);
    writeFileSync(changing, "another");
    expect(await finish(reader)).toBeGreaterThan(31_000_000);
    expect(reports).toEqual([]);
    await own.stop();
  });

  test("comes no faster than a slow reader takes it", async () => {
    const huge = files.write("huge.bin", "");
    // It takes no place on the disk.
    truncateSync(huge, 4 * 1024 ** 3);
    const before = process.memoryUsage().arrayBuffers;
    const socket = connect(server.port, "127.0.0.1");
    socket.pause().write("GET /named/huge.bin HTTP/1.1\r\nhost: a\r\n\r\n");
    await wait(500);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    expect(handlesOn(huge)).toBe(1);
    socket.destroy();
    await vi.waitFor(() => expect(handlesOn(huge)).toBe(0), 5000);
    expect(reports).toEqual([]);
  });
});
