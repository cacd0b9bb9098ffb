/**
 * Static files: a directory below a path.
 *
 * @module
 */
import {
  type Answer,
  type AnyRoute,
  Forbidden,
  get,
  NotFound,
  request,
  type Router,
  router,
} from "../index.ts";
import { Directory, type DirectoryOptions, file } from "./directory.ts";
import { checkPresence, type PresenceOptions } from "./presence.ts";

/** What is served below a path. */
export interface StaticFilesOptions extends DirectoryOptions, PresenceOptions {
  /** Whether a directory stands for the `index.html` in it. @default false */
  readonly index?: boolean;
  /** @default true */
  readonly check?: boolean | "auto";
}

/** A router that neither the document nor a client sees anything of. */
export type FilesRouter = Router<{}, unknown, never, never>;

/**
 * A router that serves the files of a directory, and nothing outside of it: no steps up, no links that
 * lead out, no names with a dot in front. Where `app.js.br`, `.zst` or `.gz` stands beside `app.js`, the
 * one that the client likes best is sent.
 *
 * @example
 * ```ts
 * import { martlet } from "martlet";
 * import { staticFiles } from "martlet/static";
 * import { testClient } from "martlet/testing";
 *
 * const assets = staticFiles("/assets", { directory: process.cwd() });
 * const client = testClient(martlet({ assets }));
 * const answer = await client.get("/assets/package.json");
 * expect(answer.headers.get("content-type")).toBe("application/json");
 * expect((await client.get("/assets/.git/config")).status).toBe(404);
 * ```
 */
export function staticFiles(prefix: string, options: StaticFilesOptions): FilesRouter {
  const { index = false, check = true } = options;
  const directory = new Directory(options, { index });
  return filesRouter(prefix, {
    answer: (request, segments) => directory.answer(request, segments),
    root: (request) => directory.redirect(request, []),
    check: () => checkPresence({ directory: directory.path }, { ...options, check }),
  });
}

/** Answers a request for what the segments of its path name; `undefined` when that is nothing. */
type Respond = (...args: Parameters<Directory["answer"]>) => Promise<Answer | undefined>;

interface FilesParts {
  readonly answer: Respond;
  /** Answers a request for the prefix without a slash. */
  readonly root: (request: Parameters<Respond>[0]) => ReturnType<Respond>;
  /** Run at start. */
  readonly check: () => Promise<void>;
}

/** A router for whatever is below a prefix. */
export function filesRouter(prefix: string, { answer, root, check }: FilesParts): FilesRouter {
  const declared = { hidden: true, throws: [NotFound, Forbidden] };
  const below = get("/{file*}", { ...declared, use: { request, file } }, async (used) => {
    return (await answer(used.request, used.file)) ?? new NotFound();
  });
  const bare = get("/", { ...declared, use: { request } }, async (used) => {
    return (await root(used.request)) ?? new NotFound();
  });
  const place = prefix.replace(/\/$/, "");
  // At the root of the application, "/" is a path like any other below it.
  const routes: Record<string, AnyRoute> = place === "" ? { below } : { below, bare };
  const options = {
    lifespan: async function* () {
      await check();
      yield;
    },
  };
  // What is hidden is hidden from the types too.
  return router(place, routes, options) as unknown as FilesRouter;
}
