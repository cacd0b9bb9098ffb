import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { get, type HttpSource, martlet, type Param, post, text } from "martlet";
import { trustedHosts } from "martlet/security";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { corpus, inParallel } from "../vectors.ts";
import { type Conversation, talk } from "../wire.ts";

interface RawCase {
  readonly id: string;
  readonly why: string;
  readonly expect: "reject" | "no-smuggle" | "any" | "timeout";
  readonly raw_latin1: string;
}

const cases = corpus("http-raw") as readonly RawCase[];

/** Reads the whole body, whatever it is: what is wrong with its framing must show. */
const bytes: Param<unknown, HttpSource & { exchange?: { body?: unknown } }> = {
  kind: "bytes",
  phase: "body",
  describe: () => {},
  compile: () => async (source) => {
    const body = source.exchange?.body as
      | { bytes: (limit: number) => Promise<unknown> }
      | undefined;
    return body?.bytes(100_000);
  },
};
const routes = {
  read: get("/echo", {}, () => text("ECHO")),
  write: post("/echo", { use: { bytes } }, () => text("ECHO")),
  smuggled: get("/smuggled", {}, () => text("SMUGGLED")),
};
const app = martlet(routes, { middleware: [trustedHosts(["localhost"])] });

/** The bytes of a case: Latin-1, but for the few that hold what Latin-1 cannot. */
function rawBytes({ raw_latin1: raw }: RawCase): Buffer {
  return Buffer.from(raw, /[\u0100-\uffff]/.test(raw) ? "utf8" : "latin1");
}

/** `patience` is how long an answer is waited for, in milliseconds. */
function replay(port: number, each: RawCase, patience: number): Promise<Conversation> {
  return talk(port, rawBytes(each), { answers: 9, patience, quiet: 200 });
}

/** What is wrong with how a case went; `undefined` when nothing is. */
function verdict(each: RawCase, { answers, end, bytes }: Conversation): string | undefined {
  const sent = bytes.toString("latin1");
  if (sent.includes("SMUGGLED")) return "the second request was routed";
  if (answers.some(({ status }) => status >= 500 && status !== 505)) return "a failure";
  if (each.expect === "timeout" && end === "open") return "never ended";
  if (each.expect !== "reject") return undefined;
  if (sent.includes("ECHO")) return "the handler was called";
  return answers.length === 0 && end === "open" ? "no answer" : undefined;
}

describe("raw requests", () => {
  let server: RunningServer;
  let went: ReadonlyMap<string, Conversation>;

  beforeAll(async () => {
    server = await listen(app, { port: 0, headersTimeout: 300 });
    const all = await inParallel(cases, (each) =>
      // What may stay without an answer need not be waited for as long as what must have one.
      replay(server.port, each, each.expect === "no-smuggle" ? 700 : 4000),
    );
    went = new Map(cases.map((each, index) => [each.id, all[index] as Conversation]));
  }, 30_000);
  afterAll(() => server.stop());

  test("reach the handlers when they are plain (positive control)", async () => {
    const echo = await talk(server.port, "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(echo.answers.map((each) => String(each.body))).toEqual(["ECHO"]);
    const body = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
    expect((await talk(server.port, body)).answers[0]?.status).toBe(200);
    const smuggled = await talk(server.port, "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(smuggled.answers.map((each) => String(each.body))).toEqual(["SMUGGLED"]);
  });

  test("are all of the corpus", () => {
    const count = (kind: RawCase["expect"]): number =>
      cases.filter((each) => each.expect === kind).length;
    expect({
      reject: count("reject"),
      noSmuggle: count("no-smuggle"),
      any: count("any"),
      timeout: count("timeout"),
    }).toEqual({ reject: 52, noSmuggle: 106, any: 24, timeout: 1 });
    expect(went.size).toBe(183);
  });

  test.for(cases)("$id: $why", (each) => {
    expect(verdict(each, went.get(each.id) as Conversation)).toBeUndefined();
  });

  test("leave the server answering", async () => {
    const after = await talk(server.port, "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(after.answers[0]?.status).toBe(200);
  });

  test("are told of in problem documents when they are refused", () => {
    const refusals = [...went.values()].flatMap((each) =>
      each.answers.filter(({ status }) => status >= 400),
    );
    expect(refusals.length).toBeGreaterThan(60);
    for (const { headers, body, status } of refusals) {
      expect(headers["content-type"]).toBe("application/problem+json");
      expect(JSON.parse(String(body))).toMatchObject({ status });
    }
  });
});

describe("a lenient server", () => {
  test("fails many of the same cases (negative control)", async () => {
    const lenient = createServer({ insecureHTTPParser: true, requireHostHeader: false });
    lenient.on("request", (request, response) => {
      request.resume();
      request.on("end", () => response.end(request.url === "/smuggled" ? "SMUGGLED" : "ECHO"));
    });
    await new Promise<void>((resolve) => lenient.listen(0, "127.0.0.1", resolve));
    const { port } = lenient.address() as AddressInfo;
    const judged = cases.filter((each) => each.expect === "reject" || each.expect === "no-smuggle");
    const all = await inParallel(judged, (each) => replay(port, each, 700));
    const failed = judged.filter((each, index) => verdict(each, all[index] as Conversation));
    lenient.closeAllConnections();
    lenient.close();
    expect(failed.length).toBeGreaterThan(30);
  }, 20_000);
});
