/**
 * Headers that keep browsers from doing more with an answer than was meant.
 *
 * @module
 */
import type { Answer, AnswerHeaders, Middleware } from "../index.ts";
import { changed, withMissing } from "./change.ts";
import { type HttpsOptions, isHttps } from "./scheme.ts";

/** How long, and for what, browsers are to use HTTPS alone (RFC 6797). */
export interface HstsOptions {
  /** Seconds. @default 63072000, two years */
  readonly maxAge?: number;
  /** @default true */
  readonly includeSubDomains?: boolean;
  /** Whether the browsers' own lists may name the domain, which is hard to undo. @default false */
  readonly preload?: boolean;
}

/** What is told to browsers. */
export interface SecurityHeadersOptions extends HttpsOptions {
  /** `false` for none. It is told over HTTPS alone. @default two years, with subdomains */
  readonly hsts?: HstsOptions | false;
  /** Headers instead of those told by default, by lower-case name; `false` takes one away. */
  readonly headers?: Readonly<Record<string, string | false>>;
  /** The same for HTML pages alone. */
  readonly html?: Readonly<Record<string, string | false>>;
}

/** An answer that is data does nothing by itself, and belongs in no frame. */
const always: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
};

/** What pages of an API have no use for (https://w3c.github.io/webappsec-permissions-policy/). */
const features = [
  ["accelerometer", "autoplay", "camera", "clipboard-read", "clipboard-write"],
  ["cross-origin-isolated", "display-capture", "encrypted-media", "fullscreen", "gamepad"],
  ["geolocation", "gyroscope", "hid", "idle-detection", "interest-cohort", "keyboard-map"],
  ["magnetometer", "microphone", "midi", "payment", "picture-in-picture"],
  ["publickey-credentials-get", "screen-wake-lock", "serial", "sync-xhr", "unload", "usb"],
  ["web-share", "xr-spatial-tracking"],
].flat();

/** A page has what this server gives it, is alone in its window, and needs none of the device. */
const onPages: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": features.map((each) => `${each}=()`).join(", "),
  "x-dns-prefetch-control": "off",
};

/**
 * Middleware that tells browsers to be strict with answers. A header that an answer has already stays
 * as it is, so that a page can bring its own policy, as the docs page does.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { securityHeaders } from "martlet/security";
 *
 * const app = martlet({ ping: get("/ping", {}, () => "pong") }, { middleware: [securityHeaders()] });
 * const { headers } = await app.fetch(new Request("https://api.example.com/ping"));
 * expect(headers.get("x-content-type-options")).toBe("nosniff");
 * expect(headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
 * ```
 */
export function securityHeaders(options: SecurityHeadersOptions = {}): Middleware {
  const plain = told({ ...always, ...options.headers });
  const page = told({ ...always, ...onPages, ...options.headers, ...options.html });
  const secure = options.hsts === false ? {} : hstsOf(options.hsts ?? {});
  return (request, next) =>
    changed(next(), (answer) =>
      withMissing(answer, {
        ...(isPage(answer) ? page : plain),
        ...(isHttps(request, options) && secure),
      }),
    );
}

function told(headers: Readonly<Record<string, string | false>>): AnswerHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter((each): each is [string, string] => each[1] !== false),
  );
}

function hstsOf({
  maxAge = 63_072_000,
  includeSubDomains = true,
  preload = false,
}: HstsOptions): AnswerHeaders {
  const subDomains = includeSubDomains ? "; includeSubDomains" : "";
  return {
    "strict-transport-security": `max-age=${maxAge}${subDomains}${preload ? "; preload" : ""}`,
  };
}

function isPage({ headers }: Answer): boolean {
  return [headers["content-type"] ?? ""].flat().some((each) => each.startsWith("text/html"));
}
