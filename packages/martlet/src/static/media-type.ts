/**
 * Media types by the ends of names: those that the web uses, and no others.
 *
 * @module
 */

/** Ends of names by type. Text is UTF-8. */
const endings: Readonly<Record<string, string>> = {
  "application/epub+zip": "epub",
  "application/gzip": "gz tgz",
  "application/json": "json map",
  "application/jsonl": "jsonl ndjson",
  "application/ld+json": "jsonld",
  "application/manifest+json": "webmanifest",
  "application/msword": "doc",
  "application/pdf": "pdf",
  "application/rss+xml": "rss",
  "application/atom+xml": "atom",
  "application/sql": "sql",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/wasm": "wasm",
  "application/xhtml+xml": "xhtml",
  "application/xml": "xml xsl",
  "application/yaml": "yaml yml",
  "application/zip": "zip",
  "audio/aac": "aac",
  "audio/flac": "flac",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg oga opus",
  "audio/wav": "wav",
  "audio/webm": "weba",
  "font/otf": "otf",
  "font/ttf": "ttf",
  "font/woff": "woff",
  "font/woff2": "woff2",
  "image/apng": "apng",
  "image/avif": "avif",
  "image/bmp": "bmp",
  "image/gif": "gif",
  "image/heic": "heic",
  "image/jpeg": "jpg jpeg",
  "image/jxl": "jxl",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/tiff": "tif tiff",
  "image/webp": "webp",
  "image/x-icon": "ico",
  "model/gltf+json": "gltf",
  "model/gltf-binary": "glb",
  "text/calendar": "ics",
  "text/css": "css",
  "text/csv": "csv",
  "text/html": "html htm",
  "text/javascript": "js mjs cjs",
  "text/markdown": "md markdown",
  "text/plain": "txt text log",
  "text/tab-separated-values": "tsv",
  "text/vcard": "vcf",
  "text/vtt": "vtt",
  "video/mp4": "mp4 m4v",
  "video/mp2t": "ts",
  "video/mpeg": "mpeg mpg",
  "video/ogg": "ogv",
  "video/quicktime": "mov",
  "video/webm": "webm",
};

const types: ReadonlyMap<string, string> = new Map(
  Object.entries(endings).flatMap(([type, names]) =>
    names
      .split(" ")
      .map((each): [string, string] => [
        each,
        type.startsWith("text/") ? `${type}; charset=utf-8` : type,
      ]),
  ),
);

/** The media type of a file by its name; `application/octet-stream` when the name tells none. */
export function mediaTypeOf(name: string): string {
  const end = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return types.get(end) ?? "application/octet-stream";
}
