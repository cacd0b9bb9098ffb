/**
 * WebSocket connections by `ws`.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Answer, Connection, ConnectionEvents, Upgrade } from "../index.ts";
import type { Heart } from "./heart.ts";

/** How long a client may take to answer a close, in milliseconds. */
const closeTimeout = 3000;

/** What an accepted handshake is opened with. */
export interface Opening {
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly answer: Answer;
  readonly upgrade: Upgrade;
  readonly heart: Heart;
}

/** Sends the handshake's answer and hands the connection over. */
export function open({ message, socket, head, answer, upgrade, heart }: Opening): void {
  const { "sec-websocket-protocol": protocol, ...headers } = answer.headers;
  const options = {
    noServer: true,
    clientTracking: false,
    maxPayload: upgrade.maxMessage,
    closeTimeout,
    handleProtocols: () => (typeof protocol === "string" ? protocol : false),
  } as const;
  const server = new WebSocketServer(options);
  server.on("headers", (lines) => {
    for (const [name, value] of Object.entries(headers)) {
      for (const each of [value].flat()) lines.push(`${name}: ${each}`);
    }
  });
  let isOpen = false;
  server.handleUpgrade(message, socket, head, (webSocket) => {
    isOpen = true;
    listen(webSocket, upgrade.open(connectionOf(webSocket, protocol)), heart);
  });
  if (isOpen) return;
  // The client has gone in the meantime.
  socket.destroy();
  upgrade.abandon();
}

function connectionOf(socket: WebSocket, protocol: unknown): Connection {
  return {
    protocol: typeof protocol === "string" ? protocol : undefined,
    send: (frame) =>
      new Promise((resolve) => {
        socket.send(frame, { binary: typeof frame !== "string" }, (error) => {
          resolve(error === undefined || error === null);
        });
      }),
    waiting: () => socket.bufferedAmount,
    close: (code, reason) => socket.close(code, reason),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

function listen(socket: WebSocket, { message, closed }: ConnectionEvents, heart: Heart): void {
  // `ws` gives whole messages as buffers, unless it is told otherwise.
  socket.on("message", (data: Buffer, isBinary) =>
    message(isBinary ? bytes(data) : data.toString()),
  );
  socket.on("close", (code, reason) => closed(code, reason.toString()));
  // What is no WebSocket is closed with the code that says so; there is nobody else to tell.
  socket.on("error", () => undefined);
  heart.watch(socket);
}

/** A copy: the buffer is a part of one that others share. */
function bytes(data: Buffer): Uint8Array {
  return new Uint8Array(data);
}
