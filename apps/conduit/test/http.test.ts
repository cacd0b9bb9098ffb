import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Call, send } from "./call.ts";
import { type RunningConduit, startConduit } from "./conduit.ts";

let conduit: RunningConduit;
beforeAll(async () => {
  conduit = await startConduit();
});
afterAll(() => conduit.stop());

const json = { "content-type": "application/json" };

describe("what is no request of this API is told in Conduit's shape:", () => {
  const refusals: Record<string, [call: Call, status: number, errors: object]> = {
    "JSON that ends too early": [
      { body: '{"user":{', headers: json },
      400,
      { body: ["is not valid JSON"] },
    ],
    "JSON that is no object": [{ json: [1] }, 422, { body: ["is invalid"] }],
    "no body at all": [{}, 422, { body: ["can't be blank"] }],
    text: [
      { body: "hello", headers: { "content-type": "text/plain" } },
      415,
      { body: ["must be application/json"] },
    ],
    "more than a mebibyte": [{ json: "x".repeat(2 ** 20) }, 413, { body: ["is too large"] }],
  };

  test.each(Object.entries(refusals))("%s", async (_name, [call, status, errors]) => {
    const answer = await send(`${conduit.url}/api/users`, { method: "POST", ...call });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.body).toEqual({ errors });
  });

  test("a path that there is not", async () => {
    const answer = await send(`${conduit.url}/api/nothing`);
    expect([answer.status, answer.body]).toEqual([404, { errors: { path: ["not found"] } }]);
  });

  test("a method that there is not", async () => {
    const answer = await send(`${conduit.url}/api/articles`, { method: "PATCH" });
    expect([answer.status, answer.body]).toEqual([405, { errors: { method: ["is not allowed"] } }]);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
  });
});

describe("a browser of another origin", () => {
  const origin = { origin: "https://app.example" };

  test("may ask beforehand", async () => {
    const answer = await send(`${conduit.url}/api/articles/any`, {
      method: "OPTIONS",
      headers: {
        ...origin,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.body).toBeUndefined();
    const { headers } = answer;
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-methods")).toBe("GET, POST, PUT, DELETE");
    expect(headers.get("access-control-allow-headers")).toBe("authorization, content-type");
    expect(headers.get("access-control-max-age")).toBe("7200");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  });

  test.each([
    ["GET", "/api/articles", 200],
    ["GET", "/api/user", 401],
    ["GET", "/api/articles/none", 404],
    ["GET", "/api/articles?limit=0", 422],
    ["GET", "/nothing", 404],
    ["DELETE", "/api/tags", 405],
    ["POST", "/api/users", 422],
    ["GET", "/openapi.json", 200],
  ])("may read the answer to %s %s, which is %i", async (method, path, status) => {
    const answer = await send(`${conduit.url}${path}`, { method, headers: origin });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-expose-headers")).toBe("retry-after");
  });

  test("an OPTIONS that is no preflight tells the methods", async () => {
    const answer = await send(`${conduit.url}/api/tags`, { method: "OPTIONS", headers: origin });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  });
});

test("who opens the address in a browser finds the documentation", async () => {
  const answer = await fetch(conduit.url, { redirect: "manual" });
  expect(answer.status).toBe(307);
  expect(answer.headers.get("location")).toBe("/docs");
});
