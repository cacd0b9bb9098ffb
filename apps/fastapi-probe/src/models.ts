/** The models of bodies and answers. */
import { z } from "zod";
import { Color } from "./path.ts";

export const Url = z.url({ protocol: /^https?$/ });

export const Image = z.object({ url: Url, name: z.string() });
export const Item = z.object({
  name: z.string().min(1).max(10),
  description: z.string().max(20).nullable().default(null),
  price: z.number().positive(),
  tax: z.number().nullable().default(null),
  tags: z.set(z.string()).default(new Set()),
  images: z.array(Image).nullable().default(null),
});
export const User = z.object({
  username: z.string(),
  full_name: z.string().nullable().default(null),
});
export const Forbid = z.strictObject({ a: z.int() });
export const Allow = z.looseObject({ a: z.int() });
export const Strict = z.object({ i: z.int(), f: z.number(), s: z.string(), b: z.boolean() });

const maybe = <S extends z.ZodType>(schema: S) => schema.nullable().default(null as never);

export const Types = z.object({
  i: maybe(z.int()),
  f: maybe(z.number()),
  s: maybe(z.string()),
  b: maybe(z.boolean()),
  d: maybe(z.iso.date()),
  dt: maybe(z.iso.datetime({ local: true, offset: true })),
  t: maybe(z.iso.time()),
  td: maybe(z.iso.duration()),
  u: maybe(z.uuid()),
  dec: maybe(z.string()),
  by: maybe(z.string()),
  lst: maybe(z.array(z.int())),
  st: maybe(z.set(z.int())),
  tp: maybe(z.tuple([z.int(), z.string()])),
  dct: maybe(z.record(z.string(), z.number())),
  lit: maybe(z.literal(["a", 1])),
  en: maybe(Color),
  un: maybe(z.union([z.int(), z.string()])),
  any: maybe(z.unknown()),
  url: maybe(Url),
  em: maybe(z.email()),
  ip: maybe(z.union([z.ipv4(), z.ipv6()])),
  sec: maybe(z.string()),
});

export const Aliased = z.object({ userName: z.string() });

export const Cat = z.object({ kind: z.literal("cat"), lives: z.int().default(9) });
export const Dog = z.object({ kind: z.literal("dog"), barks: z.number() });
export const Pet = z.discriminatedUnion("kind", [Cat, Dog]);
export const Union = z.union([Cat, Dog, z.array(z.int())]);

export const Signup = z
  .object({
    username: z.string().regex(/^[\p{L}\p{N}]+$/u),
    p1: z.string(),
    p2: z.string(),
  })
  .refine(({ p1, p2 }) => p1 === p2, "passwords do not match");

export const UserIn = z.object({
  username: z.string(),
  password: z.string(),
  email: z.email().nullable().default(null),
});
export const UserOut = UserIn.omit({ password: true });
