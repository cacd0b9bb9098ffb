import { decode, encode } from "@msgpack/msgpack";
import { type Codec, get, martlet, post } from "martlet";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { objections } from "../openapi/validity.ts";

/** What is wrong with a document, but for what these applications do not say. */
async function found(document: Parameters<typeof objections>[0]): Promise<readonly string[]> {
  const all = await objections(document);
  return all.filter((each) => !/no-empty-servers|info-license/.test(each));
}

const msgpack: Codec = {
  mediaType: "application/msgpack",
  encode: (value) => encode(value),
  decode: (bytes) => decode(bytes),
};

const Item = z.object({ name: z.string(), price: z.number().positive() });
const app = martlet(
  {
    save: post("/items", { body: Item, returns: Item }, ({ body }) => body),
    page: get("/text", {}, () => "plain"),
  },
  { codecs: [msgpack] },
);

function send(body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return app.fetch(
    new Request("http://localhost/items", {
      method: "POST",
      headers: { "content-type": "application/msgpack", ...headers },
      body: body as Uint8Array<ArrayBuffer>,
    }),
  );
}

const item = { name: "Foo", price: 1.5 };

describe("a codec", () => {
  it("reads bodies of its media type, and writes answers where it is liked better", async () => {
    const response = await send(encode(item), { accept: "application/msgpack" });
    expect(response.headers.get("content-type")).toBe("application/msgpack");
    expect(response.headers.get("vary")).toBe("accept");
    expect(decode(await response.arrayBuffer())).toEqual(item);
  });

  it("leaves JSON to whoever does not ask for more", async () => {
    for (const accept of [
      "*/*",
      "application/json",
      "application/msgpack;q=0.1, */*",
      "text/html",
    ]) {
      const response = await send(encode(item), { accept });
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.json()).toEqual(item);
    }
  });

  it("goes through validation like JSON, with issues at the same places", async () => {
    const response = await send(encode({ name: "Foo", price: -1 }));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ loc: ["body", "price"] }] });
  });

  it("refuses what it cannot read, what nests too deep and what no text may hold", async () => {
    expect((await send(new Uint8Array([0xc1]))).status).toBe(400);
    let deep: unknown = 1;
    for (let depth = 0; depth < 90; depth += 1) deep = [deep];
    expect((await send(encode(deep))).status).toBe(400);
    expect((await send(encode({ name: "a\0b", price: 1 }))).status).toBe(422);
    expect((await send(encode(item).subarray(0, 4))).status).toBe(400);
  });

  it("is the only other media type that is taken", async () => {
    const response = await send(encode(item), { "content-type": "application/cbor" });
    expect(response.status).toBe(415);
    expect(await response.text()).toContain("application/msgpack");
  });

  it("stands in the document", async () => {
    const { requestBody, responses = {} } = app.openapi().paths["/items"]?.["post"] ?? {};
    const both = ["application/json", "application/msgpack"];
    expect(Object.keys(requestBody?.content ?? {})).toEqual(both);
    expect(Object.keys(responses["200"]?.content ?? {})).toEqual(both);
    expect(await found(app.openapi())).toEqual([]);
  });
});
