/**
 * Sockets of a test: handshakes within the process, without a port.
 *
 * @module
 */
import {
  type AnySocket,
  overWebSocket,
  type PlatformSocket,
  type WebSocketInit,
} from "../client/index.ts";
import { type App, type Exchange, HttpRequest, responseOf, type Upgrade } from "../index.ts";
import { cookieHeader, keepCookie } from "./cookies.ts";
import { type Shaken, TestConnection } from "./socket.ts";

/** What the sockets of a test share with its requests. */
export interface TestSocketsOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Map<string, string>;
  /** What the test is to be failed with for a request, if anything. */
  readonly failure: (request: HttpRequest) => unknown;
}

/**
 * A handshake that was answered by anything but 101.
 *
 * @example
 * ```ts
 * import { SocketRefused } from "martlet/testing";
 *
 * const refused = new SocketRefused(new Response(null, { status: 403 }));
 * expect(refused.message).toBe("The handshake was answered with 403");
 * ```
 */
export class SocketRefused extends Error {
  override readonly name = "SocketRefused";
  readonly response: Response;

  constructor(response: Response) {
    super(`The handshake was answered with ${response.status}`);
    this.response = response;
  }
}

/** The sockets of one test client. */
export class TestSockets {
  readonly #app: App<unknown>;
  readonly #options: TestSocketsOptions;
  readonly #open = new Set<Upgrade>();

  constructor(app: App<unknown>, options: TestSocketsOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** Opens a socket as the typed client does: whatever goes wrong, it is closed. */
  readonly connect = (url: string, { headers, protocols }: WebSocketInit): PlatformSocket => {
    const connection = new TestConnection();
    void this.#shake({ url: new URL(url), headers, protocols }).then((each) =>
      connection.open(each),
    );
    return connection;
  };

  /** Opens a socket by its path. */
  async open(url: URL, headers: Headers, protocols: readonly string[] = []): Promise<AnySocket> {
    const shaken = await this.#shake({ url, headers, protocols });
    const { upgrade, answer, request } = shaken;
    if (upgrade === undefined) throw new SocketRefused(responseOf(answer, request));
    const connection = new TestConnection();
    const socket = overWebSocket(connection, { receives: upgrade.receives, sends: upgrade.sends });
    connection.open(shaken);
    return socket;
  }

  /** Closes what is open, as a server that stops. */
  async close(): Promise<void> {
    const open = [...this.#open];
    for (const each of open) each.leave();
    await Promise.all(open.map((each) => each.done));
  }

  async #shake(handshake: Handshake): Promise<Shaken & { readonly request: HttpRequest }> {
    const { cookies, failure } = this.#options;
    const request = new HttpRequest(exchangeOf(handshake, this.#headers(handshake.headers)));
    const answer = await this.#app.handle(request);
    for (const each of [answer.headers["set-cookie"] ?? []].flat()) keepCookie(cookies, each);
    const { upgrade } = request;
    const shaken = { answer, request, failure: () => failure(request) };
    if (upgrade === undefined || answer.status !== 101) {
      upgrade?.abandon();
      await upgrade?.done;
      await request.finish?.();
      return { ...shaken, upgrade: undefined };
    }
    this.#open.add(upgrade);
    void upgrade.done.then(() => request.finish?.()).then(() => this.#open.delete(upgrade));
    return { ...shaken, upgrade };
  }

  #headers(own: Headers): Headers {
    const { headers, cookies } = this.#options;
    const all = new Headers(headers);
    for (const [name, value] of own) all.set(name, value);
    if (cookies.size > 0 && !all.has("cookie")) all.set("cookie", cookieHeader(cookies));
    return all;
  }
}

interface Handshake extends WebSocketInit {
  readonly url: URL;
}

function exchangeOf({ url, protocols }: Handshake, headers: Headers): Exchange {
  const own = {
    host: url.host,
    upgrade: "websocket",
    connection: "upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...(protocols.length > 0 && { "sec-websocket-protocol": protocols.join(", ") }),
  };
  return {
    method: "GET",
    target: url.pathname + url.search,
    rawHeaders: [...Object.entries(own), ...headers].flat(),
    body: undefined,
    address: "127.0.0.1",
    canUpgrade: true,
  };
}
