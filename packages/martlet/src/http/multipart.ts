/**
 * Multipart forms (RFC 7578), read from the stream: what is held never passes the limits that the
 * route declares, large files go to disk as they come, and a file that nobody asked for is not held
 * at all.
 *
 * @module
 */
import type { Dicer } from "@fastify/busboy";
import { ContentTooLarge, HttpProblem, MalformedBody, UnsupportedMediaType } from "../errors.ts";
import type { FormContent, FormLimits, UploadedFile } from "../source.ts";
import type { IncomingBody } from "./exchange.ts";
import { fieldTooLarge, maxFields, textTooLarge, tooManyFields } from "./form.ts";
import { decodeUtf8 } from "./json.ts";
import type { MediaType } from "./media-type.ts";
import { maxPartHeader, type Part, type PartHeaders, readPart } from "./part.ts";
import { Spool, type SpoolMemory } from "./spool.ts";
import { uploaded } from "./upload.ts";

/** How many parts a form may have that nobody asked for. */
const spareParts = 100;
/** How much of the files of one form is held in memory, unless the route says otherwise: 1 MiB. */
const defaultMemory = 1024 * 1024;
/** What delimiters and headers of parts may add to the contents, in bytes. */
const framing = 256 * 1024;

/** The bytes that a whole form may have. */
export function formLimit({ text, files, form }: FormLimits): number {
  if (form !== undefined) return form;
  const all = Object.values(files).map(({ maxSize, maxCount }) => maxSize * maxCount);
  return all.reduce((sum, each) => sum + each, text + framing);
}

/** A form that was read. */
export interface ReadForm {
  readonly content: FormContent;
  /** Lets go of the files on disk, if there are any. */
  readonly release: (() => Promise<void>) | undefined;
}

/** Reads a multipart form. Throws a problem: 400, 413 or 415. */
export async function readMultipart(
  body: IncomingBody,
  mediaType: MediaType,
  limits: FormLimits,
): Promise<ReadForm> {
  const boundary = mediaType.parameters["boundary"] ?? "";
  if (!/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) {
    throw new UnsupportedMediaType({}, { detail: "The multipart form names no valid boundary." });
  }
  const { Dicer } = await import("@fastify/busboy");
  // An option of the parser that its types do not know: it cuts larger headers off without a word, and
  // what is left of them is still more than is allowed.
  const parser = new Dicer({ boundary, maxHeaderSize: maxPartHeader * 2 } as Dicer.Config);
  const { promise, resolve, reject } = Promise.withResolvers<FormContent>();
  const fail = (error: unknown): void => reject(asProblem(error));
  // That a file cannot be written is not the client's fault.
  const form = new FormReader(limits, { fail, failToWrite: reject });
  parser.on("part", (part) => form.part(part));
  parser.on("error", fail);
  parser.on("finish", () => form.close(resolve));
  pump({ body, parser, form, limit: formLimit(limits), outcome: promise }).catch(fail);
  try {
    const content = await promise;
    return { content, release: form.isSpilled ? () => form.release() : undefined };
  } catch (error) {
    await form.release();
    throw error;
  } finally {
    parser.destroy();
  }
}

/** A failure of the parser or of the client; the problems of limits stay what they are. */
function asProblem(cause: unknown): Error {
  if (cause instanceof HttpProblem) return cause;
  return new MalformedBody({}, { detail: "The body is no valid multipart form.", cause });
}

function tooLarge(detail: string): Error {
  return new ContentTooLarge({}, { detail });
}

interface Pump {
  readonly body: IncomingBody;
  readonly parser: Dicer;
  readonly form: FormReader;
  readonly limit: number;
  readonly outcome: Promise<FormContent>;
}

/**
 * Hands the parser one chunk after the other, until there is an outcome. The next one is asked for
 * once the last one is on disk: a slow disk slows the client down, and fills no memory.
 */
async function pump({ body, parser, form, limit, outcome }: Pump): Promise<void> {
  let size = 0;
  for await (const chunk of body.stream()) {
    size += chunk.length;
    if (size > limit) throw tooLarge(`The form is larger than ${limit} bytes.`);
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const written = new Promise<void>((resolve) => parser.write(bytes, () => resolve()));
    // A parser that has failed never says that it is done with a chunk.
    await Promise.race([written, outcome]);
    if (form.writing !== undefined) await Promise.race([form.writing, outcome]);
  }
  parser.end();
}

/** Who is told that a form cannot be read. */
interface Failures {
  readonly fail: (error: unknown) => void;
  readonly failToWrite: (error: unknown) => void;
}

