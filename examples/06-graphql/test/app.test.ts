import { afterAll, beforeAll, expect, it } from "vitest";
import { listen, type RunningServer } from "martlet/server";
import { app } from "../app.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(async () => void (await server.stop()));

const key = { "x-api-key": "key-of-ann" };

async function ask(query: string, headers: Record<string, string> = key): Promise<Response> {
  return fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
}

it("answers a query and a mutation, which sees the caller", async () => {
  const added = await ask('mutation { add(text: "hello") { text by } }');
  expect(await added.json()).toEqual({ data: { add: { text: "hello", by: "ann" } } });
  const query = encodeURIComponent("{ notes { text } }");
  const listed = await fetch(`${server.url}/graphql?query=${query}`, { headers: key });
  expect(await listed.json()).toEqual({ data: { notes: [{ text: "hello" }] } });
});

it("refuses strangers before it reads the query, and what is no JSON", async () => {
  expect((await ask("{ nothing", {})).status).toBe(401);
  expect((await ask("{ notes { text } }", { ...key, "content-type": "text/plain" })).status).toBe(
    415,
  );
  expect(await (await ask("{ nothing }")).json()).toMatchObject({
    errors: [{ message: 'Cannot query field "nothing" on type "Query".' }],
  });
});

it("changes nothing on GET", async () => {
  const query = encodeURIComponent('mutation { add(text: "x") { text } }');
  const answer = await fetch(`${server.url}/graphql?query=${query}`, { headers: key });
  expect(answer.status).toBe(405);
});

it("tells news by a subscription, until the client goes", async () => {
  const gone = new AbortController();
  const query = encodeURIComponent("subscription { added { text by } }");
  const stream = await fetch(`${server.url}/graphql?query=${query}`, {
    headers: { ...key, accept: "text/event-stream" },
    signal: gone.signal,
  });
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  await ask('mutation { add(text: "news") { text } }');
  let told = "";
  for await (const chunk of stream.body as ReadableStream<Uint8Array>) {
    told += Buffer.from(chunk).toString();
    if (told.includes("news")) break;
  }
  expect(told).toContain('data: {"data":{"added":{"text":"news","by":"ann"}}}');
  gone.abort();
});
