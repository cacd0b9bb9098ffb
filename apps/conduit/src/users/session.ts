/**
 * Who calls: the token of a request becomes an account. Routes ask for `currentUser` when they need
 * one, and for `viewer` when they only tell a caller more than a stranger.
 *
 * @module
 */
import { bearer, dependency, optional } from "martlet";
import { db } from "../database.ts";
import { refusal } from "../problems.ts";
import { type Account, findAccount } from "./queries.ts";
import { tokens } from "./token.ts";

/** The token is forged, expired, or of an account that is gone. */
const TokenInvalid = refusal(401, "token-invalid", { token: ["is invalid"] });

/** An account, and the token that its owner sent. */
export interface Caller extends Account {
  readonly token: string;
}

const token = bearer({
  name: "Token",
  format: "JWT",
  prefixes: ["Token", "Bearer"],
  description:
    "`Authorization: Token <jwt>`; `Bearer` is taken as well. Register or log in for one.",
});

const challenge = { headers: { "www-authenticate": 'Token error="invalid_token"' } };

/** The caller, who must be somebody. */
export const currentUser = dependency(
  { name: "currentUser", security: { token }, use: { tokens, db }, throws: [TokenInvalid] },
  async ({ token, tokens, db }): Promise<Caller> => {
    const id = tokens.verify(token);
    const account = id === undefined ? undefined : await findAccount(db, id);
    if (account === undefined) throw new TokenInvalid(challenge);
    return { ...account, token };
  },
);

/** The id of the caller; `undefined` for a stranger. A token that is sent must be valid. */
export const viewer = dependency(
  {
    name: "viewer",
    security: { token: optional(token) },
    use: { tokens },
    throws: [TokenInvalid],
  },
  ({ token, tokens }): number | undefined => {
    if (token === undefined) return undefined;
    const id = tokens.verify(token);
    if (id === undefined) throw new TokenInvalid(challenge);
    return id;
  },
);
