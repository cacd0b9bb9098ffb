/**
 * Handshakes of WebSockets on node:http: answered by the application like any other request, and
 * carried on by `ws` where it accepts.
 *
 * @module
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type Answer, type App, HttpRequest, Unavailable, type Upgrade } from "../index.ts";
import type { Connections, Running } from "./connections.ts";
import { refusedHead } from "./guard.ts";
import type { Heart } from "./heart.ts";
import { NodeExchange } from "./node-exchange.ts";
import { http } from "./node-http.ts";
import { refusal } from "./refusal.ts";
import { sendAnswer } from "./send.ts";

/** What handshakes are answered with. */
export interface UpgradeServing {
  readonly app: App<unknown>;
  readonly connections: Connections;
  readonly heart: Heart;
  /** How long a client may take nothing of an answer, in milliseconds. */
  readonly stall: number;
}

/** A request that wants to become something else. */
export interface UpgradeRequest {
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
}

/** Whether a request asks for a WebSocket; what asks for another protocol is answered as it is. */
export function asksForSocket({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && /^\s*websocket\s*$/i.test(headers.upgrade ?? "");
}

/**
 * Reads a request once more without its wish for another protocol than WebSocket, which nobody has to
 * grant (RFC 9110 section 7.8). Node before 22.21 hands over the connection for any such wish.
 */
export function readAnew(server: Server, { message, socket, head }: UpgradeRequest): void {
  const { method, url, httpVersion, rawHeaders } = message;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (!/^(?:upgrade|connection)$/i.test(name)) lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit("connection", socket);
}

/** Answers a handshake. */
export function answerUpgrade(serving: UpgradeServing, asked: UpgradeRequest): void {
  const { app, connections } = serving;
  const { message, socket } = asked;
  // A client that resets the connection is told of by "close" as well.
  socket.on("error", () => undefined);
  const refused = refusedHead(message);
  if (refused !== undefined) return send(serving, asked, refusal(app, refused));
  const exchange = new NodeExchange(message, { period: 0, begin: undefined }, true);
  const request = new HttpRequest(exchange);
  const running: Running = { request, exchange };
  connections.begin(running);
  const end = async (): Promise<void> => {
    await request.upgrade?.done;
    await request.finish?.();
    connections.end(running);
  };
  const onClose = (): void => {
    request.abort(new Error("The client has gone"));
    request.upgrade?.abandon();
    void end();
  };
  socket.once("close", onClose);
  const settle = (answer: Answer): void => {
    if (socket.destroyed) {
      answer.cancel();
      return onClose();
    }
    socket.off("close", onClose);
    const { upgrade } = request;
    const isAccepted = answer.status === 101 && upgrade !== undefined;
    if (isAccepted && !connections.isStopping) {
      void end();
      return void accept(serving, asked, { answer, upgrade });
    }
    upgrade?.abandon();
    socket.once("close", () => void end());
    return send(serving, asked, answer.status === 101 ? stopping(app) : answer);
  };
  const answered = app.handle(request);
  if (answered instanceof Promise) void answered.then(settle, () => socket.destroy());
  else settle(answered);
}

interface Accepted {
  readonly answer: Answer;
  readonly upgrade: Upgrade;
}

async function accept(
  { heart, connections }: UpgradeServing,
  { message, socket, head }: UpgradeRequest,
  { answer, upgrade }: Accepted,
): Promise<void> {
  // Applications without sockets do not load what makes them.
  const { open } = await import("./web-socket.ts");
  open({ message, socket, head, answer, upgrade, heart });
  if (connections.isStopping) upgrade.leave();
}

function stopping(app: App<unknown>): Answer {
  return app.refuse(new Unavailable({}, { detail: "The server is stopping." }));
}

/** Answers what becomes no socket. The connection has lost its parser, and ends with the answer. */
function send(
  { stall }: UpgradeServing,
  { message, socket }: UpgradeRequest,
  answer: Answer,
): void {
  const response = new http.ServerResponse(message);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Parameters<typeof response.assignSocket>[0]);
  response.once("finish", () => socket.end(() => socket.destroy()));
  sendAnswer(answer.with({ connection: "close" }), response, {
    period: 0,
    stall,
    isBodyHeldBack: false,
  });
}
