/** What the fixtures share: models, problems and dependencies. Without a mistake. */
import { dependency, problem, Unauthorized } from "martlet";
import { bearer } from "martlet/auth";
import { z } from "zod";

export const Item = z.object({
  id: z.int(),
  name: z.string().min(1),
  price: z.number().positive(),
  owner: z.string(),
});
export const ItemDraft = z.object({ name: z.string().min(1), price: z.number().positive() });

export const ItemNotFound = problem(404, "item-not-found", { id: z.int() });
export const OutOfStock = problem(409, "out-of-stock", { left: z.int() });

export interface User {
  readonly name: string;
}

export interface Db {
  readonly find: (id: number) => Promise<z.output<typeof Item> | undefined>;
  readonly save: (item: z.output<typeof Item>) => Promise<z.output<typeof Item>>;
}

export const db = dependency({ scope: "app" }, (): Db => ({
  find: () => Promise.resolve(undefined),
  save: (item) => Promise.resolve(item),
}));

export const currentUser = dependency(
  { security: { token: bearer() }, throws: [Unauthorized] },
  ({ token }): User => ({ name: token }),
);

export const page = dependency({ query: { limit: z.int().max(100).default(20) } }, ({ limit }) => ({
  limit,
}));

export const org = dependency({ path: { orgId: z.string() } }, ({ orgId }) => ({ id: orgId }));
