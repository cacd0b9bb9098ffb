/**
 * The HTML of the docs page, and the content security policy that it keeps: scripts and styles of
 * its own, no others, none inside the page.
 *
 * @module
 */
import type { Document, ServerObject } from "./document.ts";
import { operationsOf } from "./paths.ts";

/** What the page is made of: references are relative to it. */
export interface DocsPage {
  readonly title: string;
  /** Where the OpenAPI document is. */
  readonly openapi: string;
  /** Options of Swagger UI. */
  readonly ui: object;
  /** What is filled in where the page asks for tokens. */
  readonly oauth: object;
  /** Where a file of the page is. */
  readonly file: (name: string) => string;
}

/** Writes the page. */
export function docsPage({ title, openapi, ui, oauth, file }: DocsPage): string {
  const json = (value: object): string => escapeHtml(JSON.stringify(value));
  const reference = (name: string): string => escapeHtml(file(name));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${reference("icon.svg")}">
<link rel="stylesheet" href="${reference("swagger-ui.css")}">
<link rel="stylesheet" href="${reference("theme.css")}">
<script defer src="${reference("swagger-ui-bundle.js")}"></script>
<script defer src="${reference("init.js")}"></script>
</head>
<body>
<div id="swagger-ui" data-openapi="${escapeHtml(openapi)}" data-redirect="${reference("oauth2-redirect.html")}" data-ui="${json(ui)}" data-oauth="${json(oauth)}"></div>
<noscript>This page needs JavaScript; <a href="${escapeHtml(openapi)}">the OpenAPI document</a> does not.</noscript>
</body>
</html>
`;
}

/** The policy of the page: it talks to this server, and to those that the document names. */
export function docsPolicy(document: Document): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...originsOf(document)].join(" "),
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The origins of the servers that the document and its operations name, and of what gives tokens. */
function originsOf({ servers = [], paths, components = {} }: Document): readonly string[] {
  const schemes = Object.values(components.securitySchemes ?? {});
  const flows = schemes.flatMap((each) =>
    Object.values((each["flows"] ?? {}) as Record<string, Flow>),
  );
  const urls = [
    ...[servers, ...operationsOf(paths).map((each) => each.servers ?? [])].flat().flatMap(urlsOf),
    ...schemes.map((each) => each["openIdConnectUrl"]),
    ...flows.flatMap((each) => [each.tokenUrl, each.refreshUrl]),
  ];
  return [...new Set(urls.flatMap(originOf))];
}

/** A server of more values than these is left to whoever writes a policy of their own. */
const maxUrls = 32;

/** The URLs that a server stands for, with each value that its variables list. */
function urlsOf({ url, variables = {} }: ServerObject): readonly string[] {
  let urls = [url];
  for (const [name, { enum: values, default: first }] of Object.entries(variables)) {
    const texts = values ?? [first];
    urls = urls.flatMap((each) => texts.map((text) => each.replaceAll(`{${name}}`, text)));
    if (urls.length > maxUrls) return [];
  }
  return urls;
}

interface Flow {
  readonly tokenUrl?: unknown;
  readonly refreshUrl?: unknown;
}

/** The origin of an absolute URL; nothing for a relative one, which is of this server. */
function originOf(url: unknown): readonly string[] {
  if (typeof url !== "string" || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return [];
  const { origin } = new URL(url);
  // A host may hold what has a meaning of its own in a policy, and a variable of the document's.
  return /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? [origin] : [];
}

/** The way from one path of a server to another, as a reference that a prefix in front of both keeps. */
export function relativePath(from: string, to: string): string {
  const start = from.split("/").slice(1, -1);
  const target = to.split("/").slice(1);
  let common = 0;
  while (common < target.length - 1 && start[common] === target[common]) common += 1;
  const up = "../".repeat(start.length - common);
  const rest = target.slice(common).map((each) => encodeURIComponent(each));
  return `${up}${rest.join("/")}` || "./";
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
