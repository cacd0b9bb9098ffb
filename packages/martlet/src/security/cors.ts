/**
 * Cross-origin requests: which other origins a browser lets read the answers
 * (https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * @module
 */
import { Answer, type HttpRequest, type Middleware, varied } from "../index.ts";
import { changed } from "./change.ts";
import { type Origins, originTest } from "./origins.ts";

/** Who may call from where, and with what. */
export interface CorsOptions {
  /**
   * The origins that may read answers, exactly as browsers write them: `"https://app.example.com"`, or
   * `"https://*.example.com"` for one label. `"*"` is everybody, without credentials.
   */
  readonly origins: Origins;
  /** The methods that may be used; `"*"` for any. @default GET, HEAD, POST, PUT, PATCH, DELETE */
  readonly methods?: "*" | readonly string[];
  /** The request headers that may be sent; `"*"` for any. @default authorization, content-type */
  readonly headers?: "*" | readonly string[];
  /** Whether cookies and other credentials of the browser go along. @default false */
  readonly credentials?: boolean;
  /** The response headers that scripts may read, beyond those that they always may. @default [] */
  readonly expose?: readonly string[];
  /** How long a browser remembers what it may, in seconds. @default 600 */
  readonly maxAge?: number;
  /** Whether pages of the public internet may call a server in a private network. @default false */
  readonly privateNetwork?: boolean;
}

/**
 * Middleware of the application that lets browsers of other origins in. It answers preflight requests
 * itself, before routes and credentials are looked at, and puts its headers on every other answer,
 * errors too. An origin that is not allowed gets the answer without them: the browser keeps it from
 * the page. CORS protects nobody's server; see `docs/cors-and-headers.md`.
 *
 * @throws {TypeError} when an entry of `origins` is no origin, or everybody gets credentials
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { cors } from "martlet/security";
 * import { testClient } from "martlet/testing";
 *
 * const app = martlet(
 *   { ping: get("/ping", {}, () => "pong") },
 *   { middleware: [cors({ origins: ["https://app.example.com"] })] },
 * );
 * const headers = { origin: "https://app.example.com" };
 * const answer = await testClient(app).get("/ping", { headers });
 * expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
 * ```
 */
export function cors(options: CorsOptions): Middleware {
  const policy = new Policy(options);
  return (request, next) =>
    isPreflight(request)
      ? policy.preflight(request)
      : changed(next(), (answer) => policy.open(request, answer));
}

function isPreflight(request: HttpRequest): boolean {
  return (
    request.method === "OPTIONS" &&
    request.header("origin") !== undefined &&
    request.header("access-control-request-method") !== undefined
  );
}

/** What depends on the options alone, worked out once. */
class Policy {
  readonly #options: CorsOptions;
  readonly #allows: (origin: string) => boolean;
  readonly #methods: "*" | readonly string[];
  readonly #headers: "*" | readonly string[];
  /** What the answers to preflight requests depend on. */
  readonly #varies: readonly string[];

  constructor(options: CorsOptions) {
    const {
      origins,
      credentials = false,
      methods = usualMethods,
      headers = usualHeaders,
    } = options;
    if (origins === "*" && credentials) {
      throw new TypeError(
        'cors(): credentials for every origin would let any page act as its visitor; list the origins, or leave "credentials" out',
      );
    }
    this.#options = options;
    this.#allows = origins === "*" ? () => true : originTest(origins);
    this.#methods = methods;
    this.#headers = headers === "*" ? headers : headers.map((each) => each.toLowerCase());
    this.#varies = [
      ...(origins === "*" ? [] : ["origin"]),
      ...(methods === "*" ? ["access-control-request-method"] : []),
      ...(headers === "*" ? ["access-control-request-headers"] : []),
      ...(options.privateNetwork === true ? ["access-control-request-private-network"] : []),
    ];
  }

  /** The answer to a question of the browser: without a header when the answer is no. */
  preflight(request: HttpRequest): Answer {
    const vary = this.#varies.length > 0 ? { vary: this.#varies.join(", ") } : {};
    const origin = this.#origin(request);
    const { maxAge = 600, privateNetwork = false } = this.#options;
    const methods = this.#asked(request, "method");
    const headers = this.#asked(request, "headers");
    const isPrivate = request.header("access-control-request-private-network") === "true";
    if (origin === undefined || methods === undefined || headers === undefined) {
      return new Answer(204, vary);
    }
    return new Answer(204, {
      ...origin,
      ...(methods.length > 0 && { "access-control-allow-methods": methods.join(", ") }),
      ...(headers.length > 0 && { "access-control-allow-headers": headers.join(", ") }),
      "access-control-max-age": String(maxAge),
      ...(privateNetwork && isPrivate && { "access-control-allow-private-network": "true" }),
      ...vary,
    });
  }

  /** An answer, opened to the origin that asked. */
  open(request: HttpRequest, answer: Answer): Answer {
    const { origins, expose = [] } = this.#options;
    const origin = this.#origin(request);
    return answer.with({
      ...origin,
      ...(origin !== undefined &&
        expose.length > 0 && { "access-control-expose-headers": expose.join(", ") }),
      // Also where nobody is let in: a cache must not give one origin's answer to another.
      ...(origins !== "*" && { vary: varied(answer.headers, ["origin"]) }),
    });
  }

  #origin(request: HttpRequest): Readonly<Record<string, string>> | undefined {
    const { origins, credentials = false } = this.#options;
    const origin = request.header("origin");
    if (origins === "*") return { "access-control-allow-origin": "*" };
    // What no browser writes cannot be written back.
    if (origin === undefined || !visible.test(origin) || !this.#allows(origin)) return undefined;
    return {
      "access-control-allow-origin": origin,
      ...(credentials && { "access-control-allow-credentials": "true" }),
    };
  }

  /** What is allowed, of the methods or the headers; `undefined` when what is asked for is not. */
  #asked(request: HttpRequest, what: "method" | "headers"): readonly string[] | undefined {
    const allowed = what === "method" ? this.#methods : this.#headers;
    const asked = listed(request.header(`access-control-request-${what}`));
    // `*` itself stands for less: not for `authorization`, and for nothing with credentials.
    if (allowed === "*") return asked.every((each) => token.test(each)) ? asked : undefined;
    if (what === "method")
      return asked.every((each) => allowed.includes(each)) ? allowed : undefined;
    const all = [...new Set([...allowed, ...asked.map((each) => each.toLowerCase())])];
    return all.every((each) => allowed.includes(each) || simpleHeaders.has(each)) ? all : undefined;
  }
}

const usualMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
const usualHeaders = ["authorization", "content-type"] as const;
/** What a page may send to anybody, as long as its value is harmless: always allowed. */
const simpleHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-language",
  "content-language",
  "content-type",
]);

const visible = /^[!-~]+$/;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function listed(text = ""): readonly string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
