/**
 * What the URL of a MySQL or MariaDB server says, as its driver wants it.
 *
 * @module
 */
import { accessSync, constants, readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { ConnectionOptions, SslOptions } from "mysql2/promise";

/** What a URL may say in its query. */
const mysqlParameters = ["ssl", "ssl-ca", "ssl-mode", "socket"] as const;

/** How much of the server's certificate is checked, in the words of MySQL's own clients. */
const modes: Readonly<Record<string, SslOptions | undefined>> = {
  disabled: undefined,
  required: { rejectUnauthorized: false },
  verify_ca: {},
  verify_identity: { verifyIdentity: true },
};

/** Why a URL cannot be used, if so; nothing of it is told but the names of its parameters. */
export function mysqlObjection(url: string): string | undefined {
  const { searchParams } = new URL(url);
  for (const name of searchParams.keys()) {
    if (!mysqlParameters.some((known) => known === name)) {
      return `has a parameter that is not known, "${name}"; there are ${mysqlParameters.join(", ")}`;
    }
  }
  if (!((searchParams.get("ssl-mode")?.toLowerCase() ?? "required") in modes)) {
    return `has an "ssl-mode" that is not known; there are ${Object.keys(modes).join(", ")}`;
  }
  if (!isSsl(searchParams.get("ssl"))) {
    return 'has an "ssl" that is neither true, false nor a JSON object';
  }
  const authority = searchParams.get("ssl-ca");
  if (authority !== null && !isReadable(authority)) return 'has an "ssl-ca" that cannot be read';
  return identityObjection(url);
}

/** The driver would look for another name in the certificate. */
function identityObjection(url: string): string | undefined {
  const { hostname, searchParams } = new URL(url);
  const isAddress = isIP(hostname.replace(/^\[(.*)\]$/, "$1")) !== 0;
  if (!isAddress || sslOf(searchParams)?.verifyIdentity !== true) return undefined;
  return "has an address, and asks whose its certificate is: name the host, or write ssl-mode=verify_ca";
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function isSsl(text: string | null): boolean {
  return text === null || text === "true" || text === "false" || objectOf(text) !== undefined;
}

/** Where to connect to, and how, by a URL that nothing is objected to. */
export function mysqlTarget(url: string): ConnectionOptions {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const socket = searchParams.get("socket");
  const ssl = sslOf(searchParams);
  return {
    host: decodeURIComponent(hostname.replace(/^\[(.*)\]$/, "$1")) || "localhost",
    port: port === "" ? 3306 : Number(port),
    user: decodeURIComponent(username) || "root",
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...(socket !== null && { socketPath: socket }),
    ...(ssl && { ssl }),
  };
}

/** `ssl=true` checks the certificate and whose it is; what is not asked for is not encrypted. */
function sslOf(parameters: URLSearchParams): SslOptions | undefined {
  const text = parameters.get("ssl");
  const authority = parameters.get("ssl-ca");
  const mode = parameters.get("ssl-mode")?.toLowerCase();
  if (text === "false" || mode === "disabled") return undefined;
  if (text === null && authority === null && mode === undefined) return undefined;
  return {
    ...modes[mode ?? "verify_identity"],
    ...(authority !== null && { ca: readFileSync(authority, "utf8") }),
    ...(text !== null && objectOf(text)),
  };
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
