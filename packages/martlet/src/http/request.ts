/**
 * A request as parameters read it: each part parsed when it is first asked for, and only once.
 *
 * @module
 */
import { ContentTooLarge, HttpProblem, MalformedBody, UnsupportedMediaType } from "../errors.ts";
import type {
  Background,
  FormContent,
  FormLimits,
  HttpSource,
  ResponseDraft,
  TextValues,
} from "../source.ts";
import { parseCookies } from "./cookies.ts";
import { Draft } from "./draft.ts";
import type { Exchange } from "./exchange.ts";
import { emptyForm, parseUrlencoded } from "./form.ts";
import { parseJson } from "./json.ts";
import { isJson, type MediaType, parseMediaType } from "./media-type.ts";
import { formLimit, readMultipart } from "./multipart.ts";
import { parseQuery } from "./query.ts";

/** Work that waits for the answer to be sent. */
export type Finish = () => Promise<void>;

/**
 * One HTTP request.
 *
 * @example
 * ```ts
 * import { exchangeOf, HttpRequest } from "martlet";
 *
 * const request = new HttpRequest(exchangeOf(new Request("http://localhost/items?tag=a&tag=b")));
 * expect(request.query.get("tag")).toEqual(["a", "b"]);
 * ```
 */
export class HttpRequest implements HttpSource {
  readonly exchange: Exchange;
  readonly method: string;
  readonly path: string;
  readonly search: string;
  /** Set by the router once the route is found. */
  params: Readonly<Record<string, string>> = {};
  /** Set by the application; the server adapter calls it when the answer is sent or given up. */
  finish: Finish | undefined = undefined;
  #query: TextValues | undefined;
  #cookies: TextValues | undefined;
  #json: Promise<unknown> | undefined;
  #form: Promise<FormContent> | undefined;
  #draft: Draft | undefined;
  #tasks: (() => unknown)[] | undefined;
  #controller: AbortController | undefined;
  #aborted: Error | undefined;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    this.method = exchange.method;
    const target = originForm(exchange.target);
    const mark = target.indexOf("?");
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.search = mark < 0 ? "" : target.slice(mark + 1);
  }

  get query(): TextValues {
    return (this.#query ??= parseQuery(this.search));
  }

  get cookies(): TextValues {
    return (this.#cookies ??= parseCookies(this.headerValues("cookie").join(";")));
  }

  get address(): string | undefined {
    return this.exchange.address;
  }

  get response(): ResponseDraft {
    return (this.#draft ??= new Draft());
  }

  /** The draft, if anybody has touched it. */
  get draft(): Draft | undefined {
    return this.#draft;
  }

  get background(): Background {
    return (task) => void (this.#tasks ??= []).push(task);
  }

  /** The tasks to do after the answer, if there are any. */
  get tasks(): readonly (() => unknown)[] | undefined {
    return this.#tasks;
  }

  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    this.#controller = new AbortController();
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted);
    // Only who asks for the signal needs to know.
    else this.exchange.whenGone?.(() => this.abort(new Error("The client has gone")));
    return this.#controller.signal;
  }

  /** Tells whoever holds the signal to stop: the client has gone, or time is over. */
  abort(reason: Error): void {
    this.#aborted ??= reason;
    this.#controller?.abort(reason);
  }

  header(name: string): string | undefined {
    const values = this.headerValues(name);
    return values.length > 1 ? values.join(", ") : values[0];
  }

  headerValues(name: string): readonly string[] {
    const { rawHeaders } = this.exchange;
    const values: string[] = [];
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const each = rawHeaders[index] as string;
      if (each.length === name.length && each.toLowerCase() === name) {
        values.push(rawHeaders[index + 1] as string);
      }
    }
    return values;
  }

  json(limit: number): Promise<unknown> {
    return (this.#json ??= this.#readJson(limit));
  }

  form(limits: FormLimits): Promise<FormContent> {
    return (this.#form ??= this.#readForm(limits));
  }

  async #readJson(limit: number): Promise<unknown> {
    const { body } = this.exchange;
    if (body === undefined) return undefined;
    const type = this.#mediaType("application/json");
    if (!isJson(type)) throw unsupported(type.type, "application/json");
    const bytes = await this.#bytes(limit);
    return bytes.length === 0 ? undefined : parseJson(bytes);
  }

  async #readForm(limits: FormLimits): Promise<FormContent> {
    const { body } = this.exchange;
    if (body === undefined) return emptyForm;
    const type = this.#mediaType("multipart/form-data");
    if (type.type === "multipart/form-data") {
      this.#refuseLarger(formLimit(limits));
      return readMultipart(body, type, limits);
    }
    if (type.type === "application/x-www-form-urlencoded") {
      return parseUrlencoded(await this.#bytes(limits.text));
    }
    throw unsupported(type.type, "multipart/form-data or application/x-www-form-urlencoded");
  }

  #mediaType(wanted: string): MediaType {
    const encoding = this.header("content-encoding") ?? "identity";
    if (encoding.toLowerCase() !== "identity") {
      throw new UnsupportedMediaType({}, { detail: "An encoded body is not taken." });
    }
    const type = parseMediaType(this.header("content-type"));
    if (type === undefined) throw unsupported("a body without a media type", wanted);
    const { charset = "utf-8" } = type.parameters;
    if (!/^utf-?8$/i.test(charset)) throw unsupported("this charset", "UTF-8");
    return type;
  }

  async #bytes(limit: number): Promise<Uint8Array> {
    this.#refuseLarger(limit);
    const bytes = await this.#read(limit);
    if (bytes === undefined) throw tooLarge(limit);
    return bytes;
  }

  /** Refuses a body by what it announces, before any of it is read. */
  #refuseLarger(limit: number): void {
    if (Number(this.header("content-length") ?? 0) > limit) throw tooLarge(limit);
  }

  async #read(limit: number): Promise<Uint8Array | undefined> {
    try {
      return await this.exchange.body?.bytes(limit);
    } catch (cause) {
      if (cause instanceof HttpProblem) throw cause;
      throw new MalformedBody({}, { detail: "The body ended too early.", cause });
    }
  }
}

function unsupported(found: string, wanted: string): UnsupportedMediaType {
  return new UnsupportedMediaType({}, { detail: `Send ${wanted}, not ${found}.` });
}

function tooLarge(limit: number): Error {
  return new ContentTooLarge({}, { detail: `The body is larger than ${limit} bytes.` });
}

type UnsupportedMediaType = InstanceType<typeof UnsupportedMediaType>;

/** The target in origin form; a proxy's absolute form loses its scheme and host. */
function originForm(target: string): string {
  if (target.startsWith("/")) return target;
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(?<rest>.*)$/i.exec(target)?.groups?.["rest"];
  if (absolute === undefined) return `/${target}`;
  return absolute.startsWith("/") ? absolute : `/${absolute}`;
}
