/**
 * Mounts: whole applications below a path of another.
 *
 * @module
 */
import type { Answer } from "../http/answer.ts";
import { HttpRequest } from "../http/request.ts";
import { answerOf, webRequest } from "../http/web-request.ts";
import { request } from "../params/context.ts";
import { anyText } from "../schema/any-text.ts";
import type { MaybePromise } from "../standard.ts";
import { route } from "./route.ts";
import { router, type Router } from "./router.ts";
import { anyMethod } from "./tree.ts";

/** An application of Martlet's, as far as a mount knows it. */
export interface MountedApp {
  readonly handle: (request: HttpRequest) => MaybePromise<Answer>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A function that answers web requests. */
export type FetchHandler = (request: Request) => MaybePromise<Response>;

/** What can be mounted: an application, an object with `fetch`, or a function that answers requests. */
export type Mountable = MountedApp | { readonly fetch: FetchHandler } | FetchHandler;

/**
 * Puts a whole application below a path, for every method. Guards and middleware of the routers around it
 * run before; neither the document nor the client knows what is in it.
 *
 * An application of Martlet's starts and stops with the outer one, and sees its own paths: below `/admin`,
 * `/admin/users` is its `/users`. Any other `fetch` gets the URL as the client sent it.
 *
 * @example
 * ```ts
 * import { get, martlet, mount } from "martlet";
 *
 * const admin = martlet({ users: get("/users", {}, () => ["ada"]) }, { title: "Admin" });
 * const echo = (request: Request) => new Response(new URL(request.url).pathname);
 * const app = martlet({ admin: mount("/admin", admin), echo: mount("/echo", echo) });
 *
 * const users = await app.fetch(new Request("http://localhost/admin/users"));
 * expect(await users.json()).toEqual(["ada"]);
 * const echoed = await app.fetch(new Request("http://localhost/echo/a/b"));
 * expect(await echoed.text()).toBe("/echo/a/b");
 * ```
 */
export function mount(prefix: string, application: Mountable): Router<{}, {}, never, never> {
  const answer = "handle" in application ? insideOf(application) : outsideOf(application);
  const declare = route(anyMethod);
  const use = { request };
  const routes = {
    root: declare("/", { hidden: true, use }, (args) => answer(args.request, "")),
    rest: declare("/{rest*}", { hidden: true, path: { rest: anyText }, use }, (args) =>
      answer(args.request, args.rest),
    ),
  };
  const lifespan = "handle" in application ? { lifespan: living(application) } : {};
  // A client has no use for what is in it.
  return router(prefix === "/" ? "" : prefix, routes, lifespan);
}

function living({ start, stop }: MountedApp): () => AsyncGenerator<undefined> {
  return async function* mounted() {
    await start();
    yield undefined;
    await stop();
  };
}

type AnswerBelow = (request: unknown, rest: string) => MaybePromise<Answer>;

function insideOf(application: MountedApp): AnswerBelow {
  return async (source, rest) => {
    // Whatever a server or a test hands in is a request; parameters see less of it.
    const outer = source as HttpRequest;
    const inner = below(outer, rest);
    outer.signal.addEventListener("abort", () => inner.abort(outer.signal.reason as Error));
    const answer = await application.handle(inner);
    outer.upgrade = inner.upgrade;
    if (inner.finish !== undefined) outer.background(() => inner.finish?.());
    return answer;
  };
}

function outsideOf(application: Exclude<Mountable, MountedApp>): AnswerBelow {
  const handler =
    typeof application === "function"
      ? application
      : (request: Request) => application.fetch(request);
  return async (source) => answerOf(await handler(webRequest(source as HttpRequest)));
}

/** The request as what is mounted sees it: with the path that is left. */
function below(outer: HttpRequest, rest: string): HttpRequest {
  const { path, search, exchange } = outer;
  const end = rest === "" && !path.endsWith("/") ? path.length : startOf(path, rest);
  const target = `${path.slice(end) || "/"}${search === "" ? "" : `?${search}`}`;
  const { method, rawHeaders, body, address, scheme, canUpgrade } = exchange;
  return new HttpRequest(
    {
      method,
      target,
      rawHeaders,
      body,
      address,
      ...(scheme !== undefined && { scheme }),
      ...(canUpgrade !== undefined && { canUpgrade }),
      whenGone: (tell) => exchange.whenGone?.(tell),
      whenStopping: (tell) => exchange.whenStopping?.(tell),
    },
    `${outer.rootPath}${path.slice(0, end)}`,
  );
}

/** Where the rest of a path starts, which was decoded segment by segment: with the slash before it. */
function startOf(path: string, rest: string): number {
  let at = path.length;
  for (let left = rest.length + 1; left > 0 && at > 0;) {
    const slash = path.lastIndexOf("/", at - 1);
    left -= decodeURIComponent(path.slice(slash + 1, at)).length + 1;
    at = slash;
  }
  return at;
}