/** Collects the parts of one form. */
class FormReader {
  readonly #limits: FormLimits;
  readonly #failures: Failures;
  readonly #memory: SpoolMemory;
  readonly #maxParts: number;
  readonly #fields = new Map<string, string[]>();
  readonly #files = new Map<string, UploadedFile[]>();
  readonly #spools: Spool[] = [];
  #parts = 0;
  #fieldCount = 0;
  #text = 0;
  /** Parts that have not ended: the parser may finish before an empty one has. */
  #open = 0;
  #close: (() => void) | undefined;
  /** Whether the last part has no headers yet: the parser says nothing of one that never gets any. */
  #isBare = false;

  constructor(limits: FormLimits, failures: Failures) {
    this.#limits = limits;
    this.#failures = failures;
    this.#memory = { left: limits.memory ?? defaultMemory };
    const counts = Object.values(limits.files).map((each) => each.maxCount);
    this.#maxParts = counts.reduce((sum, each) => sum + each, maxFields + spareParts);
  }

  /** The writing that is to be waited for before more comes in, if there is any. */
  get writing(): Promise<void> | undefined {
    return this.#spools.findLast((each) => each.writing !== undefined)?.writing;
  }

  /** Whether a file is on disk. */
  get isSpilled(): boolean {
    return this.#spools.some((each) => each.isSpilled);
  }

  /** Lets go of the files, also of what still comes in. */
  async release(): Promise<void> {
    await Promise.all(this.#spools.map((each) => each.close()));
  }

  part(stream: Dicer.PartStream): void {
    stream.on("error", this.#failures.fail);
    this.#attempt(() => {
      this.#refuseBare();
      if ((this.#parts += 1) > this.#maxParts) throw tooLarge("The form has too many parts.");
    });
    this.#isBare = true;
    stream.on("header", (headers) => {
      this.#isBare = false;
      this.#open += 1;
      this.#attempt(() => {
        const part = readPart(headers as PartHeaders);
        const end = this.#isField(part) ? this.#field(part, stream) : this.#file(part, stream);
        stream.on("end", () => this.#attempt(() => this.#end(end)));
      });
    });
  }

  /** Gives the content once the last part has ended. */
  close(resolve: (content: FormContent) => void): void {
    this.#close = () => {
      this.#refuseBare();
      const content = { fields: this.#fields, files: this.#files };
      const spilled = this.#spools.filter((each) => each.isSpilled);
      if (spilled.length === 0) resolve(content);
      else void Promise.all(spilled.map((each) => each.end())).then(() => resolve(content));
    };
    if (this.#open === 0) this.#attempt(this.#close);
  }

  /** Whether a part is text: a client that gives JSON its media type must send it as a file. */
  #isField({ name, filename }: Part): boolean {
    return filename === undefined || this.#limits.json?.has(name) === true;
  }

  #end(end: () => void): void {
    end();
    this.#open -= 1;
    if (this.#open === 0) this.#close?.();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failures.fail(error);
    }
  }

  #refuseBare(): void {
    if (this.#isBare) throw new Error("A part has no headers");
  }

  /** Collects a field. Gives what is to do at its end. */
  #field({ name }: Part, stream: Dicer.PartStream): () => void {
    if ((this.#fieldCount += 1) > maxFields) throw tooManyFields();
    const { field = Infinity } = this.#limits;
    const chunks: Buffer[] = [];
    let size = 0;
    this.#count(name.length);
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      this.#attempt(() => {
        if (size > field) throw fieldTooLarge(name, field);
        this.#count(chunk.length);
      });
    });
    return () => push(this.#fields, name, decodeUtf8(Buffer.concat(chunks), { bom: "keep" }));
  }

  #count(length: number): void {
    this.#text += length;
    if (this.#text > this.#limits.text) throw textTooLarge(this.#limits.text);
  }

  /** Collects a file. Gives what is to do at its end. */
  #file(part: Part, stream: Dicer.PartStream): () => void {
    const { name, filename } = part;
    const { files } = this.#limits;
    // A file that nobody declared is read past.
    const limits = Object.hasOwn(files, name) ? files[name] : undefined;
    const { maxSize = Infinity, maxCount = 0 } = limits ?? {};
    const isKept = (this.#files.get(name)?.length ?? 0) < maxCount;
    const spool = new Spool(this.#memory, this.#failures.failToWrite);
    this.#spools.push(spool);
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxSize) {
        this.#failures.fail(tooLarge(`The file "${name}" is larger than ${maxSize} bytes.`));
      } else if (isKept) spool.add(chunk);
    });
    return () => {
      // A file input that was left empty is sent as a file without name and content.
      if (limits === undefined || (filename === "" && size === 0)) return;
      // One too many is told without its content: the parameter counts, and refuses.
      push(this.#files, name, uploaded(part, spool));
    };
  }
}

function push<T>(map: Map<string, T[]>, name: string, value: T): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [value]);
  else known.push(value);
}
