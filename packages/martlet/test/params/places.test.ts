import { dependency, get, martlet, post, put } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";

const Json = z.codec(z.string(), z.array(z.string()), {
  decode: (text, context) => {
    try {
      return z.array(z.string()).parse(JSON.parse(text));
    } catch {
      context.issues.push({ code: "custom", message: "Not a JSON list.", input: text });
      return z.NEVER;
    }
  },
  encode: (items) => JSON.stringify(items),
});
const Bytes = z.codec(z.base64(), z.instanceof(Uint8Array), {
  decode: (text) => z.util.base64ToUint8Array(text),
  encode: (bytes) => z.util.uint8ArrayToBase64(bytes),
});
const Picture = z.object({ data: Bytes });
const Item = z.object({ name: z.string().min(1).max(9), price: z.number().positive() });
const Image = z.object({ url: z.url(), tags: z.set(z.string()).optional() });
const tenant = dependency({ header: { xTenant: z.int() } }, ({ xTenant }) => xTenant);

const app = martlet({
  item: get("/items/{id}", { path: { id: z.int() } }, ({ id }) => id),
  size: get("/sizes/{size}", { path: { size: z.enum(["small", "large"]) } }, ({ size }) => size),
  file: get("/files/{rest*}", { path: { rest: z.string() } }, ({ rest }) => rest),
  bounded: get(
    "/bounded/{n}",
    { path: { n: z.number().gt(0).lte(10).multipleOf(2.5) } },
    ({ n }) => n,
  ),
  page: get(
    "/page",
    { query: { q: z.string(), skip: z.int().default(0), short: z.boolean().optional() } },
    ({ q, skip, short }) => ({ q, skip, short: short ?? "unset" }),
  ),
  named: get("/named", { query: { "item-query": z.string().min(3) } }, (all) => all["item-query"]),
  lists: get(
    "/lists",
    { query: { tag: z.array(z.string()).default(["a", "b"]), n: z.array(z.int()).optional() } },
    ({ tag, n }) => ({ tag, n }),
  ),
  json: get("/json", { query: { value: Json } }, ({ value }) => value),
  odd: get(
    "/odd",
    { query: { n: z.int().refine((n) => n % 2 === 1, "Only odd numbers.") } },
    ({ n }) => n,
  ),
  headers: get(
    "/headers",
    { header: { xToken: z.string().optional(), x_token: z.string().optional() } },
    ({ xToken, x_token }) => ({ xToken, x_token }),
  ),
  cookies: get("/cookies", { cookie: { ads: z.string().optional() } }, ({ ads }) => ads ?? "none"),
  all: put(
    "/all/{id}",
    {
      path: { id: z.int() },
      query: { q: z.int() },
      cookie: { session: z.string() },
      body: Item,
      use: { tenant },
    },
    ({ id, q, session, body, tenant }) => ({ id, q, session, name: body.name, tenant }),
  ),
  optional: post("/optional", { body: Item.nullish() }, ({ body }) => body ?? "nothing"),
  images: post("/images", { body: z.array(Image) }, ({ body }) =>
    body.map(({ url, tags }) => ({ url, tags: [...(tags ?? [])] })),
  ),
  weights: post(
    "/weights",
    { body: z.record(z.string().regex(/^\d+$/), z.number()) },
    ({ body }) => body,
  ),
  picture: post("/picture", { body: Picture, returns: Picture }, ({ body }) => ({
    data: body.data.toReversed(),
  })),
  anything: post("/anything", { body: z.unknown() }, ({ body }) => body),
});

