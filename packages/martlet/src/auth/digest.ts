import {
  alone,
  authorization,
  credential,
  type Credential,
  type CredentialOptions,
} from "./credential.ts";

/** What HTTP Digest authentication may be told. */
export interface DigestOptions extends CredentialOptions {
  /** @default "api" */
  readonly realm?: string;
  /** What the challenge says beside the realm: `nonce`, `qop`, `algorithm`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * HTTP Digest authentication (RFC 7616), for APIs that must keep it: the value is what stands behind
 * `Digest` in the header, which a dependency has to take apart and check.
 *
 * @example
 * ```ts
 * import { httpDigest } from "martlet/auth";
 *
 * expect(httpDigest().ways).toEqual([
 *   [{ name: "digest", scheme: { type: "http", scheme: "digest" } }],
 * ]);
 * ```
 */
export function httpDigest(options: DigestOptions = {}): Credential<string> {
  const { name = "digest", realm = "api", parameters } = options;
  return credential({
    ...options,
    ways: alone(name, { type: "http", scheme: "digest" }, options),
    challenges: [{ scheme: "Digest", parameters: { realm, ...parameters } }],
    find: (source) => authorization(source, ["Digest"]),
  });
}
