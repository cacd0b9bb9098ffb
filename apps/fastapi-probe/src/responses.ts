/** Response models, statuses, headers and bodies of other kinds. */
import {
  Answer,
  del,
  events,
  get,
  html,
  json,
  jsonLines,
  post,
  redirect,
  response,
  text,
} from "martlet";
import { computed } from "martlet/models";
import { z } from "zod";
import { AliasedOut, Cat, Dog, Person, UserIn, UserOut } from "./models.ts";

export const user = post(
  "/r/user",
  { body: UserIn, returns: UserOut, status: 201 },
  ({ body }) => body,
);
export const ret = get("/r/ret", { returns: UserOut }, () => ({ username: "a", password: "p" }));
export const dict = get("/r/dict", { returns: UserOut }, () => ({ username: "a", password: "p" }));
export const list = get("/r/list", { returns: z.array(UserOut) }, () => [
  { username: "a", password: "p" },
  { username: "b", password: "q" },
]);
/** The types would not let it through: a value from elsewhere that is not what it was said to be. */
export const invalid = get(
  "/r/invalid",
  { returns: UserOut },
  () => JSON.parse('{ "email": "nope" }') as z.input<typeof UserOut>,
);

const Plain = z.object({
  name: z.string(),
  description: z.string().nullable().default(null),
  price: z.number().default(1.5),
  tax: z.number().default(10.5),
  tags: z.array(z.string()).default([]),
});
const Full = computed(Plain, { total: [z.number(), ({ price, tax }) => price + tax] });
const full = { name: "x", tax: 10.5 };
export const unset = get("/r/unset", { returns: json(Full, { omit: "unset" }) }, () => full);
export const defaults = get(
  "/r/defaults",
  { returns: json(Full, { omit: "default" }) },
  () => full,
);
export const none = get("/r/none", { returns: json(Full, { omit: "null" }) }, () => full);
export const include = get(
  "/r/include",
  { returns: Plain.pick({ name: true, price: true }) },
  () => full,
);
export const exclude = get("/r/exclude", { returns: Plain.omit({ tax: true }) }, () => full);
const person = { user_name: "u" };
export const alias = get("/r/alias", { returns: AliasedOut }, () => person);
export const noAlias = get("/r/noalias", { returns: Person }, () => person);

/** What a model writes otherwise than it holds it. */
const Serialized = z.object({
  when: z.string(),
  secret: z.string().transform((text) => "*".repeat(Math.max(text.length, 10))),
  big: z.bigint(),
  f: z.number().transform((value) => value.toFixed(2)),
  dec: z.string(),
  by: z.instanceof(Uint8Array).transform((bytes) => new TextDecoder().decode(bytes)),
  st: z.set(z.int()),
  td: z.string(),
});
const serialized = {
  when: "2026-01-02T03:04:05",
  secret: "hunter2",
  big: 2n ** 60n,
  f: 1,
  dec: "1.10",
  by: new TextEncoder().encode("abc"),
  st: new Set([1]),
  td: "P1DT5S",
  hidden: "x",
};
export const ser = get("/r/ser", { returns: Serialized }, () => serialized);
export const serNoModel = get("/r/sernomodel", { returns: Serialized }, () => serialized);
export const union = get("/r/union", { returns: z.union([Cat, Dog]) }, () => ({
  kind: "dog" as const,
  barks: 2,
}));
export const int = get("/r/int", { returns: z.int() }, () => 5);
export const nothing = get("/r/null", {}, () => null);
export const str = get("/r/str", {}, () => "plain");
export const nan = get("/r/nan", {}, () => ({ v: Number.NaN }));
export const nanModel = get("/r/nanmodel", { returns: z.record(z.string(), z.number()) }, () => ({
  v: Number.NaN,
  i: Number.POSITIVE_INFINITY,
}));
export const float = get("/r/float", {}, () => ({
  a: 1,
  b: 1e21,
  c: 0.1 + 0.2,
  d: 2n ** 53n + 1n,
  e: -0,
}));
export const unicode = get("/r/unicode", {}, () => ({ é: "日本 \u2028 </script> \u0000" }));
export const noContent = del("/r/204", { status: 204 }, () => ({ ignored: true }));
export const notModified = get("/r/304", { status: 304 }, () => null);
export const accepted = post("/r/202", { status: 202, use: { response } }, ({ response }) => {
  response.header("x-cat", "alone");
  response.cookie("fakesession", "fake-cookie-value", { maxAge: 60, sameSite: "Strict" });
  return { ok: 1 };
});
export const setStatus = get("/r/setstatus", { use: { response } }, ({ response }) => {
  response.status = 418;
  return { tea: true };
});
export const direct = get(
  "/r/direct",
  {},
  () => new Answer(207, { "content-type": "application/json", "x-a": "b" }, '{"a":1}'),
);
export const page = get("/r/html", {}, () => html("<h1>hi</h1>"));
export const plain = get("/r/text", {}, () => text("hi"));
export const redirected = get("/r/redirect", {}, () => redirect("/r/int"));
export const redirected302 = get("/r/redirect302", {}, () => redirect("/r/int", 302));
export const lines = get("/r/jsonl", { returns: jsonLines(UserOut) }, function* () {
  for (const username of ["a", "b"]) yield { username, password: "p" };
});
export const sse = get(
  "/r/sse",
  { returns: events({ message: UserOut, upd: z.object({ x: z.int() }) }) },
  function* () {
    yield { event: "message", data: { username: "a" } };
    yield { event: "upd", data: { x: 1 }, id: "7", retry: 5000 };
    yield { raw: "[DONE]\nline2", comment: "bye" };
  },
);
export const stream = get("/r/stream", {}, () => new Answer(200, {}, letters()));
export const docstring = get(
  "/r/docstring",
  {
    summary: "Sum",
    tags: ["docs"],
    deprecated: true,
    description: "First line.\n\nMore *markdown*.",
  },
  () => 1,
);

async function* letters(): AsyncGenerator<string> {
  yield* ["a", "b", "c"];
}
