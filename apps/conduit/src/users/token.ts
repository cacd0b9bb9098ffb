/**
 * Tokens: JSON Web Tokens (RFC 7519), signed with HMAC-SHA256, that say who calls and until when.
 *
 * @module
 */
import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import { dependency } from "martlet";
import { z } from "zod";
import { appKey } from "../key.ts";
import { config } from "../settings.ts";

/**
 * The one header that is written, and so the one that is read: whoever wants another algorithm, or
 * brings a key along, has no token of ours.
 */
const header = encode({ alg: "HS256", typ: "JWT" });

const Claims = z.object({
  iss: z.literal("conduit"),
  /** The user's id. */
  sub: z.string().regex(/^[1-9]\d{0,9}$/),
  /** When it was issued, and until when it is valid: seconds since 1970. */
  iat: z.int(),
  exp: z.int(),
});

/** What {@link Tokens} are made with. */
export interface TokenOptions {
  /** How long a token is valid, in seconds. */
  readonly lifetime: number;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Issues and verifies tokens. */
export class Tokens {
  readonly #key: KeyObject;
  readonly #lifetime: number;
  readonly #now: () => number;

  constructor(secret: string, { lifetime, now = Date.now }: TokenOptions) {
    // A key of its own: what else may be signed with the application's key is no token.
    this.#key = createSecretKey(Buffer.from(hkdfSync("sha256", secret, "", "conduit tokens", 32)));
    this.#lifetime = lifetime;
    this.#now = now;
  }

  /** A token for a user. */
  issue(userId: number): string {
    const iat = this.#seconds();
    const claims = { iss: "conduit", sub: String(userId), iat, exp: iat + this.#lifetime };
    const signed = `${header}.${encode(claims)}`;
    return `${signed}.${this.#sign(signed)}`;
  }

  /** The id of the user that a token speaks of; `undefined` when it is not, or no longer, valid. */
  verify(token: string): number | undefined {
    const [head, payload = "", signature = "", ...more] = token.split(".");
    if (head !== header || more.length > 0) return undefined;
    if (!isEqual(signature, this.#sign(`${head}.${payload}`))) return undefined;
    const claims = Claims.safeParse(decode(payload));
    if (!claims.success || claims.data.exp <= this.#seconds()) return undefined;
    return Number(claims.data.sub);
  }

  /** Compared as text, so that a signature has one spelling. */
  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }

  #seconds(): number {
    return Math.floor(this.#now() / 1000);
  }
}

/** Tokens that are signed with the application's key. */
export const tokens = dependency(
  { scope: "app", use: { appKey, config } },
  ({ appKey, config }) => new Tokens(appKey, { lifetime: config.tokenSeconds }),
);

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** It is signed by us, and so is JSON. */
function decode(text: string): unknown {
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