interface Told {
  readonly loc: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

describe.each(fronts)("a signature through $name", ({ open }) => {
  /** The status, and the value or what is wrong: each place with its code. */
  async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
    await using entrance = await open(app);
    const answer = await entrance.call(path, init);
    const body: unknown = await answer.json();
    if (answer.status !== 422) return [answer.status, body];
    const { errors } = body as { readonly errors: readonly Told[] };
    return errors.map(({ loc, code }) => `${loc.join(".")} ${code}`);
  }
  const send = (path: string, body: unknown, method = "POST"): Promise<unknown> =>
    ask(path, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("reads a placeholder of the path by its type", async () => {
    expect(await ask("/items/7")).toEqual([200, 7]);
    expect(await ask("/items/seven")).toEqual(["path.id int_parsing"]);
    expect(await ask("/sizes/small")).toEqual([200, "small"]);
    expect(await ask("/sizes/SMALL")).toEqual(["path.size enum"]);
    expect(await ask("/files/home/a%2Fb.txt")).toEqual([200, "home/a/b.txt"]);
  });

  test("holds a placeholder to its limits", async () => {
    expect(await ask("/bounded/7.5")).toEqual([200, 7.5]);
    expect(await ask("/bounded/0")).toEqual(["path.n greater_than"]);
    expect(await ask("/bounded/12.5")).toEqual(["path.n less_than_equal"]);
    expect(await ask("/bounded/7")).toEqual(["path.n multiple_of"]);
  });

  test("asks for what is required, and fills in what is not", async () => {
    expect(await ask("/page")).toEqual(["query.q missing"]);
    expect(await ask("/page?q=")).toEqual([200, { q: "", skip: 0, short: "unset" }]);
    expect(await ask("/page?q=a&skip=3&short=on&more=1")).toEqual([
      200,
      { q: "a", skip: 3, short: true },
    ]);
    expect(await ask("/page?q=a&skip=")).toEqual(["query.skip int_parsing"]);
  });

  test("may call a parameter what no variable can be called", async () => {
    expect(await ask("/named?item-query=abc")).toEqual([200, "abc"]);
    expect(await ask("/named?item-query=a")).toEqual(["query.item-query string_too_short"]);
  });

  test("takes a repeated name for a list, and divides none", async () => {
    expect(await ask("/lists?n=1&n=2")).toEqual([200, { tag: ["a", "b"], n: [1, 2] }]);
    expect(await ask("/lists?tag=x,y")).toEqual([200, { tag: ["x,y"] }]);
    expect(await ask("/lists?n=1&n=x")).toEqual(["query.n.1 int_parsing"]);
  });

  test("reads JSON out of one value, by a codec", async () => {
    expect(await ask(`/json?value=${encodeURIComponent('["a","b"]')}`)).toEqual([200, ["a", "b"]]);
    expect(await ask("/json?value=[")).toEqual(["query.value value_error"]);
  });

  test("runs checks of one's own, and tells them in one's own words", async () => {
    expect(await ask("/odd?n=7")).toEqual([200, 7]);
    await using entrance = await open(app);
    const { errors } = (await (await entrance.call("/odd?n=8")).json()) as { errors: Told[] };
    expect(errors).toEqual([
      { loc: ["query", "n"], code: "value_error", message: "Only odd numbers." },
    ]);
  });

  test("reads a header by its name with hyphens, and one with underscores by that alone", async () => {
    const headers = { "X-TOKEN": "a", x_token: "b" };
    expect(await ask("/headers", { headers })).toEqual([200, { xToken: "a", x_token: "b" }]);
    expect(await ask("/headers", { headers: { x_token: "b" } })).toEqual([200, { x_token: "b" }]);
  });

  test("reads a cookie, which may be missing", async () => {
    const headers = { cookie: 'other=1; ads="no thanks"' };
    expect(await ask("/cookies", { headers })).toEqual([200, "no thanks"]);
    expect(await ask("/cookies")).toEqual([200, "none"]);
  });

  test("brings path, query, headers, cookies and the body together", async () => {
    const init = {
      method: "PUT",
      headers: { "content-type": "application/json", "x-tenant": "3", cookie: "session=s1" },
      body: '{"name":"tea","price":1}',
    };
    expect(await ask("/all/7?q=2", init)).toEqual([
      200,
      { id: 7, q: 2, session: "s1", name: "tea", tenant: 3 },
    ]);
  });

  test("tells all that is wrong in one answer, wherever it is", async () => {
    expect(await send("/all/x?q=y", { name: "", price: 0 }, "PUT")).toEqual(
      expect.arrayContaining([
        "header.x-tenant missing",
        "path.id int_parsing",
        "query.q int_parsing",
        "cookie.session missing",
        "body.name string_too_short",
        "body.price greater_than",
      ]),
    );
  });

  test("may go without a body, and takes null for one if its schema does", async () => {
    expect(await ask("/optional", { method: "POST" })).toEqual([200, "nothing"]);
    expect(await send("/optional", null)).toEqual([200, "nothing"]);
    expect(await send("/optional", { name: "tea", price: 1 })).toEqual([
      200,
      { name: "tea", price: 1 },
    ]);
  });

  test("takes lists, sets and records, and says where in them it is wrong", async () => {
    const images = [{ url: "https://a.example/", tags: ["x", "y", "x"] }];
    expect(await send("/images", images)).toEqual([
      200,
      [{ url: "https://a.example/", tags: ["x", "y"] }],
    ]);
    expect(await send("/images", [...images, { url: "a" }])).toEqual(["body.1.url url_parsing"]);
    expect(await send("/weights", { 1: 2.3, 3: 4 })).toEqual([200, { 1: 2.3, 3: 4 }]);
    expect(await send("/weights", { 1: 2, a: 4 })).toEqual([
      expect.stringMatching(/^body\.a\S* string_pattern_mismatch$/),
    ]);
  });

  test("takes bytes as base64, and answers them so", async () => {
    expect(await send("/picture", { data: btoa("abc") })).toEqual([200, { data: btoa("cba") }]);
    expect(await send("/picture", { data: "no base64" })).toEqual(["body.data base64_decode"]);
  });

  test("takes any JSON where it asks for nothing", async () => {
    for (const body of [null, 7, "text", [1, { a: null }], { b: [] }]) {
      expect(await send("/anything", body)).toEqual([200, body]);
    }
  });
});
