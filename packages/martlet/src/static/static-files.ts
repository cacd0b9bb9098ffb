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
  type HttpSource,
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
  const below = get("/{file*}", { ...declared, use: { request, file } }, async (used) => {
    return (await directory.answer(used.request, used.file)) ?? new NotFound();
  });
  return filesRouter(prefix, { below }, () =>
    checkPresence({ directory: directory.path }, { ...options, check }),
  );
}

/** Answers a request for what the segments of its path name; `undefined` when that is nothing. */
export type Respond = (
  request: HttpSource,
  segments: readonly string[],
) => Promise<Answer | undefined>;

/** What a route for files has, whatever it answers. */
export const declared: {
  readonly hidden: true;
  readonly throws: readonly [typeof NotFound, typeof Forbidden];
} = { hidden: true, throws: [NotFound, Forbidden] };

/** A router that is hidden from the types too, as its routes are from the document. */
export function filesRouter(
  prefix: string,
  routes: Readonly<Record<string, AnyRoute>>,
  check: () => Promise<void>,
): FilesRouter {
  const options = {
    lifespan: async function* () {
      await check();
      yield;
    },
  };
  return router(prefix.replace(/\/$/, ""), routes, options) as unknown as FilesRouter;
}
