/**
 * WebSocket conversations of tests, by the client of `ws`.
 *
 * @module
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";

/** How a connection went. */
export interface Talk {
  readonly messages: readonly (string | Buffer)[];
  readonly code: number;
  readonly reason: string;
  /** The answer to a handshake that was refused. */
  readonly answer?: { readonly status: number; readonly headers: object; readonly body: string };
}

/** A connection of a test: what has come so far, and how it ended. */
export class Client {
  readonly socket: WebSocket;
  readonly messages: (string | Buffer)[] = [];
  readonly over: Promise<Talk>;

  constructor(url: string, options: { protocols?: string[]; headers?: object } = {}) {
    const { protocols = [], headers = {} } = options;
    this.socket = new WebSocket(url.replace(/^http/, "ws"), protocols, {
      headers: headers as Record<string, string>,
      closeTimeout: 1000,
    } as object);
    this.over = this.#end();
    this.socket.on("message", (data: Buffer, isBinary) => {
      this.messages.push(isBinary ? data : data.toString());
    });
    this.socket.on("error", () => undefined);
  }

  /** Waits until it is open. */
  async open(): Promise<this> {
    await once(this.socket, "open");
    return this;
  }

  send(message: unknown): void {
    const isFrame = typeof message === "string" || message instanceof Uint8Array;
    this.socket.send(isFrame ? message : JSON.stringify(message));
  }

  /** Waits for as many messages as that. */
  async received(count: number): Promise<readonly (string | Buffer)[]> {
    while (this.messages.length < count) {
      await Promise.race([once(this.socket, "message"), this.over]);
      if (this.socket.readyState === WebSocket.CLOSED) break;
    }
    return this.messages;
  }

  async #end(): Promise<Talk> {
    const { promise, resolve } = Promise.withResolvers<Talk>();
    const { messages } = this;
    this.socket.on("close", (code, reason) => resolve({ messages, code, reason: String(reason) }));
    this.socket.on("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => {
        const answer = { status: response.statusCode ?? 0, headers: response.headers, body };
        resolve({ messages, code: 1006, reason: "", answer });
      });
    });
    return promise;
  }
}

/** Opens, sends what is given, and waits until the server has closed. */
export async function talk(
  url: string,
  messages: readonly unknown[] = [],
  options: ConstructorParameters<typeof Client>[1] = {},
): Promise<Talk> {
  const client = new Client(url, options);
  client.socket.on("open", () => {
    for (const each of messages) client.send(each);
  });
  return client.over;
}

/** A connection that has shaken hands, to send any bytes on. */
export async function shaken(port: number, path = "/echo"): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  const [head] = (await once(socket, "data")) as [Buffer];
  // The answer that RFC 6455 has for this key.
  if (!/^HTTP\/1\.1 101 .*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/s.test(head.toString())) {
    throw new Error(`The handshake was answered with ${head.toString()}`);
  }
  return socket;
}

/** A frame of a client, its mask zero. */
export function frame(opcode: number, payload: Buffer, isLast = true): Buffer {
  const length =
    payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const [first = 0, ...rest] = length;
  return Buffer.concat([
    Buffer.from([(isLast ? 0x80 : 0) | opcode, 0x80 | first, ...rest, 0, 0, 0, 0]),
    payload,
  ]);
}
