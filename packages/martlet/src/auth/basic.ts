import {
  alone,
  authorization,
  credential,
  type Credential,
  type CredentialOptions,
} from "./credential.ts";

/** A user name and a password. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** What HTTP Basic authentication may be told. */
export interface BasicOptions extends CredentialOptions {
  /** What is protected, as the browser asks for a password. @default "api" */
  readonly realm?: string;
}

/**
 * HTTP Basic authentication, in UTF-8 (RFC 7617).
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { httpBasic } from "martlet/auth";
 *
 * const login = get("/login", { security: { user: httpBasic() } }, ({ user }) => user.username);
 * expect(login.path).toBe("/login");
 * ```
 */
export function httpBasic(options: BasicOptions = {}): Credential<BasicCredentials> {
  const { name = "basic", realm = "api" } = options;
  return credential({
    ...options,
    ways: alone(name, { type: "http", scheme: "basic" }, options),
    challenges: [{ scheme: "Basic", parameters: { realm, charset: "UTF-8" } }],
    find: (source) => decodeBasic(authorization(source, ["Basic"])),
  });
}

function decodeBasic(text: string | undefined): BasicCredentials | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const pair = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const colon = pair.indexOf(":");
    if (colon < 0) return undefined;
    return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  } catch {
    return undefined;
  }
}
