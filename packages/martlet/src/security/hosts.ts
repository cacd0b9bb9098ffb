/**
 * Hosts: which names the application answers to. Whoever chooses the `Host` header freely chooses
 * what links in mails, redirects and caches say.
 *
 * @module
 */
import { type HttpRequest, type Middleware, problem, type ProblemClass } from "../index.ts";

/** The request is for a host that this server does not speak for: 400. */
export const BadHost: ProblemClass<400, "bad-host", {}> = problem(400, "bad-host");

const hostSyntax =
  /^(?:(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * Middleware of the application that answers requests for the listed hosts only; others are told
 * {@link BadHost}. `"*.example.com"` stands for one label. An entry without a port takes any.
 *
 * @throws {TypeError} when an entry is no host
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { trustedHosts } from "martlet/security";
 *
 * const app = martlet(
 *   { ping: get("/ping", {}, () => "pong") },
 *   { middleware: [trustedHosts(["api.example.com", "localhost"])] },
 * );
 * expect((await app.fetch(new Request("https://api.example.com/ping"))).status).toBe(200);
 * expect((await app.fetch(new Request("https://evil.example/ping"))).status).toBe(400);
 * ```
 */
export function trustedHosts(hosts: readonly string[]): Middleware {
  const listed = hosts.map(entryOf);
  const isTrusted = (host: string | undefined): boolean =>
    host !== undefined && listed.some((each) => each(host.toLowerCase()));
  return (request, next) => {
    if (!askedHosts(request).every(isTrusted)) throw new BadHost();
    return next();
  };
}

/** The hosts that a request names: in `Host`, and in a target of absolute form (RFC 9112 section 3.2.2). */
function askedHosts(request: HttpRequest): readonly (string | undefined)[] {
  const target = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(request.exchange.target)?.[1];
  return [request.header("host"), ...(target === undefined ? [] : [target])];
}

function entryOf(entry: string): (host: string) => boolean {
  const wanted = entry.toLowerCase();
  if (!hostSyntax.test(wanted)) {
    throw new TypeError(
      `trustedHosts(): ${JSON.stringify(entry)} is no host; write "api.example.com", or "*.example.com" for one label`,
    );
  }
  const hasPort = /:\d+$/.test(wanted);
  return (host) => {
    const name = hasPort ? host : host.replace(/:\d+$/, "");
    if (!wanted.startsWith("*.")) return name === wanted;
    const [label = "", ...rest] = name.split(".");
    return label !== "" && rest.join(".") === wanted.slice(2);
  };
}
