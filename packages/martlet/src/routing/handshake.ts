/**
 * Handshakes of sockets (RFC 6455 section 4.2): what is asked of a request that wants one, and what
 * becomes of it.
 *
 * @module
 */
import { BadRequest, Forbidden, type HttpProblem, problem, type ProblemClass } from "../errors.ts";
import { Answer } from "../http/answer.ts";
import type { HttpRequest } from "../http/request.ts";
import type { Connection, ConnectionEvents, MessageKind, Upgrade } from "../http/upgrade.ts";
import { type Messages, OpenSocket } from "./socket.ts";
import { messageKind, type SocketData, type SocketOrigins } from "./socket-data.ts";

/** The path is that of a socket, and the request asks for none: 426. */
const UpgradeRequired: ProblemClass<426, "upgrade-required", {}> = problem(426, "upgrade-required");

/** What a request lacks of a handshake; nothing when it is one. */
export function refusedHandshake(
  request: HttpRequest,
  origins: SocketOrigins,
): HttpProblem | undefined {
  const version = request.header("sec-websocket-version");
  if (request.exchange.canUpgrade !== true || version !== "13") {
    const wanted = { upgrade: "websocket", connection: "upgrade" };
    const known = version === undefined ? {} : { "sec-websocket-version": "13" };
    const detail = "This is a WebSocket.";
    return new UpgradeRequired({}, { detail, headers: { ...wanted, ...known } });
  }
  if (!/^[+/\dA-Za-z]{22}==$/.test(request.header("sec-websocket-key") ?? "")) {
    return new BadRequest({}, { detail: "The Sec-WebSocket-Key is missing or malformed." });
  }
  if (isKnownOrigin(request, origins)) return undefined;
  return new Forbidden({}, { detail: "This origin may not open the socket." });
}

/**
 * Whether the page that asks may have the socket. Browsers send cookies along with a handshake from
 * any site, and no rule of theirs keeps the answer from it: this check is the only one there is.
 */
function isKnownOrigin(request: HttpRequest, origins: SocketOrigins): boolean {
  const origin = request.header("origin");
  if (origin === undefined || origins === "any" || origins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  const own = `${protocol}//${request.header("host") ?? ""}`;
  return URL.canParse(own) && new URL(own).host === host && host !== "";
}

/** What a handshake ends with that was never answered by its socket. */
class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/** What a handshake is made of. */
export interface HandshakeParts {
  readonly data: SocketData;
  readonly messages: Messages;
}

/** One request on its way to become a socket. */
export class Handshake implements Upgrade {
  /** The answer, as soon as there is one. */
  readonly answer: Promise<Answer>;
  done: Promise<void> = Promise.resolve();
  /** Whether somebody else answered, or the client has gone. */
  isAbandoned = false;
  /** The socket, once it is open. */
  socket: OpenSocket | undefined;
  readonly #request: HttpRequest;
  readonly #parts: HandshakeParts;
  readonly #answered = Promise.withResolvers<Answer>();
  readonly #opened = Promise.withResolvers<OpenSocket>();

  constructor(request: HttpRequest, parts: HandshakeParts) {
    this.#request = request;
    this.#parts = parts;
    this.answer = this.#answered.promise;
    // The handler may be far from asking for it.
    this.#opened.promise.catch(() => undefined);
  }

  get maxMessage(): number {
    return this.#parts.data.maxMessage;
  }

  get receives(): MessageKind {
    return messageKind(this.#parts.data.receives);
  }

  get sends(): MessageKind {
    return messageKind(this.#parts.data.sends);
  }

  /** Answers 101, and waits for the connection. */
  accept(): Promise<OpenSocket> {
    const { draft } = this.#request;
    const protocol = this.#protocol();
    const headers = protocol === undefined ? {} : { "sec-websocket-protocol": protocol };
    this.#answered.resolve(new Answer(101, draft === undefined ? headers : draft.over(headers)));
    return this.#opened.promise;
  }

  refuse(answer: Answer): void {
    this.#answered.resolve(answer);
  }

  open(connection: Connection): ConnectionEvents {
    const { data, messages } = this.#parts;
    const { maxBacklog } = data;
    const socket = new OpenSocket({ connection, request: this.#request, messages, maxBacklog });
    this.socket = socket;
    this.#opened.resolve(socket);
    return socket.events;
  }

  abandon(): void {
    this.isAbandoned = true;
    this.#opened.reject(new Abandoned("The handshake was given up"));
  }

  leave(): void {
    this.socket?.close(1001, "The server is stopping.");
  }

  /** The first subprotocol of the client's that the socket speaks. */
  #protocol(): string | undefined {
    const offered = this.#request.header("sec-websocket-protocol")?.split(",") ?? [];
    return offered
      .map((each) => each.trim())
      .find((each) => this.#parts.data.protocols.includes(each));
  }
}

/** Whether a handshake that was given up is all there is to an error. */
export function isAbandonment(error: unknown): boolean {
  return error instanceof Abandoned;
}
