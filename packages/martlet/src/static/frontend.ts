/**
 * Frontends: the files that a bundler built, with the page that a router in the browser needs for
 * paths of its own.
 *
 * @module
 */
import { type Answer, type HttpSource, weightOf, weightsOf } from "../index.ts";
import { Directory, type DirectoryOptions } from "./directory.ts";
import { isOpen } from "./place.ts";
import { checkPresence, type PresenceOptions } from "./presence.ts";
import { filesRouter, type FilesRouter } from "./static-files.ts";

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
  const missing = fallbackOf(directory, fallback);
  const needed = fallback === "auto" || fallback === false ? {} : { file: fallback };
  return filesRouter(prefix, {
    answer: async (request, segments) =>
      (await directory.answer(request, segments)) ?? missing(request, segments),
    root: async (request) => (await directory.redirect(request, [])) ?? missing(request, []),
    check: () => checkPresence({ directory: directory.path, ...needed }, options),
  });
}

type Fallback = (request: HttpSource, segments: readonly string[]) => Promise<Answer | undefined>;

function fallbackOf(
  directory: Directory,
  fallback: NonNullable<FrontendOptions["fallback"]>,
): Fallback {
  const page: Fallback = async (request, segments) =>
    isNavigation(request, segments)
      ? directory.file(request, ["index.html"], { vary: ["accept", "sec-fetch-mode"] })
      : undefined;
  const error: Fallback = (request) => directory.file(request, ["404.html"], { status: 404 });
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
