import {
  Answer,
  get,
  head,
  html,
  martlet,
  post,
  redirect,
  type Report,
  reply,
  response,
  type ResponseDraft,
  text,
} from "martlet";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Entrance, fronts } from "../fronts.ts";

const reports: Report[] = [];
let isStreamStarted = false;
let isStreamEnded = false;

async function* letters(): AsyncGenerator<string | Uint8Array> {
  isStreamStarted = true;
  try {
    yield "a";
    yield new TextEncoder().encode("é");
    yield "c";
  } finally {
    isStreamEnded = true;
  }
}

const bad = "x\r\nset-cookie: evil=1";
const injections: Readonly<Record<string, (response: ResponseDraft) => unknown>> = {
  value: (response) => response.header("x", bad),
  name: (response) => response.header(bad, "x"),
  NUL: (response) => response.header("x", "a\0b"),
  snowman: (response) => response.header("x", "☃"),
  "cookie's name": (response) => response.cookie(bad, "x"),
  "cookie's path": (response) => response.cookie("a", "x", { path: bad }),
  "cookie's domain": (response) => response.cookie("a", "x", { domain: "a; secure" }),
  "cookie's age": (response) => response.cookie("a", "x", { maxAge: Number.NaN }),
  "cookie of a host": (response) => response.cookie("__Host-a", "x", { path: "/x" }),
  status: (response) => (response.status = 99),
  redirect: () => redirect(`/${bad}`),
  answer: () => new Answer(200, { x: bad }, "x"),
  "answer with more": () => text("x").with({ x: ["fine", bad] }),
};

const returns = z.object({ id: z.int() });
const app = martlet(
  {
    plain: get("/plain", { returns }, () => ({ id: 1 })),
    created: post("/created", { status: 201, returns }, () => ({ id: 1 })),
    outcomes: get(
      "/outcomes",
      {
        query: { status: z.literal([200, 202, 204]) },
        returns: { 200: returns, 202: z.object({ position: z.int() }), 204: null },
      },
      ({ status }) => {
        if (status === 202) return reply(202, { position: 3 });
        return status === 204 ? reply(204) : reply(200, { id: 1 });
      },
    ),
    drafted: get("/drafted", { use: { response }, returns }, ({ response }) => {
      response.status = 203;
      response.header("X-Made-By", "martlet");
      response.header("x-made-by", "again");
      response.cookie("a", "1");
      response.cookie("b", "ü; ", { maxAge: 60, secure: true, sameSite: "Strict", path: "/x" });
      response.clearCookie("c");
      return { id: 1 };
    }),
    both: get("/both", { use: { response } }, ({ response }) => {
      response.cookie("b", "2");
      response.header("set-cookie", "c=3");
      response.header("vary", "accept");
      return new Answer(200, { "Set-Cookie": "a=1", Vary: "cookie" }, "x");
    }),
    dropped: get("/dropped", { use: { response } }, ({ response }) => {
      response.header("x-made-by", "martlet");
      throw new Error("never mind");
    }),
    none: get("/none", { status: 204 }, () => undefined),
    draftedNone: get("/drafted-none", { use: { response } }, ({ response }) => {
      response.status = 304;
      return "never sent";
    }),
    bodied204: get("/bodied-204", {}, () => new Answer(204, {}, "never sent")),
    latin1: get("/latin1", { use: { response } }, ({ response }) => {
      response.header("x-name", "Bärbel");
      return "ä";
    }),
    nothing: get("/nothing", {}, () => undefined),
    text: get("/text", {}, () => text("pong é")),
    html: get("/html", {}, () => html("<p>", 418)),
    bytes: get("/bytes", {}, () => new Answer(200, {}, Uint8Array.of(0, 255, 10))),
    redirect: get("/redirect", {}, () => redirect("/text?a=b%20c", 303)),
    stream: get("/stream", {}, () => new Answer(200, { "content-type": "text/plain" }, letters())),
    ownHead: head("/own-head", { use: { response } }, ({ response }) => {
      response.header("x-size", "7");
    }),
    cookies: get("/cookies", { use: { response } }, ({ response }) => {
      response.cookie("a", bad);
      response.cookie("__Host-b", "1");
      response.cookie("__Secure-c", "1");
      response.cookie("d", "1", { domain: "a.example", sameSite: "None", httpOnly: false });
    }),
    injected: get(
      "/injected/{place}",
      { path: { place: z.string() }, use: { response } },
      ({ place, response }) => injections[place]?.(response) ?? null,
    ),
  },
  { report: (each) => void reports.push(each) },
);

beforeEach(() => {
  reports.length = 0;
  isStreamStarted = false;
  isStreamEnded = false;
});

