/**
 * A request as parameters read it: each part parsed when it is first asked for, and only once.
 *
 * @module
 */
import { UnsupportedMediaType } from "../errors.ts";
import { takesType } from "../params/media-range.ts";
import type {
  Background,
  BodySource,
  Codec,
  BytesLimits,
  FormContent,
  FormLimits,
  ResponseDraft,
  TextValues,
} from "../source.ts";
import { RequestBody, tooLarge } from "./body.ts";
import { parseCookies } from "./cookies.ts";
import { Draft } from "./draft.ts";
import type { Exchange } from "./exchange.ts";
import { emptyForm, parseUrlencoded } from "./form.ts";
import { decodeBy, parseJson } from "./json.ts";
import { isJson, type MediaType, parseMediaType } from "./media-type.ts";
import { formLimit, readMultipart } from "./multipart.ts";
import { parseQuery } from "./query.ts";
import type { Upgrade } from "./upgrade.ts";

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
export class HttpRequest implements BodySource {
  readonly exchange: Exchange;
  readonly method: string;
  /** The path that the route is found by; middleware may change it. `exchange.target` is what was sent. */
  path: string;
  readonly search: string;
  readonly rootPath: string;
  /** Set by the router once the route is found. */
  params: Readonly<Record<string, string>> = {};
  /** Set by the router too: `"GET /items/{id}"`. */
  route: string | undefined = undefined;
  /** Set by the application; the server adapter calls it when the answer is sent or given up. */
  finish: Finish | undefined = undefined;
  /** Set by a socket; the server adapter opens it when the answer is 101. */
  upgrade: Upgrade | undefined = undefined;
  #query: TextValues | undefined;
  #cookies: TextValues | undefined;
  readonly #body: RequestBody | undefined;
  #json: Promise<unknown> | undefined;
  #form: Promise<FormContent> | undefined;
  #draft: Draft | undefined;
  #tasks: (() => unknown)[] | undefined;
  #held: (() => unknown)[] | undefined;
  #controller: AbortController | undefined;
  #aborted: Error | undefined;

  /** `rootPath` is what was taken off the path on the way to the application: `"/admin"`. */
  constructor(exchange: Exchange, rootPath = "") {
    this.exchange = exchange;
    this.rootPath = rootPath;
    this.method = exchange.method;
    this.#body = exchange.body && new RequestBody(exchange.body);
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

  /** What to do after the answer, if there is anything: the tasks, then letting go of the body. */
  get tasks(): Iterable<() => unknown> | undefined {
    return this.#held === undefined ? this.#tasks : inTurn((this.#tasks ??= []), this.#held);
  }

  /** How long the client has been waited for to send the body, in milliseconds. */
  get waited(): number {
    return this.#body?.waited ?? 0;
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

  headerNames(): readonly string[] {
    const names = this.exchange.rawHeaders.filter((_each, index) => index % 2 === 0);
    return [...new Set(names.map((each) => each.toLowerCase()))];
  }

  json(limit: number, codecs: readonly Codec[] = []): Promise<unknown> {
    return (this.#json ??= this.#readJson(limit, codecs));
  }

  form(limits: FormLimits): Promise<FormContent> {
    return (this.#form ??= this.#readForm(limits));
  }

  async bytes({ maxSize, types = [] }: BytesLimits): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#body === undefined) return new Uint8Array();
    this.#refuseOther(types);
    return this.#bytes(maxSize, this.#body);
  }

  stream({ maxSize, types = [] }: BytesLimits): ReadableStream<Uint8Array<ArrayBuffer>> {
    if (this.#body === undefined) return new Blob([]).stream();
    this.#refuseOther(types);
    this.#refuseLarger(maxSize);
    const { bytes, close } = this.#body.stream(maxSize);
    this.#hold(close);
    return bytes;
  }

  async #readJson(limit: number, codecs: readonly Codec[]): Promise<unknown> {
    if (this.#body === undefined) return undefined;
    const type = this.#textType("application/json");
    const codec = codecs.find((each) => each.mediaType.toLowerCase() === type.type);
    if (codec === undefined && !isJson(type)) {
      const taken = ["application/json", ...codecs.map((each) => each.mediaType)];
      throw unsupported(type.type, taken.join(" or "));
    }
    const bytes = await this.#bytes(limit, this.#body);
    if (bytes.length === 0) return undefined;
    return codec === undefined ? parseJson(bytes) : decodeBy(codec, bytes);
  }

  async #readForm(limits: FormLimits): Promise<FormContent> {
    if (this.#body === undefined) return emptyForm;
    const type = this.#textType("multipart/form-data");
    if (type.type === "multipart/form-data") {
      this.#refuseLarger(formLimit(limits));
      const { content, release } = await this.#body.readBy((incoming) =>
        readMultipart(incoming, type, limits),
      );
      if (release !== undefined) this.#hold(release);
      return content;
    }
    if (type.type === "application/x-www-form-urlencoded") {
      const limit = Math.min(limits.text, limits.form ?? Infinity);
      return parseUrlencoded(await this.#bytes(limit, this.#body), limits.field);
    }
    throw unsupported(type.type, "multipart/form-data or application/x-www-form-urlencoded");
  }

  /** Keeps what is to be let go of once nobody can read the body any more. */
  #hold(release: () => unknown): void {
    (this.#held ??= []).push(release);
  }

  #refuseOther(types: readonly string[]): void {
    this.#refuseEncoded();
    // Bytes that say nothing of themselves are just that (RFC 9110 section 8.3).
    const { type } = parseMediaType(this.header("content-type")) ?? bareBytes;
    if (!takesType(types, type)) throw unsupported(type, types.join(" or "));
  }

  #refuseEncoded(): void {
    const encoding = this.header("content-encoding") ?? "identity";
    if (encoding.toLowerCase() !== "identity") {
      throw new UnsupportedMediaType({}, { detail: "An encoded body is not taken." });
    }
  }

  #textType(wanted: string): MediaType {
    this.#refuseEncoded();
    const type = parseMediaType(this.header("content-type"));
    if (type === undefined) throw unsupported("a body without a media type", wanted);
    const { charset = "utf-8" } = type.parameters;
    if (!/^utf-?8$/i.test(charset)) throw unsupported("this charset", "UTF-8");
    return type;
  }

  #bytes(limit: number, body: RequestBody): Promise<Uint8Array<ArrayBuffer>> {
    this.#refuseLarger(limit);
    return body.bytes(limit);
  }

  /** Refuses a body by what it announces, before any of it is read. */
  #refuseLarger(limit: number): void {
    if (Number(this.header("content-length") ?? 0) > limit) throw tooLarge(limit);
  }
}

const bareBytes = { type: "application/octet-stream" };

/** The first ones to the end, which may become more while they run; then the others, last one first. */
function* inTurn<Each>(first: readonly Each[], then: readonly Each[]): Generator<Each> {
  yield* first;
  yield* then.toReversed();
}

function unsupported(found: string, wanted: string): UnsupportedMediaType {
  return new UnsupportedMediaType({}, { detail: `Send ${wanted}, not ${found}.` });
}

type UnsupportedMediaType = InstanceType<typeof UnsupportedMediaType>;

/** The target in origin form; a proxy's absolute form loses its scheme and host. */
function originForm(target: string): string {
  if (target.startsWith("/")) return target;
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(?<rest>.*)$/i.exec(target)?.groups?.["rest"];
  if (absolute === undefined) return `/${target}`;
  return absolute.startsWith("/") ? absolute : `/${absolute}`;
}
