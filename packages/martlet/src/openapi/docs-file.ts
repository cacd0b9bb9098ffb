/**
 * The files of the docs page, which stand beside the code in the package. Nothing is read before the
 * page is asked for, and each file once.
 *
 * @module
 */

/** A file as it is sent. */
export interface DocsFile {
  readonly mediaType: string;
  /** What tells its content from any other. */
  readonly hash: string;
  /** The content, compressed with Brotli, if it is kept so. */
  readonly compressed: Uint8Array | undefined;
  /** The content itself. */
  readonly plain: () => Promise<Uint8Array>;
}

/** Media types by the end of a name. */
const mediaTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Where each file stands, from here: `src/openapi` and `dist/openapi` are equally deep. */
const places = {
  "swagger-ui-bundle.js": "../../assets/swagger-ui/swagger-ui-bundle.js.br",
  "swagger-ui.css": "../../assets/swagger-ui/swagger-ui.css.br",
  "oauth2-redirect.html": "../../assets/swagger-ui/oauth2-redirect.html.br",
  "oauth2-redirect.js": "../../assets/swagger-ui/oauth2-redirect.js.br",
  "init.js": "../../assets/docs/init.js",
  "theme.css": "../../assets/docs/theme.css",
  "icon.svg": "../../assets/docs/icon.svg",
} as const;

/** The name of a file of the docs page. */
export type DocsFileName = keyof typeof places;

/** The names of all files of the docs page. */
export const docsFileNames: readonly DocsFileName[] = Object.keys(places) as DocsFileName[];

/** Gives the files by name. */
export type DocsFiles = (name: DocsFileName) => Promise<DocsFile>;

/** The files of one application's docs page. */
export function docsFiles(): DocsFiles {
  const files = new Map<DocsFileName, Promise<DocsFile>>();
  return (name) => {
    const known = files.get(name);
    if (known !== undefined) return known;
    const file = load(name);
    files.set(name, file);
    // A file that could not be read is tried again.
    file.catch(() => files.delete(name));
    return file;
  };
}

async function load(name: DocsFileName): Promise<DocsFile> {
  const place = places[name];
  const bytes = await read(place);
  const isCompressed = place.endsWith(".br");
  let plain: Promise<Uint8Array> | undefined;
  return {
    mediaType: mediaTypes[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
    hash: await hashOf(bytes),
    compressed: isCompressed ? bytes : undefined,
    plain: () => (plain ??= isCompressed ? decompress(bytes) : Promise.resolve(bytes)),
  };
}

async function read(place: string): Promise<Uint8Array<ArrayBuffer>> {
  const { readFile } = await import("node:fs/promises");
  const url = new URL(place, import.meta.url);
  try {
    return new Uint8Array(await readFile(url));
  } catch (cause) {
    throw new Error(
      `The docs page needs ${url.pathname}, which is part of the martlet package. A bundler that takes in the package must leave it outside; or switch the page off: docs: false.`,
      { cause },
    );
  }
}

async function decompress(bytes: Uint8Array): Promise<Uint8Array> {
  const { brotliDecompressSync } = await import("node:zlib");
  return brotliDecompressSync(bytes);
}

/** A hash that is long enough to tell two versions of a file apart. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest, 0, 12), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
