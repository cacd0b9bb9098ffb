/**
 * Users: registration, login, and the caller's own account.
 *
 * @module
 */
import { get, post, problem, put, Unavailable } from "martlet";
import { db } from "../database.ts";
import { Taken, takenFields } from "../problems.ts";
import { LoginUserRequest, NewUserRequest, UpdateUserRequest, UserResponse } from "./models.ts";
import { passwords } from "./password.ts";
import { createAccount, findLogin, findTaken, updateAccount } from "./queries.ts";
import { currentUser } from "./session.ts";
import { tokens } from "./token.ts";

export { LoginUser, NewUser, UpdateUser, User } from "./models.ts";
export { LoginUserRequest, NewUserRequest, UpdateUserRequest, UserResponse };

/** There is no such account, or its password is another: nobody is told which. */
export const CredentialsInvalid = problem(401, "credentials-invalid");

/** Opens an account. */
export const register = post(
  "/users",
  {
    summary: "Register",
    description: "Opens an account, and gives the token to prove it with.",
    body: NewUserRequest,
    use: { db, passwords, tokens },
    returns: UserResponse,
    status: 201,
    throws: [Taken, Unavailable],
  },
  async ({ body, db, passwords, tokens }) => {
    const { username, email, password } = body.user;
    const taken = await findTaken(db, { username, email });
    if (taken.length > 0) return takenFields(taken);
    const passwordHash = await passwords.hash(password);
    const account = await createAccount(db, { username, email, passwordHash });
    return { user: { ...account, token: tokens.issue(account.id) } };
  },
);

/** Gives a token for an address and a password. */
export const login = post(
  "/users/login",
  {
    summary: "Log in",
    description: "Gives a token for an email address and a password.",
    body: LoginUserRequest,
    use: { db, passwords, tokens },
    returns: UserResponse,
    throws: [CredentialsInvalid, Unavailable],
  },
  async ({ body, db, passwords, tokens }) => {
    const { email, password } = body.user;
    const account = await findLogin(db, email);
    const isRight = await passwords.verify(password, account?.passwordHash);
    if (account === undefined || !isRight) return new CredentialsInvalid({});
    return { user: { ...account, token: tokens.issue(account.id) } };
  },
);

/** The caller's own account. */
export const current = get(
  "/user",
  {
    summary: "Get the current user",
    description: "The account that the token belongs to.",
    use: { currentUser },
    returns: UserResponse,
  },
  ({ currentUser }) => ({ user: currentUser }),
);

/** Changes the caller's own account. */
export const update = put(
  "/user",
  {
    summary: "Update the current user",
    description: "Changes what is sent, and leaves the rest as it is.",
    body: UpdateUserRequest,
    use: { currentUser, db, passwords },
    returns: UserResponse,
    throws: [Taken, Unavailable],
  },
  async ({ body, currentUser, db, passwords }) => {
    const { password, ...changes } = body.user;
    const taken = await findTaken(db, changes, currentUser.id);
    if (taken.length > 0) return takenFields(taken);
    const passwordHash = password === undefined ? undefined : await passwords.hash(password);
    const account = await updateAccount(db, currentUser.id, { ...changes, passwordHash });
    return { user: { ...account, token: currentUser.token } };
  },
);
