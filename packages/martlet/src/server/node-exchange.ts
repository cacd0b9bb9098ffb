/**
 * Requests of node:http as exchanges.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import type { Exchange } from "../index.ts";
import { type BodyOptions, NodeBody } from "./node-body.ts";

/** A request of node:http. */
export class NodeExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly body: NodeBody | undefined;
  readonly canUpgrade: boolean;
  readonly #message: IncomingMessage;
  #whenStopping: (() => void)[] | undefined;
  #isStopping = false;

  constructor(message: IncomingMessage, options: BodyOptions, canUpgrade = false) {
    this.method = message.method ?? "GET";
    this.target = message.url ?? "/";
    this.rawHeaders = message.rawHeaders;
    this.body = announced(message) === 0 ? undefined : new NodeBody(message, options);
    this.canUpgrade = canUpgrade;
    this.#message = message;
  }

  get address(): string | undefined {
    return this.#message.socket.remoteAddress;
  }

  whenStopping(tell: () => void): void {
    if (this.#isStopping) tell();
    else (this.#whenStopping ??= []).push(tell);
  }

  /** Tells whoever asked that the server begins to stop; whether anybody had asked. */
  stop(): boolean {
    this.#isStopping = true;
    for (const tell of this.#whenStopping ?? []) tell();
    return this.#whenStopping !== undefined;
  }
}

/** The bytes of the body that the headers announce (RFC 9112 section 6); infinite when chunked. */
export function announced({ rawHeaders }: IncomingMessage): number {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 17 && name.toLowerCase() === "transfer-encoding") return Infinity;
    if (name.length === 14 && name.toLowerCase() === "content-length") {
      return Number(rawHeaders[index + 1]);
    }
  }
  return 0;
}
