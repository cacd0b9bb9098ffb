/**
 * Secrets that cursors are signed with.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { Fault } from "../../index.ts";

/** What cursors are signed with: 32 characters or more, as a text or as a secret setting. */
export type CursorSecret = string | { readonly reveal: () => string };

const minLength = 32;

/**
 * The secrets to sign and to verify with. Without any, one that dies with the process: cursors end
 * with it then, and are those of this process alone. Throws M015 in production, where there are more
 * processes than one, one after the other at least.
 */
export function secretsOf(
  given: CursorSecret | readonly CursorSecret[] | undefined,
  environment: string | undefined,
): readonly (string | Uint8Array)[] {
  const secrets = [given ?? []]
    .flat()
    .map((each: CursorSecret) => (typeof each === "string" ? each : each.reveal()));
  const hint = "Give `secret` 32 random characters or more, the same in all processes.";
  if (secrets.some((each) => each.length < minLength)) {
    throw new Fault("M015", `A secret of cursors has less than ${minLength} characters`, { hint });
  }
  if (secrets.length > 0) return secrets;
  if (environment !== "production") return [randomBytes(minLength)];
  throw new Fault("M015", "Pages by cursor have no secret to sign with", { hint });
}
