/**
 * Frontends: the files that a bundler built, with the page that a router in the browser needs for
 * paths of its own.
 *
 * @module
 */
import {
  Answer,
  type AnyRoute,
  get,
  type HttpSource,
  MethodNotAllowed,
  NotFound,
  request,
  route,
  weightOf,
  weightsOf,
} from "../index.ts";
import { Directory, type DirectoryOptions, file } from "./directory.ts";
import { isOpen } from "./place.ts";
import { checkPresence, type PresenceOptions } from "./presence.ts";
import { declared, filesRouter, type FilesRouter, type Respond } from "./static-files.ts";

/** How a frontend is served. */
export interface FrontendOptions extends DirectoryOptions, PresenceOptions {
  /**
   * What is sent where there is no file: `"index.html"` to a browser that goes to a page, for the
   * frontend's own router; `"404.html"`, with status 404, to everybody; `false` for the problem that
   * the application tells; `"auto"` for `404.html` if the directory has one, else `index.html`.
   *
   * @default "auto"
   */
  readonly fallback?: "auto" | "index.html" | "404.html" | false;
  /** @default "auto" */
  readonly check?: boolean | "auto";
}

/**
 * A router that serves a built frontend. Every route of the application wins over it, wherever the two
 * stand, and what the routers around it ask for is asked before any file is looked at.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { frontend } from "martlet/static";
 * import { testClient } from "martlet/testing";
 *
 * const ping = get("/api/ping", {}, () => "pong");
 * const web = frontend("/", { directory: "dist", check: false });
 * const client = testClient(martlet({ ping, web }));
 * expect(await (await client.get("/api/ping")).json()).toBe("pong");
 * ```
 */
export function frontend(prefix: string, options: FrontendOptions): FilesRouter {
  const { fallback = "auto" } = options;
  const directory = new Directory(options, { index: true });
  const page = fallbackOf(directory, fallback);
  const needed = fallback === "auto" || fallback === false ? {} : { file: fallback };
  const answer: Respond = async (request, segments) =>
    (await directory.answer(request, segments)) ?? page(request, segments);
  return filesRouter(prefix, routesOf(answer, directory), () =>
    checkPresence({ directory: directory.path, ...needed }, options),
  );
}

const allow = "GET, HEAD, OPTIONS";

function routesOf(answer: Respond, directory: Directory): Readonly<Record<string, AnyRoute>> {
  const options = { ...declared, fallback: true };
  const below = get("/{file*}", { ...options, use: { request, file } }, async (used) => {
    return (await answer(used.request, used.file)) ?? new NotFound();
  });
  // The prefix without a slash; at the root of the application it has one.
  const bare = get("/", { ...options, use: { request } }, async (used) => {
    return (await answer(used.request, used.request.path === "/" ? [""] : [])) ?? new NotFound();
  });
  // Only a file does not take a method. What nobody has is not there, whatever the method.
  const throws = [...declared.throws, MethodNotAllowed];
  const others = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method) => {
    const write = route(method)("/{file*}", { ...options, throws, use: { file } }, async (used) => {
      if (!(await directory.has(used.file))) return new NotFound();
      if (method === "OPTIONS") return new Answer(204, { allow });
      throw new MethodNotAllowed({}, { headers: { allow } });
    });
    return [method, write] as const;
  });
  return { below, bare, ...Object.fromEntries(others) };
}

function fallbackOf(
  directory: Directory,
  fallback: NonNullable<FrontendOptions["fallback"]>,
): Respond {
  const page: Respond = async (request, segments) =>
    isNavigation(request, segments)
      ? directory.file(request, ["index.html"], { vary: ["accept", "sec-fetch-mode"] })
      : undefined;
  const error: Respond = (request) => directory.file(request, ["404.html"], { status: 404 });
  if (fallback === false) return async () => undefined;
  if (fallback === "index.html") return page;
  if (fallback === "404.html") return error;
  return async (request, segments) => (await error(request, segments)) ?? page(request, segments);
}

/**
 * Whether a browser goes to a page. A script that asks for data, and an image that is missing, must
 * not be told the page instead.
 */
function isNavigation(request: HttpSource, segments: readonly string[]): boolean {
  const names = segments.at(-1) === "" ? segments.slice(0, -1) : segments;
  if (!isOpen(names, { dotFiles: false }) || names.at(-1)?.includes(".")) return false;
  return takesHtml(request);
}

/** Whether a client takes HTML. */
function takesHtml(request: HttpSource): boolean {
  const accept = request.header("accept");
  if (accept === undefined) return true;
  const ranges = weightsOf(accept);
  const isLiked = (weightOf("text/html", ranges) ?? 0) > 0;
  // A script that takes anything asks for data: a browser says so.
  const isNamed = ranges.some(({ value }) => value === "text/html");
  return isLiked && (isNamed || (request.header("sec-fetch-mode") ?? "navigate") === "navigate");
}
