/**
 * Who calls: the token of a request becomes an account. Routes that write
 * ask for `currentUser`, who has one. Those that read believe the token, and ask nothing of the
 * database: for `caller`, and for `viewer` where a stranger is told a little less.
 *
 * @module
 */
import { dependency, problem } from "martlet";
import { bearer, optional } from "martlet/auth";
import { prepared } from "martlet/db";
import { db } from "../database.ts";
import { accountById } from "./queries.ts";
import { tokens } from "./token.ts";

/** The token is forged, expired, or of an account that is gone. */
const TokenInvalid = problem(401, "token-invalid");

const credential = bearer({
  name: "Token",
  invalid: TokenInvalid,
  format: "JWT",
  prefixes: ["Token", "Bearer"],
  description:
    "`Authorization: Token <jwt>`; `Bearer` is taken as well. Register or log in for one.",
});

const accounts = prepared(db, (db) => ({ byId: accountById(db) }));

/** The caller, who must be somebody: an account, and the token that was sent for it. */
export const currentUser = dependency(
  { security: { token: credential }, use: { tokens, accounts }, throws: [TokenInvalid] },
  async ({ token, tokens, accounts }) => {
    const id = tokens.verify(token);
    const [account] = id === undefined ? [] : await accounts.byId.execute({ id });
    if (account === undefined) return credential.refuse();
    return { ...account, token };
  },
);

/** The id of the caller, who must be somebody. */
export const caller = dependency(
  { security: { token: credential }, use: { tokens }, throws: [TokenInvalid] },
  ({ token, tokens }) => tokens.verify(token) ?? credential.refuse(),
);

/** The id of the caller; `undefined` for a stranger. A token that is sent must be valid. */
export const viewer = dependency(
  {
    security: { token: optional(credential) },
    use: { tokens },
    throws: [TokenInvalid],
  },
  ({ token, tokens }) => {
    if (token === undefined) return undefined;
    return tokens.verify(token) ?? credential.refuse();
  },
);
