import {
  alone,
  credential,
  type Credential,
  type CredentialOptions,
  single,
} from "./credential.ts";

/** Where the certificate of the client is told. */
export interface MutualTlsOptions extends CredentialOptions {
  /**
   * The header in which the proxy in front tells the certificate that it has verified: `"client-cert"`
   * (RFC 9440). The proxy must take it off what clients send.
   */
  readonly header: string;
}

/**
 * A client's certificate, which the proxy that ends TLS has verified. The value is what stands in the
 * header.
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { mutualTls } from "martlet/auth";
 *
 * const certificate = mutualTls({ header: "client-cert" });
 * const peers = get("/peers", { security: { certificate } }, ({ certificate }) => ({ certificate }));
 * expect(peers.path).toBe("/peers");
 * ```
 */
export function mutualTls(options: MutualTlsOptions): Credential<string> {
  const { name = "mutualTls", header } = options;
  return credential({
    ...options,
    ways: alone(name, { type: "mutualTLS" }, options),
    challenges: [{ scheme: "MutualTLS" }],
    find: (source) => single(source.headerValues(header.toLowerCase()), header) || undefined,
  });
}
