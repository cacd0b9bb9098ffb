/**
 * The open connections of a server and the requests that are being answered on them.
 *
 * @module
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { App, HttpRequest } from "../index.ts";
import type { NodeExchange } from "./node-exchange.ts";
import { refuseConnection } from "./refusal.ts";

/** A request that is being answered. */
export interface Running {
  readonly request: HttpRequest;
  readonly exchange: NodeExchange;
  /** Where the answer goes; a handshake has nothing of the kind. */
  readonly response?: ServerResponse;
}

/** What a server keeps track of. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  readonly #running = new Set<Running>();
  #waiting: (() => void)[] = [];
  #isStopping = false;

  /** Whether the server is stopping: answers then end their connection. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** The requests that are being answered: `"GET /items"`. */
  get running(): readonly string[] {
    return [...this.#running].map(({ request }) => `${request.method} ${request.path}`);
  }

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#tell();
    });
  }

  begin(each: Running): void {
    this.#running.add(each);
    if (this.#isStopping) each.exchange.stop();
  }

  end(each: Running): void {
    this.#running.delete(each);
    if (this.#running.size === 0 && this.#waiting.length > 0) this.#tell();
  }

  /** Waits until no request is being answered. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await this.#change();
  }

  /** Waits until there is no connection. */
  async empty(): Promise<void> {
    while (this.#sockets.size > 0) await this.#change();
  }

  /**
   * Answers bytes that are no HTTP. What came before them on the same connection is answered first:
   * a refusal in between would be taken for the answer to another request.
   */
  refuse(app: App<unknown>, error: NodeJS.ErrnoException, socket: Duplex): void {
    const last = [...this.#running].findLast((each) => each.response?.req.socket === socket);
    const { response, exchange } = last ?? {};
    if (response === undefined || response.writableEnded) refuseConnection(app, error, socket);
    else {
      response.shouldKeepAlive = false;
      // Its own body is at fault: whoever reads it is told.
      if (!response.req.complete) exchange?.body?.break(error);
    }
  }

  /** Begins to stop: what has no end of its own ends, so that its client turns to another server. */
  stop(): void {
    this.#isStopping = true;
    for (const { request, exchange, response } of this.#running) {
      request.upgrade?.leave();
      // Kept alive, as its head has promised, the connection would lead the client back to here.
      if (exchange.stop()) response?.once("close", () => response.req.socket.destroySoon());
    }
  }

  /** Tells everything that is still being answered to stop. */
  abort(reason: Error): void {
    for (const { request } of this.#running) request.abort(reason);
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each();
  }
}
