/**
 * Recorded requests on the wire: the bytes of the target, each header and the body as they were.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type Agent, type IncomingMessage, request as open } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Answered, RecordedPart, RecordedRequest } from "./cases.ts";
import { parseExact } from "./json.ts";

/** How long one answer may take, in milliseconds. */
const timeout = 10_000;

/** Sends a recorded request to a server on this machine. */
export async function send(
  recorded: RecordedRequest,
  port: number,
  agent: Agent,
): Promise<Answered> {
  const body = bodyOf(recorded);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = open({
    agent,
    port,
    host: "127.0.0.1",
    method: recorded.method,
    path: recorded.path,
    headers: headersOf(recorded, body),
    setHost: false,
    signal: AbortSignal.timeout(timeout),
  });
  request.on("response", resolve).on("error", reject).end(body);
  return answered(await promise);
}

/** All headers, name and value by turns, as node:http sends them. */
function headersOf({ method, headers }: RecordedRequest, body: Buffer): string[] {
  const all = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => [name, each]),
  );
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  if (!names.has("host")) all.unshift("host", "testserver");
  if (body.length > 0 || ["POST", "PUT", "PATCH"].includes(method)) {
    all.push("content-length", String(body.length));
  }
  return all;
}

function bodyOf({ bodyKind, body, headers }: RecordedRequest): Buffer {
  switch (bodyKind) {
    case "none":
      return Buffer.alloc(0);
    case "json":
      return Buffer.from(ascii(JSON.stringify(body)));
    case "multipart":
      return multipart(body as readonly RecordedPart[], String(headers["content-type"]));
    case "base64":
      return Buffer.from(String(body), "base64");
    case "form":
    case "text":
      return Buffer.from(String(body));
  }
}

/** JSON as Python writes it: everything beyond ASCII escaped. */
function ascii(json: string): string {
  return json.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function multipart(parts: readonly RecordedPart[], contentType: string): Buffer {
  const boundary = /boundary=(?<boundary>.+)$/.exec(contentType)?.groups?.["boundary"] ?? "";
  const chunks = parts.flatMap(({ name, filename, contentType, text, base64 }) => {
    const file = filename === undefined ? "" : `; filename="${filename}"`;
    const type = contentType === undefined ? "" : `content-type: ${contentType}\r\n`;
    return [
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n${type}\r\n`,
      ),
      base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64"),
      Buffer.from("\r\n"),
    ];
  });
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
}

async function answered(message: IncomingMessage): Promise<Answered> {
  const text = (await buffer(message)).toString();
  const { statusCode = 0, headers } = message;
  const known = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const answer = { status: statusCode, headers: Object.fromEntries(known) };
  const isJson = /^application\/json\s*(?:;|$)/.test(headers["content-type"] ?? "");
  return isJson && text !== "" ? { ...answer, json: parseExact(text) } : { ...answer, text };
}
