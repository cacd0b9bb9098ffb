import { once } from "node:events";
import type { Socket as TcpSocket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { dependency, get, martlet, type Report, websocket } from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { frame, shaken } from "../ws.ts";

const reports: Report[] = [];
const log: string[] = [];
const opened = dependency({}, function* () {
  log.push("opened");
  yield 1;
  log.push("closed");
});
const echo = websocket("/echo", { use: { opened } }, async ({ socket }) => {
  for await (const each of socket) await socket.send(each);
});
const app = martlet(
  { echo, ping: get("/ping", {}, () => "pong") },
  { report: (each) => void reports.push(each) },
);

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(() => server.stop({ drain: 200 }));
afterEach(() => {
  log.length = 0;
  reports.length = 0;
});

/** The code of the close frame that a server sends, if it sends one. */
async function closeCode(socket: TcpSocket): Promise<number | undefined> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  if (!socket.destroyed)
    await Promise.race([once(socket, "close"), once(socket, "end"), wait(4000)]);
  socket.destroy();
  const bytes = Buffer.concat(chunks);
  const at = bytes.lastIndexOf(0x88);
  return at < 0 ? undefined : bytes.readUInt16BE(at + 2);
}

describe("frames", () => {
  test.each([
    ["text that is no UTF-8", [frame(1, Buffer.from([0xff, 0xfe]))], 1007],
    ["a frame of an unknown kind", [frame(3, Buffer.alloc(0))], 1002],
    ["a frame without a mask", [Buffer.from([0x81, 0x01, 0x61])], 1002],
    ["a reserved bit", [Buffer.from([0xc1, 0x80, 0, 0, 0, 0])], 1002],
    ["a ping of 126 bytes", [frame(9, Buffer.alloc(126))], 1002],
    ["the rest of a message that never began", [frame(0, Buffer.from("a"))], 1002],
    ["a close of one byte", [frame(8, Buffer.from([3]))], 1002],
    ["a code that is kept for the protocol", [frame(8, Buffer.from([3, 0xee]))], 1002],
    ["a message that says it is huge", [Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0])], 1009],
    ["noise", [Buffer.from("GET / HTTP/1.1\r\n\r\n")], 1002],
  ])("of %s close", async (_what, bytes, code) => {
    const { port, url } = server;
    const socket = await shaken(port);
    for (const each of bytes) socket.write(each);
    expect(await closeCode(socket)).toBe(code);
    await vi.waitFor(() => expect(log).toEqual(["opened", "closed"]));
    expect(reports).toEqual([]);
    expect(await (await fetch(`${url}/ping`)).json()).toBe("pong");
  });

  test("of one message may come one by one, with a ping between them", async () => {
    const { port } = server;
    const socket = await shaken(port);
    socket.write(frame(1, Buffer.from("a"), false));
    socket.write(frame(9, Buffer.from("p")));
    socket.write(frame(0, Buffer.from("b")));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await vi.waitFor(() => {
      expect(Buffer.concat(chunks).toString("latin1")).toBe("\x8a\x01p\x81\x02ab");
    });
    socket.destroy();
    await vi.waitFor(() => expect(log).toEqual(["opened", "closed"]));
  });

  test.each([
    [
      "in the middle of a message",
      (socket: TcpSocket) => void socket.write(Buffer.from([0x81, 0x85, 0, 0])),
    ],
    ["with a reset", (socket: TcpSocket) => void socket.resetAndDestroy()],
    ["half", (socket: TcpSocket) => void socket.end()],
  ])("may end %s", async (_how, end) => {
    const { port } = server;
    const socket = await shaken(port);
    end(socket);
    if (!socket.destroyed) socket.end();
    await vi.waitFor(() => expect(log).toEqual(["opened", "closed"]));
    expect(reports).toEqual([]);
    socket.destroy();
  });
});
