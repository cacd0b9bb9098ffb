import { expect, it } from "vitest";
import { testClient } from "martlet/testing";
import { app } from "../app.ts";

it("adds a note by a form, and shows it as text", async () => {
  await using client = testClient(app);
  const empty = await client.get("/");
  expect(empty.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const page = await empty.text();
  expect(page).toContain("There are none yet.");

  const [, action = ""] = /action="([^"]+)"/.exec(page) ?? [];
  const added = await client.post(action, { form: { text: " <b>buy milk</b> " } });
  expect([added.status, added.headers.get("location")]).toEqual([303, "/"]);
  expect(await (await client.get("/")).text()).toContain("<li>&lt;b&gt;buy milk&lt;/b&gt;</li>");
});

it("refuses an empty note", async () => {
  await using client = testClient(app);
  expect((await client.post("/notes", { form: { text: " " } })).status).toBe(422);
});

it("serves the files that a page refers to", async () => {
  await using client = testClient(app);
  const page = await (await client.get("/")).text();
  const [, href = ""] = /href="([^"]+)"/.exec(page) ?? [];
  const style = await client.get(href);
  expect(style.headers.get("content-type")).toBe("text/css; charset=utf-8");
  expect((await client.get("/assets/..%2Fapp.ts")).status).toBe(404);
});
