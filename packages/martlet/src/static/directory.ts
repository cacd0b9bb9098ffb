/**
 * Directories whose files clients may ask for: what is found in one, and how it is answered.
 *
 * @module
 */
import {
  Answer,
  type AnswerHeaders,
  Forbidden,
  type HttpSource,
  isCompressible,
  type Param,
  preferredCoding,
} from "../index.ts";
import { answerFile, pathOf, weakTag } from "./file-answer.ts";
import { mediaTypeOf } from "./media-type.ts";
import { placeOf, realPathOf, segmentsOf } from "./place.ts";
import { look, type StoredFile } from "./stored-file.ts";

/** Which files of a directory clients may ask for, and how long they may keep them. */
export interface DirectoryOptions {
  /** A path, or a `file:` URL: `new URL("./public/", import.meta.url)`. */
  readonly directory: string | URL;
  /** Whether links that lead out of the directory are followed. @default false */
  readonly followLinks?: boolean;
  /** Whether names with a dot in front are served; those below `/.well-known/` always are. @default false */
  readonly dotFiles?: boolean;
  /**
   * The value of `Cache-Control` for a file, by its path below the directory; `undefined` for the
   * default of this file.
   *
   * @default a year and `immutable` where a hash of the content is in the name, `no-cache` elsewhere
   */
  readonly cacheControl?: (path: string) => string | undefined;
}

/** How one file of a directory is answered. */
interface FileOptions {
  /** @default 200 */
  readonly status?: number;
  /** What else the choice of this file depends on. */
  readonly vary?: readonly string[];
}

/** A directory that clients may ask for files of. */
export class Directory {
  readonly path: string;
  readonly #options: DirectoryOptions;
  readonly #index: boolean;

  /** `index` tells whether a directory stands for the `index.html` in it. */
  constructor(options: DirectoryOptions, { index }: { readonly index: boolean }) {
    this.path = pathOf(options.directory);
    this.#options = options;
    this.#index = index;
  }

  /** The answer for what the segments of a path name; `undefined` when that is nothing. */
  async answer(request: HttpSource, segments: readonly string[]): Promise<Answer | undefined> {
    if (segments.at(-1) === "") {
      return this.#index ? this.file(request, [...segments.slice(0, -1), "index.html"]) : undefined;
    }
    return (await this.file(request, segments)) ?? this.#redirect(request, segments);
  }

  /** The answer that sends one file; `undefined` when there is none. */
  async file(
    request: HttpSource,
    segments: readonly string[],
    { status = 200, vary = [] }: FileOptions = {},
  ): Promise<Answer | undefined> {
    const plain = await this.#find(segments);
    if (plain === undefined) return undefined;
    const mediaType = mediaTypeOf(segments.at(-1) ?? "");
    const cacheControl = this.#caching(request, segments, mediaType);
    const told = { mediaType, cacheControl, status };
    if (!isCompressible(mediaType)) {
      return answerFile(request, plain, { ...told, headers: varying(vary) });
    }
    const coded = await this.#compressed(request, segments);
    const headers = varying([...vary, "accept-encoding"]);
    if (coded === undefined) return answerFile(request, plain, { ...told, headers });
    return answerFile(request, coded.file, {
      ...told,
      etag: weakTag(coded.file, `-${coded.coding}`),
      headers: { ...headers, "content-encoding": coded.coding },
    });
  }

  /** Whether the segments name a file. */
  async has(segments: readonly string[]): Promise<boolean> {
    return (await this.#find(segments)) !== undefined;
  }

  /** Sends a client that asks for a directory to its `index.html`, so that relative links hold. */
  async #redirect(request: HttpSource, segments: readonly string[]): Promise<Answer | undefined> {
    if (!this.#index || !(await this.has([...segments, "index.html"]))) return undefined;
    // Relative, so that it holds behind a proxy that strips a prefix, and never leads elsewhere.
    const last = request.path.split("/").at(-1) ?? "";
    const query = request.search === "" ? "" : `?${request.search}`;
    return new Answer(307, { location: `./${last}/${query}` });
  }

  async #find(segments: readonly string[]): Promise<StoredFile | undefined> {
    const root = await realPathOf(this.path);
    if (root === undefined) return undefined;
    const { dotFiles = false, followLinks = false } = this.#options;
    const place = await placeOf(root, segments, { dotFiles, followLinks });
    const found = place === undefined ? "missing" : await look(place);
    if (found === "forbidden") throw new Forbidden();
    return typeof found === "string" ? undefined : found;
  }

  /** The file that stands beside another, compressed as the client likes best. */
  async #compressed(
    request: HttpSource,
    segments: readonly string[],
  ): Promise<{ readonly file: StoredFile; readonly coding: string } | undefined> {
    let offered = Object.keys(endings);
    for (;;) {
      const coding = preferredCoding(request.header("accept-encoding"), offered);
      if (coding === undefined) return undefined;
      const name = `${segments.at(-1)}${endings[coding]}`;
      const file = await this.#find([...segments.slice(0, -1), name]);
      if (file !== undefined) return { file, coding };
      offered = offered.filter((each) => each !== coding);
    }
  }

  #caching(request: HttpSource, segments: readonly string[], mediaType: string): string {
    const told = this.#options.cacheControl?.(segments.join("/"));
    if (told !== undefined) return told;
    if (mediaType.startsWith("text/html") || !isHashed(segments.at(-1) ?? "")) return "no-cache";
    // What somebody was let in for must not be kept for others by a cache in between.
    const isForAll = ["authorization", "cookie"].every(
      (each) => request.header(each) === undefined,
    );
    return `${isForAll ? "public" : "private"}, max-age=31536000, immutable`;
  }
}

function varying(names: readonly string[]): AnswerHeaders {
  return names.length === 0 ? {} : { vary: names.join(", ") };
}

/** What is put after a name for each coding; of those that a client likes as much, the first. */
const endings: Readonly<Record<string, string>> = { br: ".br", zstd: ".zst", gzip: ".gz" };

/**
 * Whether a bundler has put a hash of the content into a name: `app.3f9a1c07.js`, `app-BkX3a_Yz.js`,
 * `app-5Y7XQ2ZB.js`. A date or a word is none.
 */
function isHashed(name: string): boolean {
  const hex = /[.-](?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{8,64}\.\w+$/;
  const base64 = /[.-](?=[\w-]{0,7}\d)(?=[\w-]{0,7}[A-Z])(?=[\w-]{0,7}[a-z])[\w-]{8}\.\w+$/;
  const base32 = /[.-](?=[\dA-Z]{0,7}\d)(?=[\dA-Z]{0,7}[A-Z])[\dA-Z]{8}\.\w+$/;
  return [hex, base64, base32].some((each) => each.test(name));
}

/** The rest of a route's path, `{file*}`, as segments. */
export const file: Param<readonly string[], HttpSource> & { readonly "~p": "file" } = {
  "~p": "file",
  kind: "path",
  phase: "call",
  describe: () => {},
  compile: (name) => (source) => segmentsOf(source.path, source.params[name] ?? ""),
};
