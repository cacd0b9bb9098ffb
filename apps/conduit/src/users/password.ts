/**
 * Passwords: hashed with Argon2id, as OWASP advises (19 MiB, two passes, one lane).
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { dependency } from "martlet";
import { Gate } from "./gate.ts";

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes and verifies passwords. */
export interface Passwords {
  readonly hash: (password: string) => Promise<string>;
  /** Whether it is the password; never without a hash, and that takes no less time to say. */
  readonly verify: (password: string, hash: string | undefined) => Promise<boolean>;
}

/**
 * Passwords behind a gate: a hash keeps a core busy for a while, so that a few dozen logins a second
 * would be all that the machine does.
 */
export const passwords = dependency({ scope: "app" }, () =>
  passwordsBehind(new Gate({ atOnce: availableParallelism(), waiting: 64 })),
);

/** The hash of a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Passwords behind a gate of one's own. */
export async function passwordsBehind(gate: Gate): Promise<Passwords> {
  const nobodys = await hash(randomBytes(16), cost);
  return {
    hash: (password) => gate.run(() => hashPassword(password)),
    verify: async (password, known) => {
      const isRight = await gate.run(() => verify(known ?? nobodys, password));
      return isRight && known !== undefined;
    },
  };
}
