/**
 * What is asked of the database about users.
 *
 * @module
 */
import { and, eq, ne, or, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Database } from "../database.ts";
import { users } from "./table.ts";

/** An account, without what proves that it is one's own. */
export interface Account {
  readonly id: number;
  readonly email: string;
  readonly username: string;
  readonly bio: string;
  readonly image: string;
}

/** What an account is opened with. */
export interface NewAccount {
  readonly email: string;
  readonly username: string;
  readonly passwordHash: string;
}

/** What is changed of an account; what is `undefined` stays as it is. */
export type AccountChanges = {
  readonly [K in keyof NewAccount | "bio" | "image"]?: string | undefined;
};

const account = {
  id: users.id,
  email: users.email,
  username: users.username,
  bio: users.bio,
  image: users.image,
};

/** The account with an id, a query that is prepared: every request that writes begins with it. */
export function accountById(db: Database) {
  const isMeant = eq(users.id, sql.placeholder("id"));
  return db.select(account).from(users).where(isMeant).prepare("account_by_id");
}

/** The account with an address, and the hash of its password: for login alone. */
export async function findLogin(
  db: Database,
  email: string,
): Promise<(Account & { readonly passwordHash: string }) | undefined> {
  const columns = { ...account, passwordHash: users.passwordHash };
  const [found] = await db.select(columns).from(users).where(isEmail(email));
  return found;
}

/**
 * Which of an address and a name are somebody else's. Who asks is told of both at once, and before a
 * password is hashed for nothing; two who ask at once are kept apart by the indexes.
 */
export async function findTaken(
  db: Database,
  { email, username }: Pick<AccountChanges, "email" | "username">,
  id = 0,
): Promise<("email" | "username")[]> {
  const others = await db
    .select({ email: isEmail(email), username: isUsername(username) })
    .from(users)
    .where(and(ne(users.id, id), or(isEmail(email), isUsername(username))));
  return (["email", "username"] as const).filter((field) => others.some((each) => each[field]));
}

/** Opens an account. */
export async function createAccount(db: Database, values: NewAccount): Promise<Account> {
  const [written] = await db.insert(users).values(values).returning(account);
  // One row was written.
  return written as Account;
}

/** Changes an account. */
export async function updateAccount(
  db: Database,
  id: number,
  changes: AccountChanges,
): Promise<Account> {
  const [written] = await db.update(users).set(changes).where(eq(users.id, id)).returning(account);
  // One row was written, for the caller is known to exist.
  return written as Account;
}

/** Whether the user of the statement has an address, as its index compares; `undefined` is nobody's. */
function isEmail(email: string | undefined): SQL<boolean> {
  return sql<boolean>`lower(${users.email}) = lower(${email ?? null}::text)`;
}

/** Whether a user of the statement has a name, as its index compares; `undefined` is nobody's. */
export function isUsername(
  username: string | undefined,
  of: { readonly username: AnyPgColumn } = users,
): SQL<boolean> {
  return sql<boolean>`lower(${of.username}) = lower(${username ?? null}::text)`;
}
