/**
 * An application behind node:http, with limits on connections and an orderly stop.
 *
 * @module
 */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Answer, type App, HttpRequest, Unavailable } from "../index.ts";
import { Connections, type Running } from "./connections.ts";
import { refusedHead } from "./guard.ts";
import { Heart } from "./heart.ts";
import { NodeExchange } from "./node-exchange.ts";
import { http } from "./node-http.ts";
import { refusal } from "./refusal.ts";
import { sendAnswer } from "./send.ts";
import { answerUpgrade, asksForSocket, readAnew } from "./upgrade.ts";

/** Limits on connections. All times in milliseconds. */
export interface ServerLimits {
  /** The time until all headers of a request are there. @default 10000 */
  readonly headersTimeout?: number;
  /** How long an idle connection is kept: longer than the 60 s of load balancers. @default 72000 */
  readonly keepAlive?: number;
  /** Bytes of the request line and headers together. @default 16384 */
  readonly maxHeaderSize?: number;
  /** A body must bring at least 1000 bytes in each period of this length. @default 8000 */
  readonly bodyPeriod?: number;
  /** How long a client may take nothing of an answer that is waiting for it. @default 60000 */
  readonly sendTimeout?: number;
  /** How often the client of a WebSocket is asked for a sign of life, which it owes until the next time; 0 for never. @default 30000 */
  readonly heartbeat?: number;
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
  /** Told what had to be cut: `"GET /reports"`, and `"work after answers"`. */
  readonly onCut?: (cut: readonly string[]) => void;
}

/** A listening server. */
export interface RunningServer {
  /** `"http://127.0.0.1:8000"` */
  readonly url: string;
  readonly port: number;
  /**
   * Stops: no new connections, running requests are finished, then the lifespan ends. Gives the
   * number of what had to be cut.
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
  app.ready();
  const connections = new Connections();
  const server = createHttpServer(app, connections, options);
  // A port that is taken is found before a database is started. Who calls early waits for the start.
  await bind(server, port, host);
  try {
    await app.start();
  } catch (error) {
    server.close();
    connections.destroy();
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
  options: ListenOptions,
): HttpServer {
  const { headersTimeout = 10_000, keepAlive = 72_000, maxHeaderSize = 16_384 } = options;
  const server = http.createServer({
    headersTimeout,
    keepAliveTimeout: keepAlive,
    maxHeaderSize,
    // A body is held to a rate instead: see node-body.ts.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(1000, headersTimeout),
    // guard.ts asks for it, and answers with a problem.
    requireHostHeader: false,
    ...whichUpgrades,
  });
  const serve = { app, connections, options };
  server.on("request", (message, response) => answer(serve, { message, response }));
  // The client is told to go on when its body is read, and not when it is refused.
  server.on("checkContinue", (message, response) => {
    answer(serve, { message, response, begin: () => response.writeContinue() });
  });
  server.on("checkExpectation", (message, response) => {
    sendAnswer(refusal(app, 417), response, sendOptions(serve, true));
  });
  acceptSockets(server, serve);
  server.on("connection", (socket) => connections.add(socket));
  server.on("clientError", (error, socket) => connections.refuse(app, error, socket));
  return server;
}

/** An option of Node from 22.21 and 24.9 on, which the types do not know yet. */
const whichUpgrades: object = { shouldUpgradeCallback: asksForSocket };

/** Takes the handshakes of WebSockets. */
function acceptSockets(server: HttpServer, { app, connections, options }: Serving): void {
  const { heartbeat = 30_000, sendTimeout: stall = 60_000 } = options;
  const serving = { app, connections, heart: new Heart(heartbeat), stall };
  server.on("upgrade", (message, socket, head) => {
    if (asksForSocket(message)) answerUpgrade(serving, { message, socket, head });
    else readAnew(server, { message, socket, head });
  });
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

interface Serving {
  readonly app: App<unknown>;
  readonly connections: Connections;
  readonly options: ListenOptions;
}

interface HttpPair {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  /** Tells a client that waits for it to send its body. */
  readonly begin?: () => void;
}

function answer(serving: Serving, { message, response, begin }: HttpPair): void {
  const { app, connections, options } = serving;
  const refused = refusedHead(message);
  if (refused !== undefined) {
    return sendAnswer(refusal(app, refused), response, sendOptions(serving, begin !== undefined));
  }
  const exchange = new NodeExchange(message, { period: options.bodyPeriod ?? 8000, begin });
  const request = new HttpRequest(exchange);
  const running: Running = { request, exchange, response };
  connections.begin(running);
  const send = (each: Answer): void => {
    finishOnClose(request, response);
    if (connections.isStopping) response.shouldKeepAlive = false;
    if (response.destroyed) return each.cancel();
    sendAnswer(each, response, sendOptions(serving, exchange.body?.isHeldBack ?? false));
  };
  response.once("close", () => {
    connections.end(running);
    if (!response.writableFinished) request.abort(new Error("The client has gone"));
  });
  const answered = app.handle(request);
  // Only a start that failed gives no answer at all.
  if (answered instanceof Promise) void answered.then(send, () => response.destroy());
  else send(answered);
}

function sendOptions(
  { options }: Serving,
  isBodyHeldBack: boolean,
): { period: number; stall: number; isBodyHeldBack: boolean } {
  const { bodyPeriod = 8000, sendTimeout = 60_000 } = options;
  return { period: bodyPeriod, stall: sendTimeout, isBodyHeldBack };
}

function finishOnClose(request: HttpRequest, response: ServerResponse): void {
  if (request.finish === undefined) return;
  // The client may have gone before there was an answer: then nothing will close any more.
  if (response.destroyed) void request.finish();
  else response.once("close", () => void request.finish?.());
}

interface Parts {
  readonly app: App<unknown>;
  readonly server: HttpServer;
  readonly connections: Connections;
}

/** How long what was told to stop may take to do so, in milliseconds. */
const lastWords = 500;

async function stop(
  { app, server, connections }: Parts,
  { lameDuck = 0, drain = 30_000, onCut }: StopOptions = {},
): Promise<number> {
  connections.stop();
  // The http server's own close() would cut kept-alive connections that a request is coming on.
  NetServer.prototype.close.call(server);
  // Whoever has no connection cannot send anything on it: then there is nothing to wait for.
  await within(lameDuck, connections.empty());
  server.closeIdleConnections();
  const deadline = Date.now() + drain;
  await within(drain, connections.idle());
  const cut = connections.running;
  connections.abort(new Unavailable({}, { detail: "The server is stopping." }));
  await within(lastWords, connections.idle());
  connections.destroy();
  server.closeAllConnections();
  const isDone = await within(Math.max(lastWords, deadline - Date.now()), app.stop());
  const all = isDone ? cut : [...cut, "work after answers"];
  if (all.length > 0) onCut?.(all);
  return all.length;
}

/** Whether `work` is done within so many milliseconds. */
async function within(milliseconds: number, work: Promise<void>): Promise<boolean> {
  const giveUp = new AbortController();
  const late = wait(milliseconds, false, { signal: giveUp.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    giveUp.abort();
  }
}
