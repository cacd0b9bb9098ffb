/**
 * SQL by hand, Kysely and Drizzle on one database, and in one transaction.
 *
 * @module
 */
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import type { Generated } from "kysely";
import { get, martlet, post, problem } from "martlet";
import { database, kysely, sqlTag, transaction } from "martlet/db";
import { z } from "zod";

/** The database; in a real application, the URL is a setting. */
export const db = database({ url: "embedded:" });

/** Queries by Kysely need the types of the tables only. */
interface Tables {
  readonly accounts: { readonly owner: string; readonly balance: number };
  readonly transfers: { readonly id: Generated<number>; readonly to: string };
}
const kdb = kysely<Tables>(db);
const sql = sqlTag(db);

/** Drizzle has the tables themselves. */
const transfers = pgTable("transfers", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  from: text().notNull(),
  to: text().notNull(),
  amount: integer().notNull(),
});

const Account = z.object({ owner: z.string(), balance: z.int() });
const AccountNotFound = problem(404, "account-not-found", { owner: z.string() });
const Overdrawn = problem(409, "overdrawn");

/** SQL by hand, without any library: every value becomes a parameter. */
const read = get(
  "/accounts/{owner}",
  { path: { owner: z.string() }, use: { sql }, returns: Account, throws: [AccountNotFound] },
  async ({ owner, sql }) => {
    const found = sql<z.infer<typeof Account>>`
      select owner, balance from accounts where owner = ${owner}`;
    return (await found.maybeOne()) ?? new AccountNotFound({ owner });
  },
);

/** Kysely. */
const richest = get(
  "/accounts",
  { query: { atLeast: z.int().default(0) }, use: { kdb }, returns: z.array(Account) },
  ({ atLeast, kdb }) =>
    kdb
      .selectFrom("accounts")
      .select(["owner", "balance"])
      .where("balance", ">=", atLeast)
      .orderBy("balance", "desc")
      .limit(100)
      .execute(),
);

/** All three. What any of them did is undone when the handler ends in a problem. */
const transfer = post(
  "/transfers",
  {
    body: z.object({ from: z.string(), to: z.string(), amount: z.int().positive() }),
    use: { db: transaction(db), kdb, sql },
    returns: z.object({ id: z.int() }),
    status: 201,
    throws: [AccountNotFound, Overdrawn],
  },
  async ({ body: { from, to, amount }, db, kdb, sql }) => {
    const [made] = await db
      .insert(transfers)
      .values({ from, to, amount })
      .returning({ id: transfers.id });
    const paid = await sql`
      update accounts set balance = balance + ${amount} where owner = ${to}`.run();
    if (paid === 0) return new AccountNotFound({ owner: to });
    const { balance } = await kdb
      .updateTable("accounts")
      .set(({ eb }) => ({ balance: eb("balance", "-", amount) }))
      .where("owner", "=", from)
      .returning("balance")
      .executeTakeFirstOrThrow(() => new AccountNotFound({ owner: from }));
    return balance < 0 ? new Overdrawn({}) : { id: made?.id ?? 0 };
  },
);

/** The application. */
export const app = martlet({ read, richest, transfer });
