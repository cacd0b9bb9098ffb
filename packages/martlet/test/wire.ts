/**
 * A client that sends bytes as they are told, legal HTTP or not, and reads answers back.
 *
 * @module
 */
import { connect, type Socket } from "node:net";

/** One answer as it came. */
interface WireAnswer {
  readonly status: number;
  /** Lower-case names; repeated headers are joined with `", "`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How a conversation went. */
export interface Conversation {
  readonly answers: readonly WireAnswer[];
  /** Whether the server ended the connection, and how: `reset` is what loses answers. */
  readonly end: "open" | "closed" | "reset";
  readonly bytes: Buffer;
}

export interface TalkOptions {
  /** The conversation is over once so many answers are there. @default 1 */
  readonly answers?: number;
  /** The conversation is over once nothing has come for so long. @default 3000 */
  readonly patience?: number;
  /** The same once there is an answer. @default as before */
  readonly quiet?: number;
  /** Methods in order, for a HEAD has no body. @default ["GET"] */
  readonly methods?: readonly string[];
  readonly host?: string;
}

/** Sends `pieces`, waiting wherever a number says so, and reads until the conversation is over. */
export async function talk(
  port: number,
  pieces: string | Buffer | readonly (string | Buffer | number)[],
  options: TalkOptions = {},
): Promise<Conversation> {
  const { answers: wanted = 1, patience = 3000, methods = [], host = "127.0.0.1" } = options;
  const { quiet = patience } = options;
  const socket = connect({ port, host, noDelay: true, allowHalfOpen: true });
  const chunks: Buffer[] = [];
  let end: Conversation["end"] = "open";
  const over = Promise.withResolvers<void>();
  let timer = setTimeout(over.resolve, patience);
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    clearTimeout(timer);
    const found = parseAnswers(Buffer.concat(chunks), methods);
    timer = setTimeout(over.resolve, found.length > 0 ? quiet : patience);
    if (found.length >= wanted) over.resolve();
    // Whoever is told that the connection ends sends nothing more.
    if (found.at(-1)?.headers["connection"] === "close") socket.end();
  });
  socket.on("end", () => {
    if (end === "open") end = "closed";
    over.resolve();
  });
  socket.on("error", () => {
    end = "reset";
    over.resolve();
  });
  await Promise.race([send(socket, [pieces].flat()), over.promise]);
  await over.promise;
  clearTimeout(timer);
  socket.destroy();
  const bytes = Buffer.concat(chunks);
  return { answers: parseAnswers(bytes, methods), end, bytes };
}

async function send(socket: Socket, pieces: readonly (string | Buffer | number)[]): Promise<void> {
  for (const piece of pieces) {
    if (socket.writableEnded || socket.destroyed) return;
    if (typeof piece === "number") await new Promise((resolve) => setTimeout(resolve, piece));
    else socket.write(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
  }
}

/** The whole answers in what a server sent. */
function parseAnswers(bytes: Buffer, methods: readonly string[] = []): WireAnswer[] {
  const answers: WireAnswer[] = [];
  let rest = bytes;
  for (;;) {
    const cut = rest.indexOf("\r\n\r\n");
    if (cut < 0) return answers;
    const [line = "", ...lines] = rest.subarray(0, cut).toString("latin1").split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1]);
    const headers = headersOf(lines);
    const after = rest.subarray(cut + 4);
    if (status < 200) {
      rest = after;
      continue;
    }
    const isBodyless = methods[answers.length] === "HEAD" || status === 204 || status === 304;
    const body = isBodyless ? { body: Buffer.alloc(0), size: 0 } : bodyOf(headers, after);
    if (body === undefined) return answers;
    answers.push({ status, headers, body: body.body });
    rest = after.subarray(body.size);
  }
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

function bodyOf(
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
): { readonly body: Buffer; readonly size: number } | undefined {
  if (headers["transfer-encoding"] === "chunked") return dechunk(bytes);
  const size = Number(headers["content-length"] ?? bytes.length);
  return bytes.length < size ? undefined : { body: bytes.subarray(0, size), size };
}

function dechunk(bytes: Buffer): { readonly body: Buffer; readonly size: number } | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, line), 16);
    if (bytes.length < line + 4 + size) return undefined;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
    if (size === 0) return { body: Buffer.concat(parts), size: at };
  }
}
