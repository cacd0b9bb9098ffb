/**
 * Forms: urlencoded and multipart (RFC 7578), within the limits that the route declares.
 *
 * @module
 */
import { ContentTooLarge, MalformedBody } from "../errors.ts";
import type { FormContent, FormLimits, UploadedFile } from "../source.ts";
import type { IncomingBody } from "./exchange.ts";
import { decodeUtf8 } from "./json.ts";
import type { MediaType } from "./media-type.ts";
import { parseQuery } from "./query.ts";

/** How many text fields a form may have. */
const maxFields = 1000;

/** A form without anything in it. */
export const emptyForm: FormContent = { fields: new Map(), files: new Map() };

/** Parses an urlencoded form. */
export function parseUrlencoded(bytes: Uint8Array): FormContent {
  const fields = parseQuery(decodeUtf8(bytes));
  if (fields.size > maxFields) throw tooLarge(`The form has more than ${maxFields} fields.`);
  return { fields, files: new Map() };
}

/** Reads a multipart form from the stream, never holding more than the limits allow. */
export async function readMultipart(
  body: IncomingBody,
  mediaType: MediaType,
  limits: FormLimits,
): Promise<FormContent> {
  const boundary = mediaType.parameters["boundary"];
  if (boundary === undefined || boundary === "") {
    throw new MalformedBody({}, { detail: "The multipart form names no boundary." });
  }
  const { Busboy } = await import("@fastify/busboy");
  const form = new FormReader(limits);
  const parser = new Busboy({
    headers: { "content-type": `multipart/form-data; boundary=${quote(boundary)}` },
    // Text parts come as Latin-1, byte for byte, and are decoded as strict UTF-8 here.
    defCharset: "latin1",
    limits: { fields: maxFields, fieldSize: limits.text, parts: maxFields + 100, headerPairs: 20 },
  });
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      parser.destroy();
      reject(error instanceof Error && error.name !== "Error" ? error : notMultipart(error));
    };
    parser.on("field", (name, value, nameCut, valueCut) => {
      if (nameCut || valueCut) fail(tooLarge("A field of the form is too long."));
      else attempt(() => form.field(name, value), fail);
    });
    parser.on("file", (...[name, stream, filename, , type]) => {
      form.file({ name, filename, type }, stream, fail);
    });
    for (const limit of ["fieldsLimit", "partsLimit"] as const) {
      parser.on(limit, () => fail(tooLarge("The form has too many fields.")));
    }
    parser.on("error", fail);
    parser.on("finish", () => attempt(() => resolve(form.content()), fail));
    pump(body, parser).catch(fail);
  });
}

function attempt(work: () => void, fail: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    fail(error);
  }
}

function notMultipart(cause: unknown): Error {
  return new MalformedBody({}, { detail: "The body is no valid multipart form.", cause });
}

function tooLarge(detail: string): Error {
  return new ContentTooLarge({}, { detail });
}

function quote(boundary: string): string {
  return `"${boundary.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

interface Sink {
  readonly write: (chunk: Buffer) => boolean;
  readonly end: () => void;
  readonly once: (event: "drain", then: () => void) => unknown;
  readonly destroyed: boolean;
}

async function pump(body: IncomingBody, sink: Sink): Promise<void> {
  for await (const chunk of body.stream()) {
    if (sink.destroyed) return;
    if (!sink.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))) {
      await new Promise<void>((resolve) => sink.once("drain", resolve));
    }
  }
  if (!sink.destroyed) sink.end();
}

interface FilePart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string;
}

interface FileStream extends AsyncIterable<Buffer> {
  readonly on: {
    (event: "data", listener: (chunk: Buffer) => void): unknown;
    (event: "end", listener: () => void): unknown;
    (event: "error", listener: (error: Error) => void): unknown;
  };
  readonly resume: () => unknown;
}

/** Collects the parts of one form. */
class FormReader {
  readonly #limits: FormLimits;
  readonly #fields = new Map<string, string[]>();
  readonly #files = new Map<string, UploadedFile[]>();
  #text = 0;

  constructor(limits: FormLimits) {
    this.#limits = limits;
  }

  field(name: string, latin1: string): void {
    this.#text += latin1.length;
    if (this.#text > this.#limits.text) throw tooLarge("The fields of the form are too long.");
    push(this.#fields, name, decodeUtf8(Buffer.from(latin1, "latin1")));
  }

  file(part: FilePart, stream: FileStream, fail: (error: Error) => void): void {
    const limits = this.#limits.files[part.name];
    stream.on("error", fail);
    // A file that nobody declared is read past.
    if (limits === undefined) return void stream.resume();
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk) => {
      size += chunk.length;
      if (size <= limits.maxSize) chunks.push(chunk);
      else fail(tooLarge(`The file "${part.name}" is larger than ${limits.maxSize} bytes.`));
    });
    stream.on("end", () => {
      // A file input that was left empty is sent as a file without name and content.
      if ((part.filename ?? "") === "" && size === 0) return;
      push(this.#files, part.name, uploaded(part, Buffer.concat(chunks)));
      const count = this.#files.get(part.name)?.length ?? 0;
      if (count > limits.maxCount) fail(tooLarge(`"${part.name}" has too many files.`));
    });
  }

  content(): FormContent {
    return { fields: this.#fields, files: this.#files };
  }
}

function push<T>(map: Map<string, T[]>, name: string, value: T): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [value]);
  else known.push(value);
}

function uploaded({ filename = "", type }: FilePart, content: Buffer): UploadedFile {
  const bytes = new Uint8Array(content);
  return {
    filename: filename.split(/[/\\]/).at(-1) ?? "",
    type,
    size: bytes.length,
    bytes: () => Promise.resolve(bytes),
    text: () => Promise.resolve(decodeUtf8(bytes)),
  };
}
