import type { HttpRequest } from "../index.ts";

/** How it is known whether a request came over HTTPS. */
export interface HttpsOptions {
  /**
   * Whether the proxy in front is believed, which tells in `x-forwarded-proto` how it was called. Only
   * where every request comes through it: anybody else can send that header too.
   *
   * @default false
   */
  readonly trustProxy?: boolean;
}

/** Whether a request came over HTTPS. Of several proxies the nearest is believed. */
export function isHttps(request: HttpRequest, { trustProxy = false }: HttpsOptions): boolean {
  if (request.exchange.scheme === "https") return true;
  if (!trustProxy) return false;
  return request.headerValues("x-forwarded-proto").at(-1)?.split(",").at(-1)?.trim() === "https";
}
