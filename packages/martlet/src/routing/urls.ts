/**
 * The URLs of routes, built from the routes themselves.
 *
 * @module
 */
import { originOf } from "../http/web-request.ts";
import type { HttpRequest } from "../http/request.ts";
import type { Param } from "../params/param.ts";
import type { PathNames } from "../signature.ts";
import type { HttpSource } from "../source.ts";
import type { RouteData } from "./route.ts";
import type { PlacedRoute } from "./router.ts";

/** What stands for a placeholder, or for a value of the query. */
export type UrlValue = string | number | bigint | boolean | Date;

/** Values of a query string; a list is sent as a repeated name. */
export type UrlQuery = Readonly<Record<string, UrlValue | readonly UrlValue[] | undefined>>;

/** The placeholders of a route, and those that only the prefixes around it have. */
export type UrlParams<P extends string> = { readonly [K in PathNames<P>]: UrlValue } & {
  readonly [name: string]: UrlValue;
};

type UrlArguments<P extends string> = [PathNames<P>] extends [never]
  ? [params?: UrlParams<P>, query?: UrlQuery]
  : [params: UrlParams<P>, query?: UrlQuery];

/** A route to build the URL of, as far as its URL goes. */
export interface UrlTarget<P extends string> {
  readonly path: P;
  readonly "~route": RouteData;
}

/** Gives a URL of a route, or of the route that stands at a place in the routers: `"items.read"`. */
export interface UrlOf {
  <P extends string>(route: UrlTarget<P>, ...rest: UrlArguments<P>): string;
  (place: string, params?: Readonly<Record<string, UrlValue>>, query?: UrlQuery): string;
}

/** Builds the URLs of an application's routes. */
export interface Urls {
  /** The path of a route from the root of its host, what a proxy strips included: `"/api/items/7"`. */
  readonly to: UrlOf;
  /**
   * The whole URL of a route. The host is what the client asked for, unless the application names its
   * `origin`: without one, use it only where unknown hosts are refused.
   */
  readonly absolute: UrlOf;
  /**
   * The URL of the request itself, as the client sent it, with another query: whole if the
   * application names its `origin`, else from the root of its host.
   */
  readonly here: (query?: UrlQuery) => string;
}

/** What URLs are built from: the routes at their places, and what the application knows of itself. */
export interface UrlTable {
  readonly routes: () => readonly PlacedRoute[];
  /** Where the application can be reached: `"https://api.example"`. */
  readonly origin: string | undefined;
  /** What a proxy strips from the path. */
  readonly rootPath: string;
}

const tableKey = Symbol("urls");

/** The table, for the plans of an application. */
export function urlTable(table: UrlTable): readonly [symbol, UrlTable] {
  return [tableKey, table];
}

/**
 * Builds the URLs of routes, in handlers and dependencies: the route itself is the name.
 *
 * @example
 * ```ts
 * import { get, martlet, router, urls } from "martlet";
 * import { z } from "zod";
 *
 * const read = get("/{id}", { path: { id: z.int() } }, ({ id }) => ({ id }));
 * const list = get("/", { use: { urls } }, ({ urls }) => urls.to(read, { id: 7 }, { full: true }));
 * const app = martlet({ items: router("/items", { read, list }) }, { rootPath: "/api" });
 * const response = await app.fetch(new Request("http://localhost/items"));
 * expect(await response.json()).toBe("/api/items/7?full=true");
 * ```
 */
export const urls: Param<Urls, HttpSource> = {
  kind: "urls",
  phase: "call",
  describe: () => {},
  compile: (_name, compiler) => {
    const table = compiler.shared<UrlTable>(tableKey, () => ({
      routes: () => [],
      origin: undefined,
      rootPath: "",
    }));
    // Whatever a server or a test hands in is a request; parameters see less of it.
    return (source) => urlsOf(table, source as HttpRequest);
  },
};

function urlsOf(table: UrlTable, request: HttpRequest): Urls {
  const to = (
    route: UrlTarget<string> | string,
    params: Readonly<Record<string, UrlValue>> = {},
    query: UrlQuery = {},
  ): string => {
    const path = fill(pathOf(table, route), params);
    return `${table.rootPath}${request.rootPath}${path}${searchOf(query)}`;
  };
  const origin = (): string => table.origin ?? originOf(request.exchange);
  return {
    to,
    absolute: (...args: Parameters<typeof to>) => `${origin()}${to(...args)}`,
    here: (query = {}) =>
      `${table.origin ?? ""}${table.rootPath}${request.rootPath}${sentPath(request)}${searchOf(query)}`,
  };
}

/** The path as it was sent, without what a proxy puts before it; middleware may have changed `path`. */
function sentPath({ exchange }: HttpRequest): string {
  const [path = ""] = exchange.target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").split(/[?#]/);
  // Two slashes would name a host.
  return path.startsWith("/") ? path.replace(/^\/(?=\/)/, "/./") : `/${path}`;
}

/** The path of a route; the first one where a router stands at several places. */
function pathOf({ routes }: UrlTable, route: UrlTarget<string> | string): string {
  const placed = routes().find(({ data, names }) =>
    typeof route === "string" ? names.join(".") === route : data === route["~route"],
  );
  if (placed !== undefined) return placed.path;
  throw new TypeError(`${typeof route === "string" ? route : route.path} is no route here`);
}

function fill(template: string, params: Readonly<Record<string, UrlValue>>): string {
  return template.replaceAll(/\{(\w+)(\*?)\}/g, (_, name: string, rest: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`"${name}" is missing: it is part of ${template}`);
    const segments = rest === "" ? [textOf(value)] : textOf(value).split("/");
    // A URL is resolved before it is sent: dots would lead to another route.
    if (segments.some((each) => /^\.{1,2}$/.test(each)) || (rest === "" && segments[0] === "")) {
      throw new TypeError(`"${name}" cannot be a part of a path`);
    }
    return segments.map(encodeURIComponent).join("/");
  });
}

function searchOf(query: UrlQuery): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value ?? []].flat() as readonly UrlValue[])
      search.append(name, textOf(each));
  }
  const text = String(search);
  return text === "" ? "" : `?${text}`;
}

function textOf(value: UrlValue): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
