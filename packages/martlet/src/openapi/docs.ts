/**
 * The docs page: Swagger UI from this package, under a strict content security policy. Nothing is
 * loaded from elsewhere.
 *
 * @module
 */
import { Answer, type AnswerHeaders } from "../http/answer.ts";
import { preferredCoding } from "../http/coding.ts";
import { request } from "../params/context.ts";
import { type AnyRoute, get } from "../routing/route.ts";
import type { HttpSource } from "../source.ts";
import { type DocsFile, docsFileNames, type DocsFiles, docsFiles, hashOf } from "./docs-file.ts";
import { docsPage, docsPolicy, relativePath } from "./docs-page.ts";
import type { Document } from "./document.ts";

/** What the docs page is told. */
export interface DocsPageOptions {
  /** @default "/docs" */
  readonly path?: string;
  /**
   * Options of Swagger UI, such as `docExpansion: "none"` or `filter: true`
   * (https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/): plain JSON.
   */
  readonly ui?: Readonly<Record<string, unknown>>;
  /** What the page fills in where it asks for tokens: never a secret, for everybody can read it. */
  readonly oauth?: { readonly clientId?: string; readonly scopes?: readonly string[] };
}

/** What the docs pages are made with. */
export interface DocsOptions {
  /** The path of the OpenAPI document. */
  readonly openapi: string;
  /** The path of the docs page, whose files are below, and what it is told. */
  readonly docs: string | false | DocsPageOptions;
  readonly title: string;
  readonly document: () => Document;
}

/** The routes of the OpenAPI document and of the docs page. */
export function docsRoutes({
  openapi,
  docs,
  title,
  document,
}: DocsOptions): Record<string, AnyRoute> {
  const routes: Record<string, AnyRoute> = { json: jsonRoute(openapi, document) };
  if (docs === false) return routes;
  const files = docsFiles();
  const { path = "/docs", ui = {}, oauth = {} } = typeof docs === "string" ? { path: docs } : docs;
  const folder = path.endsWith("/") ? path : `${path}/`;
  routes["page"] = pageRoute({ openapi, path, ui, oauth, title, document, files, folder });
  for (const name of docsFileNames) {
    routes[name] = fileRoute(`${folder}${name}`, () => files(name));
  }
  return routes;
}

/** The route of a document, made when it is first asked for: below a mount, with the path that leads there. */
export function jsonRoute(path: string, document: () => object): AnyRoute {
  const made = new Map<string, Promise<Page>>();
  return get(path, { hidden: true, use: { request } }, async ({ request }) => {
    const { rootPath } = request;
    const known = made.get(rootPath) ?? jsonPage(document(), rootPath);
    made.set(rootPath, known);
    return sent(request, await known);
  }) as AnyRoute;
}

function jsonPage(document: object, rootPath: string): Promise<Page> {
  const isSilent = "openapi" in document && !("servers" in document);
  const below = rootPath !== "" && isSilent ? { servers: [{ url: rootPath }] } : {};
  const text = JSON.stringify({ ...document, ...below });
  return page(text, { "content-type": "application/json" });
}

interface PageParts extends Omit<DocsOptions, "docs">, Required<DocsPageOptions> {
  readonly files: DocsFiles;
  readonly folder: string;
}

function pageRoute(parts: PageParts): AnyRoute {
  let made: Promise<Page> | undefined;
  return get(parts.path, { hidden: true, use: { request } }, async ({ request }) => {
    made ??= makePage(parts).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return sent(request, await made);
  }) as AnyRoute;
}

async function makePage(parts: PageParts): Promise<Page> {
  const { openapi, path, ui, oauth, title, document, files, folder } = parts;
  const versions = new Map<string, string>();
  for (const name of docsFileNames) versions.set(name, (await files(name)).hash);
  const html = docsPage({
    title,
    openapi: relativePath(path, openapi),
    ui,
    oauth,
    file: (name) => {
      const place = relativePath(path, `${folder}${name}`);
      // The address of a redirect is registered with the provider: it must stay the same.
      return name === "oauth2-redirect.html" ? place : `${place}?v=${versions.get(name)}`;
    },
  });
  return page(html, {
    "content-type": "text/html; charset=utf-8",
    ...guards(docsPolicy(document())),
  });
}

function guards(policy: string): Readonly<Record<string, string>> {
  return {
    "content-security-policy": policy,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

/** A text that is made once. */
interface Page {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>> & { readonly etag: string };
}

async function page(text: string, headers: Readonly<Record<string, string>>): Promise<Page> {
  const hash = await hashOf(new TextEncoder().encode(text));
  return {
    text,
    headers: { ...headers, etag: `"${hash}"`, "cache-control": "no-cache" },
  };
}

function sent(request: HttpSource, { text, headers }: Page): Answer {
  return isFresh(request, headers.etag) ? new Answer(304, headers) : new Answer(200, headers, text);
}

function fileRoute(path: string, file: () => Promise<DocsFile>): AnyRoute {
  return get(path, { hidden: true, use: { request } }, async ({ request }) => {
    const { mediaType, hash, compressed, plain } = await file();
    const offered = compressed === undefined ? [] : ["br"];
    const isBrotli = preferredCoding(request.header("accept-encoding"), offered) !== undefined;
    const etag = `"${hash}${isBrotli ? "-br" : ""}"`;
    // An address that names the content never changes what it stands for.
    const isNamed = request.query.get("v")?.[0] === hash;
    const headers: AnswerHeaders = {
      "content-type": mediaType,
      etag,
      "cache-control": isNamed ? "public, max-age=31536000, immutable" : "no-cache",
      "x-content-type-options": "nosniff",
      ...(mediaType.startsWith("text/html") && guards("default-src 'none'; script-src 'self'")),
      ...(compressed !== undefined && { vary: "accept-encoding" }),
      ...(isBrotli && { "content-encoding": "br" }),
    };
    if (isFresh(request, etag)) return new Answer(304, headers);
    return new Answer(200, headers, isBrotli && compressed ? compressed : await plain());
  }) as AnyRoute;
}

/** Whether the client has what the tag stands for (RFC 9110 section 13.1.2). */
function isFresh(request: HttpSource, etag: string): boolean {
  const known = request.header("if-none-match")?.split(",") ?? [];
  return known.some((each) => each.trim().replace(/^W\//, "") === etag || each.trim() === "*");
}
