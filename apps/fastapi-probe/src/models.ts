/** The models of bodies and answers. */
import {
  decimal,
  emailAddress,
  httpUrl,
  ipAddress,
  lax,
  patchOf,
  path,
  renamed,
  secretText,
} from "martlet/models";
import { z } from "zod";
import { Color } from "./path.ts";
import { bytes, dateTime, day, time, timedelta, uuid } from "./python.ts";

const maybe = <S extends z.ZodType>(schema: S): z.ZodDefault<z.ZodNullable<S>> =>
  // Nothing is what every nullable schema takes.
  schema.nullable().default(null as never);

export const Image = lax(z.object({ url: httpUrl(), name: z.string() }));
export const Item = lax(
  z.object({
    name: z.string().min(1).max(10),
    description: maybe(z.string().max(20)),
    price: z.number().positive(),
    tax: maybe(z.number()),
    tags: z.set(z.string()).default(new Set()),
    images: maybe(z.array(z.object({ url: httpUrl(), name: z.string() }))),
  }),
);
export const User = z.object({ username: z.string(), full_name: maybe(z.string()) });
export const Forbid = lax(z.strictObject({ a: z.int() }));
export const Allow = lax(z.looseObject({ a: z.int() }));
export const Strict = z.object({ i: z.int(), f: z.number(), s: z.string(), b: z.boolean() });

const types = z.object({
  i: maybe(z.int()),
  f: maybe(z.number()),
  s: maybe(z.string()),
  b: maybe(z.boolean()),
  d: maybe(day),
  dt: maybe(dateTime),
  t: maybe(time),
  td: maybe(timedelta),
  u: maybe(uuid),
  dec: maybe(decimal()),
  by: maybe(bytes),
  lst: maybe(z.array(z.int())),
  st: maybe(z.set(z.int())),
  tp: maybe(z.tuple([z.int(), z.string()])),
  dct: maybe(z.record(z.int(), z.number())),
  lit: maybe(z.literal(["a", 1])),
  en: maybe(Color),
  un: maybe(z.union([z.int(), z.string()])),
  any: maybe(z.unknown()),
  url: maybe(httpUrl()),
  em: maybe(emailAddress()),
  ip: maybe(ipAddress()),
  sec: maybe(secretText()),
});
export const Types = lax(types);
/** Some of them: what was not sent is told from null. */
export const SomeTypes = lax(patchOf(types));

export const Person = z.object({
  user_name: z.string(),
  city: z.string().default("?"),
  zip: z.string().default("?"),
});
/** As it is sent: by the name of the wire or of the program, from a place within, or by two names. */
export const AliasedIn = renamed(Person, {
  user_name: ["userName", "user_name"],
  city: path("address", "city"),
  zip: ["zip", "postcode"],
});
/** As it is answered. */
export const AliasedOut = renamed(Person, { user_name: "userName", city: "town" });

export const Cat = z
  .object({ kind: z.literal("cat"), lives: z.int().default(9) })
  .meta({ id: "Cat" });
export const Dog = z.object({ kind: z.literal("dog"), barks: z.number() }).meta({ id: "Dog" });
export const Pet = lax(z.discriminatedUnion("kind", [Cat, Dog]));
export const Union = lax(z.union([Cat, Dog, z.array(z.int())]));

const alphanumeric = { params: { code: "assertion_error" }, abort: true };
export const Signup = z
  .object({
    username: z
      .string()
      .refine((name) => /^[\p{L}\p{N}]+$/u.test(name), alphanumeric)
      .transform((name) => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase()),
    p1: z.string(),
    p2: z.string(),
  })
  .refine(({ p1, p2 }) => p1 === p2, "passwords do not match");

export const UserIn = z.object({
  username: z.string(),
  password: z.string(),
  email: maybe(emailAddress()),
});
export const UserOut = UserIn.omit({ password: true });
