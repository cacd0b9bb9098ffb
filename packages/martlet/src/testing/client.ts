/**
 * The test client: requests to an application without a server, with a cookie jar. It starts the
 * lifespan by itself, waits for work after answers, and fails a test for what no client would see.
 *
 * @module
 */
import {
  type App,
  exchangeOf,
  HttpRequest,
  type Override,
  type Report,
  type Reporter,
  responseOf,
} from "../index.ts";
import {
  type AnyApp,
  type AnySocket,
  type Client,
  client,
  type Contract,
  contractOf,
} from "../client/index.ts";
import { cookieHeader, keepCookie } from "./cookies.ts";
import { TestSockets } from "./sockets.ts";

/** What a test client may be told. */
export interface TestClientOptions {
  /** What stands in for dependencies. */
  readonly overrides?: readonly Override[];
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether an unexpected error, an undeclared problem, a failed clean-up or background task fails
   * the call. Without it the client sees the answer that a real one would.
   *
   * @default true
   */
  readonly raise?: boolean;
  /** @default "http://testserver" */
  readonly baseUrl?: string;
}

/** One request of a test. */
export interface TestRequest {
  readonly query?: Readonly<
    Record<string, string | number | boolean | readonly (string | number | boolean)[]>
  >;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent urlencoded, or as multipart when a value is a file. */
  readonly form?: Readonly<Record<string, string | Blob | readonly (string | Blob)[]>>;
  /** Sent as it is; the media type is for `headers` to tell. */
  readonly body?: RequestInit["body"];
}

/** The handshake of a test. */
export interface TestSocketRequest extends Pick<TestRequest, "query" | "headers"> {
  /** The subprotocols to choose from, best first. */
  readonly protocols?: readonly string[];
}

/** Sends a request of one method. */
export type TestCall = (path: string, request?: TestRequest) => Promise<Response>;

/** A client of an application under test. */
export interface TestClient<A extends AnyApp = AnyApp> extends AsyncDisposable {
  /** The typed client: `test.api.items.update({ id: 7, body: { price: 3 } })`. */
  readonly api: Client<A>;
  readonly get: TestCall;
  readonly post: TestCall;
  readonly put: TestCall;
  readonly patch: TestCall;
  readonly delete: TestCall;
  readonly head: TestCall;
  readonly options: TestCall;
  /** Sends a request of any method. */
  readonly request: (method: string, path: string, request?: TestRequest) => Promise<Response>;
  /**
   * Opens a socket in this process. Rejects with a {@link SocketRefused} when the handshake is
   * answered by anything else.
   */
  readonly socket: (path: string, request?: TestSocketRequest) => Promise<AnySocket>;
  /** Answers a web request. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The cookies that answers have set, sent with every request. */
  readonly cookies: Map<string, string>;
  /** What was reported, in order. */
  readonly reports: readonly Report[];
  /** Ends the lifespan. */
  readonly close: () => Promise<void>;
}

/**
 * Makes a client of an application.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { testClient } from "martlet/testing";
 *
 * const app = martlet({ ping: get("/ping", {}, () => "pong") });
 * const client = testClient(app);
 * const response = await client.get("/ping");
 * expect(await response.json()).toBe("pong");
 *
 * const answer = await client.api.ping();
 * expect(answer.ok && answer.data).toBe("pong");
 * ```
 */
export function testClient<A extends App<unknown>>(
  app: A,
  options: TestClientOptions = {},
): TestClient<A> {
  const { overrides = [], headers = {}, raise = true, baseUrl = "http://testserver" } = options;
  const reports: Report[] = [];
  const report: Reporter = (each) => void reports.push(each);
  const tested = app.with({ report, overrides });
  const cookies = new Map<string, string>();

  const fetch = async (request: Request): Promise<Response> => {
    const incoming = new HttpRequest(exchangeOf(request, "127.0.0.1"));
    const answer = await tested.handle(incoming);
    const response = responseOf(answer, incoming);
    if (response.body === null || typeof answer.body === "string") await incoming.finish?.();
    for (const each of response.headers.getSetCookie()) keepCookie(cookies, each);
    const failure = reports.find((each) => each.request === incoming);
    if (raise && failure !== undefined) throw failure.error;
    return response;
  };
  const request: TestClient["request"] = (method, path, init = {}) =>
    fetch(requestOf(method, new URL(path, baseUrl), { init, headers, cookies }));
  const typed: typeof globalThis.fetch = (input, init) =>
    fetch(withCookies(new Request(input, init), cookies));
  const sockets = new TestSockets(tested, {
    headers,
    cookies,
    failure: (each) => (raise ? reports.find(({ request }) => request === each)?.error : undefined),
  });
  const socket: TestClient["socket"] = (path, asked = {}) => {
    const url = withQuery(new URL(path, baseUrl), asked.query);
    return sockets.open(url, new Headers(asked.headers), asked.protocols);
  };
  const stop = (): Promise<void> => sockets.close().then(() => tested.stop());
  let contract: Contract | undefined;
  return {
    get api() {
      contract ??= contractOf(tested.openapi());
      return client<A>(baseUrl, {
        fetch: typed,
        webSocket: sockets.connect,
        contract,
        headers,
        raise,
      });
    },
    ...callsOf(request),
    request,
    socket,
    fetch,
    cookies,
    reports,
    close: stop,
    [Symbol.asyncDispose]: stop,
  };
}

type Calls = Pick<TestClient, "get" | "post" | "put" | "patch" | "delete" | "head" | "options">;

function callsOf(request: TestClient["request"]): Calls {
  const call =
    (method: string): TestCall =>
    (path, init) =>
      request(method, path, init);
  return {
    get: call("GET"),
    post: call("POST"),
    put: call("PUT"),
    patch: call("PATCH"),
    delete: call("DELETE"),
    head: call("HEAD"),
    options: call("OPTIONS"),
  };
}

function withCookies(request: Request, cookies: ReadonlyMap<string, string>): Request {
  if (cookies.size > 0 && !request.headers.has("cookie")) {
    request.headers.set("cookie", cookieHeader(cookies));
  }
  return request;
}

interface RequestParts {
  readonly init: TestRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: ReadonlyMap<string, string>;
}

function withQuery(url: URL, query: TestRequest["query"] = {}): URL {
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) url.searchParams.append(name, String(each));
  }
  return url;
}

function requestOf(method: string, url: URL, { init, headers, cookies }: RequestParts): Request {
  const all = new Headers({ ...headers, ...init.headers });
  if (init.json !== undefined && !all.has("content-type"))
    all.set("content-type", "application/json");
  const body =
    init.json === undefined ? (init.body ?? formOf(init.form)) : JSON.stringify(init.json);
  const request = new Request(withQuery(url, init.query), {
    method,
    headers: all,
    body: body ?? null,
    duplex: "half",
  });
  return withCookies(request, cookies);
}

function formOf(form: TestRequest["form"]): URLSearchParams | FormData | undefined {
  if (form === undefined) return undefined;
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    [value].flat().map((each) => [name, each] as const),
  );
  if (pairs.every((pair): pair is [string, string] => typeof pair[1] === "string")) {
    return new URLSearchParams(pairs);
  }
  const data = new FormData();
  for (const [name, value] of pairs) data.append(name, value);
  return data;
}
