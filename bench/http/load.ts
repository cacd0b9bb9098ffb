/**
 * Load: one request sent over and over on a few kept-alive connections, each waiting for its answer.
 * Raw sockets, so that the load costs little beside the server.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import type { Workload } from "./work.ts";

/** Open connections to one server. */
export interface Connections {
  /** Sends a request so many times, spread over the connections. */
  readonly send: (workload: Workload, requests: number) => Promise<void>;
  readonly close: () => void;
}

/** Opens connections to a local port. */
export async function open(port: number, count: number): Promise<Connections> {
  const sockets = await Promise.all(Array.from({ length: count }, () => connected(port)));
  return {
    send: async (workload, requests) => {
      const bytes = bytesOf(workload);
      const length = await answerLength(sockets[0] as Socket, bytes);
      const each = Math.ceil((requests - 1) / count);
      await Promise.all(sockets.map((socket) => sendMany(socket, bytes, { each, length })));
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The bytes of a request. */
function bytesOf({ method, target, body }: Workload): Buffer {
  const text = body === undefined ? "" : JSON.stringify(body);
  const head = [`${method} ${target} HTTP/1.1`, "host: localhost", "accept: */*"];
  if (text !== "") {
    head.push("content-type: application/json", `content-length: ${Buffer.byteLength(text)}`);
  }
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`);
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** The length of an answer, which is the same for every answer to the same request. */
function answerLength(socket: Socket, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    const onData = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text) ?? [];
      if (end < 0) return;
      if (length === undefined) return reject(new Error(`no length: ${text}`));
      if (text.length < end + 4 + Number(length)) return;
      socket.off("data", onData);
      return resolve(text.length);
    };
    socket.on("data", onData);
    socket.write(bytes);
  });
}

function sendMany(
  socket: Socket,
  bytes: Buffer,
  { each, length }: { readonly each: number; readonly length: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = each;
    let received = 0;
    const onData = (chunk: Buffer): void => {
      received += chunk.length;
      if (received < length) return;
      received -= length;
      left -= 1;
      if (left > 0) return void socket.write(bytes);
      socket.off("data", onData);
      socket.off("close", onClose);
      return resolve();
    };
    const onClose = (): void => reject(new Error("The server closed a connection"));
    socket.on("data", onData);
    socket.on("close", onClose);
    socket.write(bytes);
  });
}
