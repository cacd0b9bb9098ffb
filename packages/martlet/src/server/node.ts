/**
 * An application behind node:http, with limits on connections and an orderly stop.
 *
 * @module
 */
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Answer, type App, HttpRequest } from "../index.ts";
import { refuseConnection } from "./refusal.ts";
import { announced, NodeExchange, sendAnswer } from "./node-exchange.ts";

/** Limits on connections. All times in milliseconds. */
export interface ServerLimits {
  /** The time until all headers of a request are there. @default 10000 */
  readonly headersTimeout?: number;
  /** How long an idle connection is kept: longer than the 60 s of load balancers. @default 72000 */
  readonly keepAlive?: number;
  /** Bytes of the request line and headers together. @default 16384 */
  readonly maxHeaderSize?: number;
}

/** Where and how a server listens. */
export interface ListenOptions extends ServerLimits {
  /** 0 for any free port. @default 8000 */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
}

/** How a server stops. All times in milliseconds. */
export interface StopOptions {
  /** How long requests on open connections are still answered before idle ones are closed. @default 0 */
  readonly lameDuck?: number;
  /** How long running requests may take; what is left then is cut. @default 30000 */
  readonly drain?: number;
}

/** A listening server. */
export interface RunningServer {
  /** `"http://127.0.0.1:8000"` */
  readonly url: string;
  readonly port: number;
  /**
   * Stops: no new connections, running requests are finished, then the lifespan ends. Gives the
   * number of requests that had to be cut.
   */
  readonly stop: (options?: StopOptions) => Promise<number>;
}

/**
 * Starts the lifespan of an application and listens.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { listen } from "martlet/server";
 *
 * const app = martlet({ ping: get("/ping", {}, () => "pong") });
 * const server = await listen(app, { port: 0 });
 * const response = await fetch(`${server.url}/ping`);
 * expect(await response.json()).toBe("pong");
 * await server.stop();
 * ```
 *
 * @throws {Faults} when the application is at fault
 */
export async function listen(
  app: App<unknown>,
  options: ListenOptions = {},
): Promise<RunningServer> {
  const { port = 8000, host = "127.0.0.1" } = options;
  await app.start();
  const connections = new Connections();
  const server = createHttpServer(app, connections, options);
  try {
    await bind(server, port, host);
  } catch (error) {
    await app.stop();
    throw error;
  }
  const { port: bound } = server.address() as AddressInfo;
  let stopping: Promise<number> | undefined;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    port: bound,
    stop: (how) => (stopping ??= stop({ app, server, connections }, how)),
  };
}

function createHttpServer(
  app: App<unknown>,
  connections: Connections,
  { headersTimeout = 10_000, keepAlive = 72_000, maxHeaderSize = 16_384 }: ListenOptions,
): HttpServer {
  const server = createServer(
    {
      headersTimeout,
      keepAliveTimeout: keepAlive,
      maxHeaderSize,
      // A body is held to a rate instead: see node-exchange.ts.
      requestTimeout: 0,
      connectionsCheckingInterval: 1000,
    },
    (message, response) => answer(app, connections, { message, response }),
  );
  server.on("connection", (socket) => connections.add(socket));
  server.on("clientError", refuseConnection);
  return server;
}

function bind(server: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

interface HttpPair {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

function answer(
  app: App<unknown>,
  connections: Connections,
  { message, response }: HttpPair,
): void {
  const request = new HttpRequest(new NodeExchange(message));
  connections.begin();
  const send = (each: Answer): void => {
    finishOnClose(request, response);
    if (connections.closing) response.shouldKeepAlive = false;
    if (response.destroyed) return;
    sendAnswer(unread(message) ? each.with({ connection: "close" }) : each, response);
  };
  response.once("close", () => {
    connections.end();
    if (!response.writableFinished) request.abort(new Error("The client has gone"));
  });
  const answered = app.handle(request);
  if (answered instanceof Promise) void answered.then(send);
  else send(answered);
}

/** How much of a body that nobody wants is read past, so that the connection can be used again. */
const readPast = 65_536;

/** Whether so much of an unwanted body is still coming that the connection is better ended. */
function unread(message: IncomingMessage): boolean {
  return !message.complete && announced(message.rawHeaders) > readPast;
}

function finishOnClose(request: HttpRequest, response: ServerResponse): void {
  if (request.finish === undefined) return;
  // The client may have gone before there was an answer: then nothing will close any more.
  if (response.destroyed) void request.finish();
  else response.once("close", () => void request.finish?.());
}

/** The open connections of a server and the requests that are being answered. */
class Connections {
  readonly #sockets = new Set<Socket>();
  #running = 0;
  #idle: (() => void) | undefined;
  /** Whether the server is stopping: answers then end their connection. */
  closing = false;

  get running(): number {
    return this.#running;
  }

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  begin(): void {
    this.#running += 1;
  }

  end(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#idle?.();
  }

  /** Waits until no request is being answered. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

interface Parts {
  readonly app: App<unknown>;
  readonly server: HttpServer;
  readonly connections: Connections;
}

async function stop(
  { app, server, connections }: Parts,
  { lameDuck = 0, drain = 30_000 }: StopOptions = {},
): Promise<number> {
  connections.closing = true;
  // The http server's own close() would cut kept-alive connections that a request is coming on.
  NetServer.prototype.close.call(server);
  if (lameDuck > 0) await wait(lameDuck);
  server.closeIdleConnections();
  await Promise.race([connections.idle(), wait(drain, undefined, { ref: false })]);
  const cut = connections.running;
  connections.destroy();
  server.closeAllConnections();
  await app.stop();
  return cut;
}
