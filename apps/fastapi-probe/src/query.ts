/** Values of the query. */
import { get } from "martlet";
import { decimal, emailAddress, httpUrl } from "martlet/models";
import { z } from "zod";
import { Color } from "./path.ts";
import { dateTime, day, isoformat, time, timedelta, totalSeconds, uuid } from "./python.ts";

export const Num = z.enum({ one: 1, two: 2 });

const echo = <V>({ v }: { readonly v: V }): { readonly v: V } => ({ v });
const nothing = { v: null };

export const int = get("/q/int", { query: { v: z.int() } }, echo);
export const float = get("/q/float", { query: { v: z.number() } }, echo);
export const bool = get("/q/bool", { query: { v: z.boolean() } }, echo);
export const str = get(
  "/q/str",
  {
    query: {
      v: z
        .string()
        .min(2)
        .max(5)
        .regex(/^[a-z]+$/),
    },
  },
  echo,
);
export const opt = get("/q/opt", { query: { v: z.int().nullable().default(null) } }, echo);
export const fallback = get("/q/default", { query: { v: z.int().default(7) } }, echo);
export const optStr = get("/q/optstr", { query: { v: z.string().nullable().default(null) } }, echo);
export const reqNull = get("/q/reqnull", { query: { v: z.string().nullable() } }, echo);
export const list = get("/q/list", { query: { v: z.array(z.int()) } }, echo);
export const listDefault = get(
  "/q/listdef",
  { query: { v: z.array(z.string()).default(["a", "b"]) } },
  echo,
);
export const listLength = get("/q/listlen", { query: { v: z.array(z.int()).min(2).max(3) } }, echo);
export const set = get("/q/set", { query: { v: z.set(z.int()) } }, ({ v }) => ({
  v: [...v].toSorted((a, b) => a - b),
}));
export const tuple = get("/q/tuple", { query: { v: z.tuple([z.int(), z.string()]) } }, echo);
export const date = get("/q/date", { query: { v: day } }, echo);
export const datetime = get("/q/datetime", { query: { v: dateTime } }, ({ v }) => ({
  v: isoformat(v),
}));
export const clock = get("/q/time", { query: { v: time } }, ({ v }) => ({ v: isoformat(v) }));
export const delta = get("/q/timedelta", { query: { v: timedelta } }, ({ v }) => ({
  v: totalSeconds(v),
}));
export const id = get("/q/uuid", { query: { v: uuid } }, echo);
export const price = get(
  "/q/decimal",
  { query: { v: decimal({ digits: 5, places: 2 }) } },
  ({ v }) => ({ v: Number(v) }),
);
export const color = get("/q/enum", { query: { v: Color } }, echo);
export const num = get("/q/intenum", { query: { v: Num } }, echo);
export const literal = get("/q/literal", { query: { v: z.literal(["a", "b"]) } }, echo);
export const intLiteral = get("/q/intliteral", { query: { v: z.literal([1, 2]) } }, echo);
export const union = get("/q/union", { query: { v: z.union([z.int(), z.string()]) } }, ({ v }) => ({
  v,
  t: typeof v === "number" ? "int" : "str",
}));
export const alias = get("/q/alias", { query: { "item-query": z.string() } }, (args) => ({
  v: args["item-query"],
}));
export const email = get("/q/email", { query: { v: emailAddress() } }, echo);
export const url = get("/q/url", { query: { v: httpUrl() } }, echo);
export const bytes = get("/q/bytes", { query: { v: z.string() } }, echo);
export const multiple = get(
  "/q/multiple",
  { query: { v: z.int().multipleOf(3).min(3).lt(30) } },
  echo,
);
export const strict = get("/q/strict", { query: { v: z.int() } }, echo);
export const custom = get(
  "/q/custom",
  { query: { v: z.int().refine((v) => v % 2 !== 0, "must be odd") } },
  echo,
);
export const many = get(
  "/q/many",
  {
    query: {
      a: z.int(),
      b: z.number(),
      c: z.boolean(),
      d: Color,
      e: z.string().min(3).default("abc"),
    },
  },
  ({ a, b, c, d, e }) => [a, b, c, d, e],
);
export const any = get("/q/jsonfield", { query: { v: z.unknown().optional() } }, ({ v }) =>
  v === undefined ? nothing : { v },
);
const Filter = z.strictObject({
  limit: z.int().positive().max(100).default(100),
  offset: z.int().min(0).default(0),
  order_by: z.literal(["created_at", "updated_at"]).default("created_at"),
  tags: z.array(z.string()).default([]),
});
export const model = get("/q/model", { query: Filter }, (filter) => filter);