describe.each(fronts)("an answer through $name", ({ open }) => {
  async function inside<Result>(
    work: (call: Entrance["call"]) => Promise<Result>,
  ): Promise<Result> {
    await using entrance = await open(app);
    return await work(entrance.call);
  }
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    inside((send) => send(path, { redirect: "manual", ...init }));

  test("has the route's status, and JSON for a body", async () => {
    const plain = await call("/plain");
    expect([plain.status, await plain.text()]).toEqual([200, '{"id":1}']);
    expect(plain.headers.get("content-type")).toBe("application/json");
    expect((await call("/created", { method: "POST" })).status).toBe(201);
    expect(await (await call("/nothing")).text()).toBe("null");
  });

  test("has one of several outcomes", async () => {
    const answers = await inside((send) =>
      Promise.all([200, 202, 204].map((status) => send(`/outcomes?status=${status}`))),
    );
    expect(answers.map((each) => each.status)).toEqual([200, 202, 204]);
    const bodies = await Promise.all(answers.map((each) => each.text()));
    expect(bodies).toEqual(['{"id":1}', '{"position":3}', ""]);
  });

  test("has the status, headers and cookies that the handler set", async () => {
    const answer = await call("/drafted");
    expect(answer.status).toBe(203);
    expect(answer.headers.get("x-made-by")).toBe("again");
    expect(answer.headers.getSetCookie()).toEqual([
      "a=1; Path=/; HttpOnly; SameSite=Lax",
      "b=%C3%BC%3B%20; Path=/x; Max-Age=60; HttpOnly; Secure; SameSite=Strict",
      "c=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
    ]);
    expect(await answer.json()).toEqual({ id: 1 });
  });

  test("has the bytes of a header that is no ASCII", async () => {
    const answer = await call("/latin1");
    expect([answer.headers.get("x-name"), await answer.text()]).toEqual(["Bärbel", '"ä"']);
  });

  test("keeps its own cookies beside those that were set, and its headers below", async () => {
    const answer = await call("/both");
    expect(answer.headers.getSetCookie()).toEqual([
      "a=1",
      "b=2; Path=/; HttpOnly; SameSite=Lax",
      "c=3",
    ]);
    expect(answer.headers.get("vary")).toBe("accept");
  });

  test("has nothing of what was set when the handler fails", async () => {
    const answer = await call("/dropped");
    expect([answer.status, answer.headers.get("x-made-by")]).toEqual([500, null]);
  });

  test("has no body where its status has none", async () => {
    for (const [path, status] of [
      ["/none", 204],
      ["/drafted-none", 304],
      ["/bodied-204", 204],
    ] as const) {
      const answer = await call(path);
      expect([path, answer.status, await answer.text()]).toEqual([path, status, ""]);
    }
    expect(reports).toEqual([]);
  });

  test("is text, HTML, bytes or a redirect", async () => {
    const pong = await call("/text");
    expect([pong.headers.get("content-type"), await pong.text()]).toEqual([
      "text/plain; charset=utf-8",
      "pong é",
    ]);
    const page = await call("/html");
    expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([
      418,
      "text/html; charset=utf-8",
      "<p>",
    ]);
    expect(new Uint8Array(await (await call("/bytes")).arrayBuffer())).toEqual(
      Uint8Array.of(0, 255, 10),
    );
    const away = await call("/redirect");
    expect([away.status, away.headers.get("location"), await away.text()]).toEqual([
      303,
      "/text?a=b%20c",
      "",
    ]);
  });

  test("comes bit by bit from a generator", async () => {
    const answer = await call("/stream");
    expect(await answer.text()).toBe("aéc");
    expect(isStreamEnded).toBe(true);
  });

  test("has the headers of GET and no body for HEAD", async () => {
    for (const [path, length] of [
      ["/plain", "8"],
      ["/text", "7"],
      ["/bytes", "3"],
    ] as const) {
      const answer = await call(path, { method: "HEAD" });
      expect([answer.status, answer.headers.get("content-length")]).toEqual([200, length]);
      expect(await answer.text()).toBe("");
    }
    const stream = await call("/stream", { method: "HEAD" });
    expect([stream.status, stream.headers.get("content-type")]).toEqual([200, "text/plain"]);
    expect([await stream.text(), isStreamStarted]).toEqual(["", false]);
    expect((await call("/own-head", { method: "HEAD" })).headers.get("x-size")).toBe("7");
    expect((await call("/nowhere", { method: "HEAD" })).status).toBe(404);
  });

  test.for(Object.keys(injections))(
    "cannot be split by what a handler puts into its %s",
    async (place) => {
      const answer = await call(`/injected/${encodeURIComponent(place)}`);
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([500, []]);
      expect(await answer.text()).not.toContain("evil");
      expect(reports.map((each) => each.kind)).toEqual(["error"]);
    },
  );

  test("encodes the value of a cookie, and keeps what its name promises", async () => {
    const answer = await call("/cookies");
    expect(answer.headers.getSetCookie()).toEqual([
      "a=x%0D%0Aset-cookie%3A%20evil%3D1; Path=/; HttpOnly; SameSite=Lax",
      "__Host-b=1; Path=/; HttpOnly; Secure; SameSite=Lax",
      "__Secure-c=1; Path=/; HttpOnly; Secure; SameSite=Lax",
      "d=1; Path=/; Domain=a.example; Secure; SameSite=None",
    ]);
  });
});

describe("an answer", () => {
  test("has header names in lower case, whoever wrote them", () => {
    const answer = new Answer(200, { "Content-Type": "a/b" }).with({ "CONTENT-TYPE": "c/d" });
    expect(answer.headers).toEqual({ "content-type": "c/d" });
  });

  test("refuses a status that is none", () => {
    for (const status of [0, 99, 100, 102, 199, 600, 200.5, Number.NaN]) {
      expect(() => new Answer(status)).toThrow(RangeError);
    }
    // What a socket answers to its handshake.
    expect(new Answer(101).status).toBe(101);
  });

  test("does not tell the value of a header that it refuses", () => {
    expect(() => new Answer(200, { "x-token": "secret\n" })).toThrow(
      /^The header x-token has a character that no header can have$/,
    );
  });
});
