/**
 * HTTPS for all: what came in clear is led to where it does not.
 *
 * @module
 */
import { Answer, type Middleware, problem, type ProblemClass } from "../index.ts";
import { type HttpsOptions, isHttps } from "./scheme.ts";

/** The request came in clear, and so did its credentials: 403. */
export const HttpsRequired: ProblemClass<403, "https-required", {}> = problem(
  403,
  "https-required",
  undefined,
  { title: "HTTPS required" },
);

/** How requests are led to HTTPS. */
export interface HttpsRedirectOptions extends HttpsOptions {
  /**
   * The methods that are led on. The others are told {@link HttpsRequired}: what they carry has been
   * seen on its way, and whoever sent it must learn of that.
   *
   * @default GET, HEAD
   */
  readonly methods?: readonly string[];
}

/**
 * Middleware of the application that leads requests in clear to the same address over HTTPS (308).
 * Put {@link trustedHosts} before it: the address is made of the `Host` header.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { httpsRedirect } from "martlet/security";
 *
 * const app = martlet({ ping: get("/ping", {}, () => "pong") }, { middleware: [httpsRedirect()] });
 * const answer = await app.fetch(new Request("http://api.example.com/ping?a=1"));
 * expect(answer.status).toBe(308);
 * expect(answer.headers.get("location")).toBe("https://api.example.com/ping?a=1");
 * ```
 */
export function httpsRedirect(options: HttpsRedirectOptions = {}): Middleware {
  const methods = new Set(options.methods ?? ["GET", "HEAD"]);
  return (request, next) => {
    if (isHttps(request, options)) return next();
    const { method, path, search } = request;
    const host = /^([\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.exec(request.header("host") ?? "")?.[1];
    if (!methods.has(method) || host === undefined) throw new HttpsRequired();
    const location = `https://${host}${path}${search === "" ? "" : `?${search}`}`;
    return new Answer(308, { location });
  };
}
