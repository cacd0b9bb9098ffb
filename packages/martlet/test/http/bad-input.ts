/**
 * The table of bad input: each place of a request with each kind of thing that can be wrong with it.
 *
 * @module
 */

/** One request, and what must come back. */
export interface BadInput {
  readonly place: string;
  readonly kind: string;
  readonly raw: Buffer;
  readonly status: number;
  /** The code of the problem, or of its first issue. */
  readonly code?: string;
  /** What the handler must have received, where the value is legal. */
  readonly value?: unknown;
}

/** What is expected: a refusal with a status and a code, or a legal value. */
type Expected = readonly [status: number, code?: string] | { readonly value: unknown };

const crlf = "\r\n";
const json = "application/json";
const urlencoded = "application/x-www-form-urlencoded";
const multipart = "multipart/form-data; boundary=B";

/** Text as the bytes of its UTF-8; what must be sent as it is comes as bytes already. */
function bytes(text: string | Buffer): Buffer {
  return typeof text === "string" ? Buffer.from(text, "utf8") : text;
}

/** Bytes that are no UTF-8, one number each. */
export function octets(...values: readonly number[]): Buffer {
  return Buffer.from(values);
}

interface Wire {
  readonly method?: string;
  readonly target: string | Buffer;
  readonly headers?: readonly (string | Buffer)[];
  readonly body?: string | Buffer;
}

function request({ method = "GET", target, headers = [], body }: Wire): Buffer {
  const content = body === undefined ? undefined : bytes(body);
  const lines = [
    Buffer.concat([bytes(`${method} `), bytes(target), bytes(" HTTP/1.1")]),
    bytes("host: localhost"),
    ...headers.map(bytes),
    ...(content === undefined ? [] : [bytes(`content-length: ${content.length}`)]),
  ];
  const head = lines.flatMap((line) => [line, bytes(crlf)]);
  return Buffer.concat([...head, bytes(crlf), content ?? bytes("")]);
}

function outcome(expected: Expected): Pick<BadInput, "status" | "code" | "value"> {
  if ("value" in expected) return { status: 200, value: expected.value };
  const [status, code] = expected;
  return { status, ...(code !== undefined && { code }) };
}

/** A value of the path, percent-encoded as it stands: `/path/int/7`. */
export function path(kind: string, type: string, value: string, expected: Expected): BadInput {
  const raw = request({ target: `/path/${type}/${value}` });
  return { place: "path", kind: `${kind}, ${type}`, raw, ...outcome(expected) };
}

/** A query string as it stands. */
export function query(kind: string, type: string, search: string, expected: Expected): BadInput {
  const raw = request({ target: `/query/${type}?${search}` });
  return { place: "query", kind: `${kind}, ${type}`, raw, ...outcome(expected) };
}

/** Header lines; the value is that of `x-value`. */
export function header(
  kind: string,
  type: string,
  lines: readonly (string | Buffer)[],
  expected: Expected,
): BadInput {
  const raw = request({ target: `/header/${type}`, headers: lines });
  return { place: "header", kind: `${kind}, ${type}`, raw, ...outcome(expected) };
}

/** A `Cookie` header; the value is that of `value`. */
export function cookie(
  kind: string,
  type: string,
  cookies: string | Buffer,
  expected: Expected,
): BadInput {
  const line = Buffer.concat([bytes("cookie: "), bytes(cookies)]);
  const raw = request({ target: `/cookie/${type}`, headers: [line] });
  return { place: "cookie", kind: `${kind}, ${type}`, raw, ...outcome(expected) };
}

interface BodyOptions {
  readonly type?: string;
  readonly mediaType?: string | undefined;
  readonly headers?: readonly string[];
}

function post(
  target: string,
  body: string | Buffer,
  mediaType: string | undefined,
  headers: readonly string[] = [],
): Buffer {
  const media = mediaType === undefined ? [] : [`content-type: ${mediaType}`];
  return request({ method: "POST", target, headers: [...media, ...headers], body });
}

/** A JSON body as it stands; the route takes an object with `value`. */
export function jsonBody(
  kind: string,
  body: string | Buffer,
  expected: Expected,
  options: BodyOptions = {},
): BadInput {
  const { type = "text", headers } = options;
  const mediaType = "mediaType" in options ? options.mediaType : json;
  const raw = post(`/json/${type}`, body, mediaType, headers);
  return { place: "JSON", kind: `${kind}, ${type}`, raw, ...outcome(expected) };
}

/** A JSON body that comes in chunks, its length not announced. */
export function chunkedJson(kind: string, chunks: readonly string[], expected: Expected): BadInput {
  const head = ["POST /json/text HTTP/1.1", "host: localhost", `content-type: ${json}`];
  const framed = chunks.map((each) => `${each.length.toString(16)}${crlf}${each}${crlf}`);
  const lines = [...head, "transfer-encoding: chunked", "", ""].join(crlf);
  const raw = bytes(`${lines}${framed.join("")}0${crlf}${crlf}`);
  return { place: "JSON", kind, raw, ...outcome(expected) };
}

/** An urlencoded form as it stands. */
export function form(
  kind: string,
  body: string | Buffer,
  expected: Expected,
  options: BodyOptions = {},
): BadInput {
  const { type = "text", headers } = options;
  const mediaType = "mediaType" in options ? options.mediaType : urlencoded;
  const raw = post(`/form/${type}`, body, mediaType, headers);
  return { place: "form", kind: `${kind}, ${type}`, raw, ...outcome(expected) };
}

/** The body of a multipart form: each part its headers and content. */
export function parts(
  ...all: readonly (readonly [head: string | Buffer, content: string | Buffer])[]
): Buffer {
  const each = all.flatMap(([head, content]) => [
    bytes(`--B${crlf}`),
    bytes(head),
    bytes(crlf + crlf),
    bytes(content),
    bytes(crlf),
  ]);
  return Buffer.concat([...each, bytes(`--B--${crlf}`)]);
}

/** The headers of a field's part. */
export function field(name = "value"): string {
  return `content-disposition: form-data; name="${name}"`;
}

/** A multipart form; the value is that of the field `value`. */
export function multipartForm(
  kind: string,
  body: string | Buffer,
  expected: Expected,
  options: BodyOptions = {},
): BadInput {
  const { type = "text", headers } = options;
  const mediaType = "mediaType" in options ? options.mediaType : multipart;
  const raw = post(`/form/${type}`, body, mediaType, headers);
  return { place: "multipart", kind: `${kind}, ${type}`, raw, ...outcome(expected) };
}

/** A file of a multipart form; the value is its name as the handler gets it. */
export function fileName(kind: string, name: string | Buffer, expected: Expected): BadInput {
  const head = Buffer.concat([bytes(`${field("file")}; filename="`), bytes(name), bytes('"')]);
  const raw = post("/file", parts([head, "content"]), multipart);
  return { place: "file name", kind, raw, ...outcome(expected) };
}

/** A request that is none of these. */
export function other(place: string, kind: string, wire: Wire, expected: Expected): BadInput {
  return { place, kind, raw: request(wire), ...outcome(expected) };
}
