import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { get, martlet, problem, router } from "martlet";
import { client, contractOf } from "martlet/client";
import { app } from "./shop.ts";

const contract = contractOf(app.openapi());

/** A server that does one thing to each connection, for as long as `work` takes. */
async function withServer(
  answer: RequestListener,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("a client whose server", () => {
  test("is not there tells so", async () => {
    let closed = "";
    await withServer(
      () => {},
      async (url) => void (closed = url),
    );
    for (const options of [{}, { contract }]) {
      const answer = await client<typeof app>(closed, options).ping();
      expect(answer).toMatchObject({
        ok: false,
        status: 0,
        error: {
          type: "/problems/unreachable",
          title: "Unreachable",
          status: 0,
          code: "unreachable",
          reason: "network",
          detail: "TypeError: fetch failed",
          cause: expect.any(TypeError),
        },
      });
    }
  });

  test("hangs up before its answer is whole tells so", async () => {
    await withServer(
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
        response.write("{");
        setTimeout(() => response.destroy(), 20);
      },
      async (url) => {
        const answer = await client<typeof app>(url, { contract }).ping();
        expect(answer).toMatchObject({ error: { code: "unreachable", reason: "network" } });
      },
    );
  });

  test("stops within its answer is given up in time", async () => {
    await withServer(
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write("[");
      },
      async (url) => {
        const answer = await client<typeof app>(url, { contract, timeout: 50 }).ping();
        expect(answer).toMatchObject({
          error: {
            code: "unreachable",
            reason: "timeout",
            detail: "TimeoutError: No answer within 50 ms",
          },
        });
      },
    );
  });

  test("stands behind a proxy that fails gives what the proxy said", async () => {
    const bad = Response.json({ code: "not-found", message: "no route" }, { status: 404 });
    const api = client<typeof app>("http://a.example", {
      contract,
      fetch: () => Promise.resolve(bad),
    });
    expect(await api.ping()).toMatchObject({
      ok: false,
      status: 404,
      error: { code: "unexpected-answer", body: { code: "not-found", message: "no route" } },
    });
  });

  test("has a problem format of its own gives its body", async () => {
    const Gone = problem(410, "gone");
    const gone = get("/gone", { throws: [Gone] }, () => new Gone({}));
    const own = martlet(
      { gone },
      {
        problems: {
          mediaType: "application/json",
          body: ({ title }) => ({ message: title }),
          schema: () => ({}),
        },
      },
    );
    const api = client<typeof own>("http://a.example", { fetch: own.fetch });
    expect(await api.gone()).toMatchObject({
      ok: false,
      status: 410,
      error: { code: "unexpected-answer", body: { message: "Gone" } },
    });
  });
});

describe("a client that is used wrongly", () => {
  test("names the operations that are nearest", async () => {
    const api = client<typeof app>("http://a.example", { contract }) as unknown as {
      items: { updat: () => Promise<unknown> };
    };
    await expect(api.items.updat()).rejects.toThrow(
      'The application has no operation "items.updat", or hides it from its document. ' +
        'Nearest: "items.update", "items.list", "items.create".',
    );
  });

  test("does not take a name of every object for an operation", async () => {
    const api = client<typeof app>("http://a.example", { contract }) as unknown as {
      toString: () => Promise<unknown>;
    };
    await expect(api.toString()).rejects.toThrow('no operation "toString"');
  });

  test("tells that a hidden route is in no document", async () => {
    const api = client<typeof app>("http://a.example", { fetch: app.fetch });
    await expect(api.answers.hidden()).rejects.toThrow("or hides it from its document");
  });

  test("asks for a missing part of the path", async () => {
    const api = client<typeof app>("http://a.example", { contract });
    await expect(api.items.read({} as { id: number })).rejects.toThrow(
      '"id" is missing: it is a part of the path /items/{id}',
    );
  });

  test("throws what is no URL, no JSON and no token", async () => {
    await expect(client<typeof app>("no url", { contract }).ping()).rejects.toThrow(TypeError);
    await expect(client<typeof app>("no url").ping()).rejects.toThrow(TypeError);
    const body = { id: 1n as unknown as number, name: "a", price: 1 };
    const api = client<typeof app>("http://a.example", { contract });
    await expect(api.items.create({ body })).rejects.toThrow("BigInt");
    const token = () => Promise.reject(new Error("expired"));
    await expect(client<typeof app>("http://a.example", { token }).ping()).rejects.toThrow(
      "expired",
    );
  });

  test("throws what `fetch` threw, if it is asked to", async () => {
    const boom = new Error("boom");
    const fetch = () => Promise.reject(boom);
    const api = client<typeof app>("http://a.example", { contract, fetch, raise: true });
    await expect(api.ping()).rejects.toBe(boom);
    const late = client<typeof app>("http://a.example", { fetch, raise: true, timeout: 0 });
    await expect(late.ping()).rejects.toBe(boom);
  });
});

describe("the client itself", () => {
  test("is no promise, and no JSON", async () => {
    const api = client<typeof app>("http://a.example", { contract });
    expect(await Promise.resolve(api)).toBe(api);
    expect(JSON.stringify({ api })).toBe("{}");
    expect(Object.prototype.toString.call(api)).toBe("[object Function]");
  });

  test("gives the same function each time", () => {
    const api = client<typeof app>("http://a.example", { contract });
    expect(api.items.update).toBe(api.items.update);
    expect(api.items.update).not.toBe(api.items.read);
  });

  test("takes routes by any name that a function has, too", async () => {
    const call = get("/call", {}, () => "called");
    const name = get("/name", {}, () => "named");
    const odd = martlet({ apply: router("/apply", { call, name }) });
    const api = client<typeof odd>("http://a.example", { fetch: odd.fetch });
    expect(await api.apply.call()).toMatchObject({ data: "called" });
    expect(await api.apply.name()).toMatchObject({ data: "named" });
  });
});
