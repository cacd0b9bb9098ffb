/** JSON bodies. */
import { patch, post, put } from "martlet";
import { lax } from "martlet/models";
import { z } from "zod";
import {
  AliasedIn,
  AliasedOut,
  Allow,
  Forbid,
  Image,
  Item,
  Pet,
  Signup,
  SomeTypes,
  Strict,
  Types,
  Union,
  User,
} from "./models.ts";

export const item = post("/b/item", { body: Item, returns: Item }, ({ body }) => body);
const Put = z.object({ item_id: z.int(), item: Item, q: z.string().nullable() });
export const itemPut = put(
  "/b/item/{item_id}",
  {
    path: { item_id: z.int() },
    query: { q: z.string().nullable().default(null) },
    body: Item,
    returns: Put,
  },
  ({ item_id, body, q }) => ({ item_id, item: body, q }),
);
const Held = z.object({ item: Item.nullable() });
export const optional = post(
  "/b/optional",
  { body: Item.nullable().default(null), returns: Held },
  ({ body }) => ({ item: body }),
);
export const embed = post("/b/embed", { body: { item: Item }, returns: Held }, ({ item }) => ({
  item,
}));
const Multi = z.object({
  item: Item,
  user: User,
  importance: z.int(),
  q: z.string().nullable(),
});
export const multi = post(
  "/b/multi",
  {
    body: { item: Item, user: User, importance: lax(z.int().positive()) },
    query: { q: z.string().nullable().default(null) },
    returns: Multi,
  },
  (args) => args,
);
export const list = post("/b/list", { body: z.array(Image) }, ({ body }) => body);
export const dict = post(
  "/b/dict",
  { body: lax(z.record(z.int(), z.number())) },
  ({ body }) => body,
);
export const any = post("/b/any", { body: z.unknown() }, ({ body }) => ({ v: body }));
export const scalar = post("/b/scalar", { body: lax(z.int()) }, ({ body }) => ({ v: body }));
export const forbid = post("/b/forbid", { body: Forbid }, ({ body }) => body);
export const allow = post("/b/allow", { body: Allow }, ({ body }) => body);
export const strict = post("/b/strict", { body: Strict }, ({ body }) => body);
export const types = post("/b/types", { body: Types, returns: Types }, ({ body }) => body);
export const alias = post("/b/alias", { body: AliasedIn, returns: AliasedOut }, ({ body }) => body);
export const pet = post("/b/pet", { body: Pet }, ({ body }) => body);
export const union = post("/b/union", { body: Union }, ({ body }) => body);
export const signup = post("/b/signup", { body: Signup }, ({ body }) => body);
export const unset = patch("/b/unset", { body: SomeTypes, returns: SomeTypes }, ({ body }) => body);
export const noContentType = post("/b/noct", { body: Forbid }, ({ body }) => body);
export const loose = post("/loose/item", { body: Forbid }, ({ body }) => body);
