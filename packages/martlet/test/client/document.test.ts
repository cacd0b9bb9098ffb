import { describe, expect, test } from "vitest";
import { client, contractOf } from "martlet/client";
import { app } from "./shop.ts";

/** Requests as they were sent, and a `fetch` that notes them. */
function recorder(answer: (request: Request) => Promise<Response> = app.fetch) {
  const sent: Request[] = [];
  const fetch = (request: Request): Promise<Response> => {
    sent.push(request.clone());
    return answer(request);
  };
  return { sent, fetch, urls: () => sent.map((each) => each.url) };
}

describe("the document", () => {
  test("is asked for once, by the first call, for all that wait", async () => {
    const { fetch, urls } = recorder();
    const api = client<typeof app>("http://shop.example/", { fetch });
    expect(urls()).toEqual([]);
    await Promise.all([api.ping(), api.ping()]);
    await api.ping();
    expect(urls()).toEqual([
      "http://shop.example/openapi.json",
      ...Array.from({ length: 3 }, () => "http://shop.example/ping"),
    ]);
  });

  test("is below the path of the client's URL, as the routes are", async () => {
    const { fetch, urls } = recorder((request) =>
      app.fetch(new Request(request.url.replace("/api", ""), request)),
    );
    const api = client<typeof app>("http://shop.example/api", { fetch });
    expect(await api.ping()).toMatchObject({ ok: true });
    expect(urls()).toEqual([
      "http://shop.example/api/openapi.json",
      "http://shop.example/api/ping",
    ]);
  });

  test("may be given, or be in another place, which is not told who calls", async () => {
    const given = recorder();
    const openapi = app.openapi();
    await client<typeof app>("http://a.example", { ...given, openapi }).ping();
    expect(given.urls()).toEqual(["http://a.example/ping"]);

    const elsewhere = recorder((request) =>
      request.url === "https://cdn.example/shop.json"
        ? Promise.resolve(Response.json(openapi))
        : app.fetch(request),
    );
    await client<typeof app>("http://a.example", {
      ...elsewhere,
      openapi: "https://cdn.example/shop.json",
      token: "secret",
    }).ping();
    expect(elsewhere.sent.map((each) => each.headers.get("authorization"))).toEqual([
      null,
      "Bearer secret",
    ]);
  });

  test("that is not there fails the call, and is asked for anew by the next", async () => {
    let isThere = false;
    const { fetch, urls } = recorder((request) =>
      isThere ? app.fetch(request) : Promise.resolve(new Response("no", { status: 404 })),
    );
    const api = client<typeof app>("http://a.example", { fetch });
    expect(await api.ping()).toMatchObject({
      ok: false,
      status: 404,
      error: {
        code: "unexpected-answer",
        detail: expect.stringContaining("http://a.example/openapi.json"),
      },
    });
    isThere = true;
    expect(await api.ping()).toMatchObject({ ok: true });
    expect(urls()).toHaveLength(3);
  });

  test("is not given up because one of those who wait gives up", async () => {
    const { fetch, urls } = recorder(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      request.signal.throwIfAborted();
      return app.fetch(request);
    });
    const api = client<typeof app>("http://a.example", { fetch });
    const [hasty, patient] = await Promise.all([api.ping({}, { timeout: 10 }), api.ping()]);
    expect(hasty).toMatchObject({ ok: false, error: { code: "unreachable", reason: "timeout" } });
    expect(patient).toMatchObject({ ok: true });
    expect(urls()).toHaveLength(2);
  });
});

describe("a contract", () => {
  test("holds where each argument goes, and nothing else", () => {
    const contract = contractOf(app.openapi());
    expect(contract["items.update"]).toEqual({
      method: "PATCH",
      path: "/items/{id}",
      header: ["x-tenant", "if-match"],
      body: "application/json",
    });
    expect(contract["items.list"]).toEqual({
      method: "GET",
      path: "/items",
      query: ["limit", "tag"],
      header: ["x-tenant"],
    });
    expect(contract["echo"]).toMatchObject({ path: "/{word}/{rest*}" });
    expect(contract["login"]).toMatchObject({
      body: "application/x-www-form-urlencoded",
      form: ["user", "remember", "role"],
    });
    expect(contract["upload"]).toMatchObject({
      body: "multipart/form-data",
      form: ["title", "photo", "more"],
    });
    expect(contract).toHaveProperty(["answers.renamed"]);
    expect(contract).not.toHaveProperty(["other"]);
  });

  test("is JSON, a fraction of the document", () => {
    const text = JSON.stringify(contractOf(app.openapi()));
    expect(JSON.parse(text)).toEqual(contractOf(app.openapi()));
    expect(text.length).toBeLessThan(JSON.stringify(app.openapi()).length / 4);
  });

  test("passes over what is no operation of a path", () => {
    const openapi = {
      openapi: "3.1.1",
      info: { title: "", version: "" },
      paths: { "/a": { summary: "A", parameters: [], get: { operationId: "a", responses: {} } } },
    };
    expect(contractOf(openapi as never)).toEqual({ a: { method: "GET", path: "/a" } });
  });

  test("sends a body of any other media type as it is", async () => {
    const { fetch, sent } = recorder(() => Promise.resolve(new Response(null, { status: 204 })));
    const contract = { put: { method: "PUT", path: "/raw", body: "text/csv" } };
    const api = client<never>("http://a.example", { contract, fetch }) as unknown as {
      put: (args: { body: string }) => Promise<unknown>;
    };
    await api.put({ body: "a,b" });
    expect(sent[0]?.headers.get("content-type")).toBe("text/csv");
    expect(await sent[0]?.text()).toBe("a,b");
  });
});
