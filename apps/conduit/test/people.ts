/**
 * Callers of tests: accounts with a token.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { password } from "../src/seed/people.ts";
import { type Answered, send } from "./call.ts";
import type { RunningConduit } from "./conduit.ts";

/** Somebody who is logged in. */
export interface Person {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

/** Registers somebody new. */
export async function newcomer({ url }: RunningConduit): Promise<Person> {
  const username = `user-${randomBytes(5).toString("hex")}`;
  const user = { username, email: `${username}@example.com`, password: randomPassword() };
  const answer = await send(`${url}/api/users`, { method: "POST", json: { user } });
  return { ...user, token: tokenOf(answer) };
}

/** Logs in one of the people of the example data. */
export async function known({ url }: RunningConduit, username: string): Promise<Person> {
  const user = { email: `${username}@example.com`, password };
  const answer = await send(`${url}/api/users/login`, { method: "POST", json: { user } });
  return { username, ...user, token: tokenOf(answer) };
}

/** A password that nobody else has. */
export function randomPassword(): string {
  return randomBytes(12).toString("base64url");
}

function tokenOf({ status, body }: Answered): string {
  if (status > 299) throw new Error(`No token, but ${status} ${JSON.stringify(body)}`);
  return (body as { user: { token: string } }).user.token;
}
