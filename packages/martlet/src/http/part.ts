/**
 * The headers of one part of a multipart form (RFC 7578 section 4), read strictly: a part that is
 * half understood is refused, never dropped.
 *
 * @module
 */
import { MalformedBody, UnsupportedMediaType } from "../errors.ts";
import { decodeUtf8 } from "./json.ts";
import { parseMediaType } from "./media-type.ts";

/** What the headers of a part tell. */
export interface Part {
  readonly name: string;
  /** The last segment of what the client gave; `undefined` when the part is no file. */
  readonly filename: string | undefined;
  readonly type: string;
}

/** Header values by lower-case name, each byte a character. */
export type PartHeaders = Readonly<Record<string, readonly string[]>>;

/** How many bytes the headers of one part may have. */
export const maxPartHeader = 8192;

const parameter = /\s*;\s*([\w-]+\*?)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/y;
// oxlint-disable-next-line no-control-regex -- they are what is refused
const control = /[\u0000-\u001f\u007f]/;

/** Reads the headers of a part. Throws a problem: 400 or 415. */
export function readPart(headers: PartHeaders): Part {
  const size = Object.entries(headers).reduce((sum, each) => sum + each.flat().join().length, 0);
  if (size > maxPartHeader) throw malformed("A part of the form has too large headers.");
  const disposition = one(headers, "content-disposition");
  const { name, filename } = parameters(disposition ?? "");
  if (name === undefined) throw malformed("A part of the form has no name.");
  const type = parseMediaType(one(headers, "content-type"));
  refuseEncoding(headers, filename === undefined ? type?.parameters["charset"] : undefined);
  return {
    name,
    filename: filename?.split(/[/\\]/).at(-1),
    type: type?.type ?? "application/octet-stream",
  };
}

function malformed(detail: string): Error {
  return new MalformedBody({}, { detail });
}

function one(headers: PartHeaders, name: string): string | undefined {
  const values = headers[name] ?? [];
  if (values.length > 1) throw malformed(`A part of the form has several ${name} headers.`);
  return values[0];
}

interface Names {
  readonly name: string | undefined;
  readonly filename: string | undefined;
}

/** Reads `form-data; name="…"; filename="…"`. */
function parameters(disposition: string): Names {
  const found = new Map<string, string>();
  const kind = /^form-data/i.exec(disposition);
  parameter.lastIndex = kind?.[0].length ?? 0;
  let end = parameter.lastIndex;
  for (let each = parameter.exec(disposition); each !== null; each = parameter.exec(disposition)) {
    const [, name = "", quoted, plain = ""] = each;
    if (found.has(name.toLowerCase())) throw malformed("A part of the form is named twice.");
    found.set(name.toLowerCase(), quoted === undefined ? plain : unquote(quoted));
    end = parameter.lastIndex;
  }
  if (kind === null || !/^\s*;?\s*$/.test(disposition.slice(end))) {
    throw malformed("A part of the form has no valid content-disposition.");
  }
  const filename = found.get("filename") ?? extended(found.get("filename*"));
  return { name: text(found.get("name")), filename: text(filename) };
}

/** Browsers write a quote as `%22` (WHATWG), others as `\"`. A backslash alone is kept. */
function unquote(quoted: string): string {
  return quoted.replaceAll(String.raw`\"`, '"').replaceAll("%22", '"');
}

/** `UTF-8''na%C3%AFve.txt` (RFC 8187), from clients that send no plain file name, as bytes. */
function extended(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const encoded = /^utf-8'[^']*'(?<text>(?:[^%]|%[\da-f]{2})*)$/i.exec(value)?.groups?.["text"];
  if (encoded === undefined) throw malformed("A file name of the form is no UTF-8.");
  return encoded.replaceAll(/%(..)/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The text of bytes that came as Latin-1. */
function text(latin1: string | undefined): string | undefined {
  if (latin1 === undefined) return undefined;
  const decoded = decodeUtf8(Buffer.from(latin1, "latin1"), { bom: "keep" });
  if (control.test(decoded)) throw malformed("A name in the form holds a control character.");
  return decoded;
}

function refuseEncoding(headers: PartHeaders, charset: string | undefined): void {
  const encoding = one(headers, "content-transfer-encoding") ?? "binary";
  if (!/^\s*(?:binary|[78]bit)\s*$/i.test(encoding)) {
    throw new UnsupportedMediaType({}, { detail: "An encoded part of a form is not taken." });
  }
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) {
    throw new UnsupportedMediaType({}, { detail: "Send the fields of a form as UTF-8." });
  }
}
