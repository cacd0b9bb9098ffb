import { secret, settings } from "martlet/settings";
import { get, martlet } from "martlet";
import { cursorPage, descending } from "martlet/db";
import { testClient } from "martlet/testing";
import { describe, expect, it } from "vitest";
import { client, type Got, ids, items, key, read, start } from "./items.ts";

interface Refusal {
  readonly status: number;
  readonly errors?: readonly { readonly loc: readonly string[] }[];
}

describe("a cursor", () => {
  /** Of what an answer refuses, where that is. */
  const refusal = async (answer: Promise<Response>): Promise<unknown> => {
    const { status, errors = [] } = (await (await answer).json()) as Refusal;
    return status === 422 ? errors.map(({ loc }) => loc.join(".")) : status;
  };
  const cursor = ["query.cursor"];

  it("is refused when any character of it is changed", async () => {
    const test = client();
    const { next } = await read(test, "/items?limit=2");
    const made = next ?? "";
    for (let at = 0; at < made.length; at += 1) {
      const other = made[at] === "A" ? "B" : "A";
      const url = `/items?limit=2&cursor=${made.slice(0, at)}${other}${made.slice(at + 1)}`;
      expect(await refusal(test.get(url))).toEqual(cursor);
    }
  });

  it("is refused when it is none at all", async () => {
    const test = client();
    const { next } = await read(test, "/items?limit=2");
    const made = Buffer.from('[">","2"]').toString("base64url");
    const texts = [
      "",
      "null",
      "2",
      made,
      `${next}A`,
      `${next}%3D`,
      `${next}%0A`,
      `+${next}`,
      "%F0%9F%90%A6",
      "A".repeat(4097),
      (next ?? "").slice(0, -1),
      `${"A".repeat(22)}${made}`,
    ];
    for (const each of texts)
      expect(await refusal(test.get(`/items?cursor=${each}`))).toEqual(cursor);
    expect(await refusal(test.get(`/items?cursor=${next}&cursor=${next}`))).toEqual(cursor);
    expect(await refusal(test.get(`/items?cursor=%FF`))).toEqual(cursor);
  });

  it("goes with the path and the query that it was made for, and with any limit", async () => {
    const test = client();
    const { next } = await read(test, "/items?limit=2&tag=a&tag=b&x=1");
    const own = `cursor=${next}`;
    expect(ids(await read(test, `/items?x=1&tag=a&${own}&limit=1&tag=b`))).toEqual([3]);
    expect(await refusal(test.get(`/items?${own}`))).toEqual(cursor);
    expect(await refusal(test.get(`/items?tag=a&x=1&${own}`))).toEqual(cursor);
    expect(await refusal(test.get(`/items?tag=b&tag=a&x=1&${own}`))).toEqual(cursor);
    expect(await refusal(test.get(`/others?tag=a&tag=b&x=1&${own}`))).toEqual(cursor);
  });

  it("goes with the order that it was made for", async () => {
    const up = client({ secret: key });
    const down = client({ secret: key, by: [descending(items.id)] as never });
    const { next } = await read(up, "/items?limit=2");
    expect(await refusal(down.get(`/items?cursor=${next}`))).toEqual(cursor);
  });

  it("is signed with the secret, and taken for older ones too", async () => {
    const [older, newer, stranger] = [key, `${key}, newer`, `${key}, another`];
    const { next } = await read(client({ secret: older }), "/items?limit=2");
    const url = `/items?limit=2&cursor=${next}`;
    expect(ids(await read(client({ secret: older }), url))).toEqual([3, 4]);
    expect(ids(await read(client({ secret: [newer, older] }), url))).toEqual([3, 4]);
    expect(await refusal(client({ secret: stranger }).get(url))).toEqual(cursor);
    expect(await refusal(client({ secret: [newer, stranger] }).get(url))).toEqual(cursor);
    const made = await read(client({ secret: [newer, older] }), "/items?limit=2");
    expect(made.next).not.toBe(next);
    expect(await refusal(client({ secret: older }).get(`/items?cursor=${made.next}`))).toEqual(
      cursor,
    );
  });

  it("is one of its process alone, without a secret", async () => {
    const { next } = await read(client(), "/items?limit=2");
    expect(await refusal(client().get(`/items?cursor=${next}`))).toEqual(cursor);
  });

  it("takes its secret from the settings", async () => {
    const config = settings({ cursorSecret: secret() }, { env: { CURSOR_SECRET: key } });
    const page = cursorPage({
      by: [items.id],
      use: { config },
      secret: ({ config }) => config.cursorSecret,
      environment: "production",
    });
    const list = get("/items", { use: { page } }, ({ page }) => page.of([{ id: 1 }, { id: 2 }]));
    const test = testClient(martlet({ list }));
    const { next } = (await (await test.get("/items?limit=1")).json()) as Got;
    const known = await client({ secret: key }).get(`/items?cursor=${next}`);
    expect(known.status).toBe(200);
  });

  it("needs a long secret in production, and a long one everywhere", async () => {
    const started = (options: object) => start({ by: [items.id], ...options });
    await expect(started({ environment: "production" })).rejects.toThrow("M015");
    await expect(started({ secret: "short" })).rejects.toThrow("M015");
    await expect(started({ secret: [key, "short"] })).rejects.toThrow("M015");
    await started({ environment: "production", secret: key });
    const error = await started({ secret: "hunter2" }).catch(String);
    expect(error).not.toContain("hunter2");
  });
});
