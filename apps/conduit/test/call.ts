/**
 * Requests of tests, and answers as they are read.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A request to the application. */
export interface Call {
  /** @default "GET" */
  readonly method?: string;
  /** Sent as `Authorization: Token <token>`. */
  readonly token?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** As JSON; `undefined` when there is nothing. */
  readonly body: unknown;
}

/** Sends a request with `fetch`. */
export async function send(url: string, call: Call = {}): Promise<Answered> {
  const { method, headers, body } = requestOf(call);
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  return {
    status: response.status,
    headers: response.headers,
    body: parse(await response.text()),
  };
}

/** Sends a request with the `curl` of the machine. */
export async function curl(url: string, call: Call = {}): Promise<Answered> {
  const { method, headers, body } = requestOf(call);
  const args = ["-sS", "-i", "--max-time", "20", "-X", method];
  for (const [name, value] of Object.entries(headers)) args.push("-H", `${name}: ${value}`);
  if (body !== undefined) args.push("--data-binary", body);
  const { stdout } = await execute("curl", [...args, url]);
  const end = stdout.indexOf("\r\n\r\n");
  const [first = "", ...lines] = stdout.slice(0, end).split("\r\n");
  const pairs = lines.map((line) => line.split(/:\s*(.*)/s).slice(0, 2) as [string, string]);
  return {
    status: Number(first.split(" ")[1]),
    headers: new Headers(pairs),
    body: parse(stdout.slice(end + 4)),
  };
}

function requestOf({ method = "GET", token, json, body, headers = {} }: Call): {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
} {
  return {
    method,
    headers: {
      ...(json !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Token ${token}` }),
      ...headers,
    },
    body: json === undefined ? body : JSON.stringify(json),
  };
}

function parse(text: string): unknown {
  return text === "" ? undefined : JSON.parse(text);
}
