import { client } from "martlet/client";
import { afterAll, beforeAll, expect, expectTypeOf, test } from "vitest";
import type { app } from "../src/app.ts";
import { type RunningConduit, startConduit } from "./conduit.ts";
import { newcomer } from "./people.ts";

let conduit: RunningConduit;
let token = "";
beforeAll(async () => {
  conduit = await startConduit();
  ({ token } = await newcomer(conduit));
});
afterAll(() => conduit.stop());

test("the typed client calls it by the names of its routes", async () => {
  const api = client<typeof app>(conduit.url, { token: () => token });
  const article = { title: "Typed", description: "From end to end.", body: "No code generated." };
  const created = await api.articles.create({ body: { article } });
  if (!created.ok) throw new Error(JSON.stringify(created.error));
  const { slug, createdAt } = created.data.article;
  expectTypeOf(createdAt).toEqualTypeOf<string>();
  const listed = await api.articles.list({ limit: 1 });
  expect(listed.ok && listed.data.articles[0]?.slug).toBe(slug);
  const removed = await api.articles.remove({ slug });
  expect(removed.status).toBe(204);
  const gone = await api.articles.read({ slug });
  expect(gone).toMatchObject({ ok: false, status: 404 });
});
