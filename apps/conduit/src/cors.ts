/**
 * Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol): browsers of any origin
 * may call, for a caller proves itself with a header, never with a cookie.
 *
 * @module
 */
import { Answer, type Middleware } from "martlet";

const allowed = {
  "access-control-allow-methods": "GET, POST, PUT, DELETE",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "7200",
} as const;

const open = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after",
} as const;

/** Answers preflight requests, and lets browsers read every answer, errors too. */
export const cors: Middleware = async (request, next) => {
  const isPreflight =
    request.method === "OPTIONS" && request.header("access-control-request-method") !== undefined;
  if (isPreflight) return new Answer(204, { ...open, ...allowed });
  return (await next()).with(open);
};
