import { client } from "martlet/client";
import { listen } from "martlet/server";
import { expect, it } from "vitest";
import { app } from "../app.ts";

it("sends what was said, and what is said from now on", async () => {
  const server = await listen(app, { port: 0 });
  const api = client<typeof app>(server.url);
  await api.say({ body: { by: "ann", text: "one" } });
  await api.say({ body: { by: "bob", text: "two" } });

  const heard: string[] = [];
  let last = "";
  const answer = await api.listen();
  if (!answer.ok) throw new Error(answer.error.title);
  for await (const { data, id } of answer.data) {
    heard.push(`${data.by}: ${data.text}`);
    last = id;
    if (heard.length === 2) await api.say({ body: { by: "ann", text: "three" } });
    if (heard.length === 3) break;
  }
  expect(heard).toEqual(["ann: one", "bob: two", "ann: three"]);

  // The connection is gone; what is said meanwhile is not missed.
  await api.say({ body: { by: "bob", text: "four" } });
  const again = await api.listen({ lastEventId: Number(last) });
  if (!again.ok) throw new Error(again.error.title);
  for await (const { data } of again.data) {
    expect(data.text).toBe("four");
    break;
  }
  expect(await server.stop()).toBe(0);
});
