/**
 * The application: routers in, answers out. Everything is compiled, and every fault found, before
 * the first request.
 *
 * @module
 */
import { buildAsyncApi } from "./asyncapi/build.ts";
import type { AsyncApiDocument } from "./asyncapi/document.ts";
import { callableOf } from "./callable.ts";
import { type AnyProblem, HttpProblem } from "./errors.ts";
import { type Fault, Faults } from "./fault.ts";
import type { Answer } from "./http/answer.ts";
import type { Codec } from "./source.ts";
import { answerWeb } from "./http/fetch.ts";
import { answerProblem, type ProblemFormat, problemJson } from "./http/problem.ts";
import { consoleReporter, type Reporter } from "./http/report.ts";
import type { HttpRequest } from "./http/request.ts";
import { Lifespan } from "./lifespan.ts";
import { buildDocument } from "./openapi/build.ts";
import { Components } from "./openapi/components.ts";
import type { DocumentInfo, OpenApiOptions } from "./openapi/description.ts";
import { type DocsPageOptions, docsRoutes, jsonRoute } from "./openapi/docs.ts";
import type { Document } from "./openapi/document.ts";
import { type RouteInfo, routeInfos } from "./openapi/route-info.ts";
import { descriptionFaults, infoFaults } from "./openapi/rules.ts";
import type { AnyCallable } from "./params/param.ts";
import type { Plan } from "./plan.ts";
import { pathFaults, routeFaults } from "./routing/checks.ts";
import { withDeadline } from "./routing/deadline.ts";
import { dispatcher } from "./routing/dispatch.ts";
import { compileEndpoint, type Endpoint } from "./routing/endpoint.ts";
import { handling } from "./routing/error-handler.ts";
import { around, type Middleware, type Respond } from "./routing/middleware.ts";
import {
  type Found,
  type LifespanEntry,
  type PlacedRoute,
  router,
  type RouterOptions,
  walk,
} from "./routing/router.ts";
import { compileSocket } from "./routing/socket-endpoint.ts";
import { RouteTree } from "./routing/tree.ts";
import { urlTable } from "./routing/urls.ts";
import type { ErrorsOf, Use, Wire } from "./signature.ts";
import type { MaybePromise } from "./standard.ts";

/** What an application may be told beside its routers. */
export interface AppOptions<
  X extends Use = Use,
  U extends Use = Use,
  E extends AnyProblem = AnyProblem,
>
  extends DocumentInfo, Pick<RouterOptions<E>, "throws" | "lifespan" | "errors"> {
  /** Dependencies that every route asks for, before its own; their values are dropped. */
  readonly use?: U;
  /** Credentials that every route asks for. */
  readonly security?: X;
  /** Runs around everything, also around what has no route. */
  readonly middleware?: readonly Middleware[];
  /** How problems are told. @default RFC 9457 `application/problem+json` */
  readonly problems?: ProblemFormat;
  /** Media types beside JSON that bodies are read from and answers written in. @default none */
  readonly codecs?: readonly Codec[];
  /** What a proxy strips from the path before it passes a request on: `"/api"`. @default "" */
  readonly rootPath?: string;
  /** Where clients reach the application, for absolute URLs: `"https://api.example"`. @default the host they ask for */
  readonly origin?: string;
  /** The path of the docs page and what it is told, or `false`. @default "/docs" */
  readonly docs?: string | false | DocsPageOptions;
  /**
   * The path of the OpenAPI document and its version, or `false`, which leaves out the docs page too.
   *
   * @default "/openapi.json"
   */
  readonly openapi?: string | false | OpenApiOptions;
  /** The path of the AsyncAPI document, or `false`. @default "/asyncapi.json", if there are sockets */
  readonly asyncapi?: string | false;
  /**
   * How long an answer may take, in milliseconds, until the client is told 503 and `signal` is
   * aborted; 0 for no limit. A stream that has begun is not cut.
   *
   * @default 30000
   */
  readonly deadline?: number;
  /** Receives what an operator should know. @default writes to standard error */
  readonly report?: Reporter;
  /** Replacements of dependencies, for tests. */
  readonly overrides?: readonly Override[];
}

/** A dependency and what stands in for it. */
export type Override = readonly [replaced: AnyCallable, by: AnyCallable];

/**
 * An application. Its type holds what a client needs: its routers (`~r`), and what the application
 * itself asks of every request (`~w`) and may answer to it (`~e`).
 */
export interface App<R, W = unknown, E = unknown> {
  readonly "~r": R;
  readonly "~w": W;
  readonly "~e": E;
  /**
   * Answers a web request: what Bun, Deno, workers and tests call. What a platform hands in beside it
   * is looked through for `waitUntil`, which then keeps the work after the answer.
   */
  readonly fetch: (request: Request, ...platform: readonly unknown[]) => Promise<Response>;
  /** Answers a request of a server adapter, synchronously if nothing on the way is a promise. */
  readonly handle: (request: HttpRequest) => MaybePromise<Answer>;
  /** The answer for a problem, as the application tells it: for servers whose client sent no request. */
  readonly refuse: (problem: HttpProblem) => Answer;
  /** Compiles everything. Throws {@link Faults}: all mistakes at once. */
  readonly ready: () => void;
  /** Compiles everything and starts the lifespan, once. */
  readonly start: () => Promise<void>;
  /** Waits for work after answers, then ends the lifespan. */
  readonly stop: () => Promise<void>;
  /** The OpenAPI document. */
  readonly openapi: () => Document;
  /** The AsyncAPI document: the sockets. */
  readonly asyncapi: () => AsyncApiDocument;
  /** All routes, for tools: plain data. */
  readonly routes: () => readonly RouteInfo[];
  /** The same application with other options, compiled anew: what tests override with. */
  readonly with: (options: AppOptions) => App<R, W, E>;
}

/** Refuses a router with a placeholder that no path has, and names it. */
export type Resolved<R> = {
  readonly [K in keyof R]: R[K] extends { readonly "~up": infer Up }
    ? // A router whose types are no longer of interest is checked at start alone.
      [Up] extends [never]
      ? unknown
      : unknown extends Up
        ? unknown
        : `the placeholder '{${Up & string}}' is in neither the route's path nor a prefix`
    : unknown;
};

/**
 * Makes an application of routers and routes.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 *
 * const hello = get("/", {}, () => ({ message: "Hello" }));
 * const app = martlet({ hello }, { title: "Greetings", version: "1.0.0" });
 *
 * const response = await app.fetch(new Request("http://localhost/"));
 * expect(await response.json()).toEqual({ message: "Hello" });
 * ```
 */
export function martlet<
  // A constraint, not a part of the parameter's type: the message is then the text alone.
  R extends Resolved<R> & object,
  X extends Use = {},
  U extends Use = {},
  E extends AnyProblem = never,
>(
  routers: R,
  options: AppOptions<X, U, E> = {},
): App<R, Wire<{}, {}, {}, never, {}, {}, U>, E | ErrorsOf<U>> {
  const application = new Application(routers, options);
  const app = {
    fetch: (request: Request, ...platform: readonly unknown[]) =>
      application.fetch(request, platform),
    handle: (request: HttpRequest) => application.handle(request),
    refuse: (problem: HttpProblem) => answerProblem(problem, options.problems ?? problemJson),
    ready: () => void application.compiled,
    start: () => application.start(),
    stop: () => application.stop(),
    openapi: () => application.document,
    asyncapi: () => application.asyncapi,
    routes: () => application.routes,
    with: (more: AppOptions) => martlet(routers, { ...options, ...more }),
  };
  // The phantom members are read by the types alone.
  return app as unknown as ReturnType<typeof martlet<R, X, U, E>>;
}

interface Compiled {
  readonly endpoints: readonly Endpoint[];
  readonly respond: Respond;
  readonly lifespan: Lifespan;
}

/** What stands behind an {@link App}. */
class Application {
  readonly #options: AppOptions;
  readonly #found: Found;
  readonly #format: ProblemFormat;
  readonly #reporter: Reporter;
  readonly #running = new Set<Promise<void>>();
  #compiled: Compiled | undefined;
  #document: Document | undefined;
  #asyncapi: AsyncApiDocument | undefined;
  #started = false;
  #starting: Promise<void> | undefined;

  constructor(routers: object, options: AppOptions) {
    this.#options = options;
    // The application is the outermost router: one without a prefix.
    this.#found = walk(router("", routers, shared(options))["~router"]);
    this.#format = options.problems ?? problemJson;
    this.#reporter = options.report ?? consoleReporter;
  }

  get compiled(): Compiled {
    return (this.#compiled ??= this.#compile());
  }

  get document(): Document {
    return (this.#document ??= buildDocument({
      info: this.#info,
      version: this.#openapi.version,
      routes: this.#routes,
      names: this.#found.schemas,
      format: this.#format,
      codecs: this.#options.codecs ?? [],
    }));
  }

  /** What a proxy strips stands first among the servers. */
  get #info(): DocumentInfo {
    const { rootPath = "", servers = [] } = this.#options;
    if (rootPath === "") return this.#options;
    return { ...this.#options, servers: [{ url: rootPath }, ...servers] };
  }

  get asyncapi(): AsyncApiDocument {
    const [info, names] = [this.#options, this.#found.schemas];
    return (this.#asyncapi ??= buildAsyncApi({ info, names, routes: this.#routes }));
  }

  get #routes(): readonly (readonly [PlacedRoute, Plan])[] {
    return this.compiled.endpoints.map(({ route, plan }) => [route, plan]);
  }

  get routes(): readonly RouteInfo[] {
    return routeInfos(this.compiled.endpoints, this.#options.middleware?.length ?? 0);
  }

  /** How the document is told, also when nobody can fetch it. */
  get #openapi(): Required<OpenApiOptions> {
    const { openapi } = this.#options;
    const told = typeof openapi === "string" ? { path: openapi } : openapi || {};
    return { path: "/openapi.json", version: "3.1.1", ...told };
  }

  start(): Promise<void> {
    return (this.#starting ??= this.#start());
  }

  async stop(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    const error = await this.#compiled?.lifespan.stop();
    if (error !== undefined)
      this.#reporter({ kind: "cleanup", error, route: undefined, request: undefined });
  }

  handle(request: HttpRequest): MaybePromise<Answer> {
    if (!this.#started) return this.start().then(() => this.handle(request));
    try {
      const answer = this.compiled.respond(request);
      return answer instanceof Promise
        ? answer.catch((error: unknown) => this.#fail(error, request))
        : answer;
    } catch (error) {
      return this.#fail(error, request);
    }
  }

  fetch(request: Request, platform: readonly unknown[]): Promise<Response> {
    return answerWeb(request, (incoming) => this.handle(incoming), platform);
  }

  async #start(): Promise<void> {
    try {
      await this.compiled.lifespan.start();
      this.#started = true;
    } catch (error) {
      // A database that was away may be back for the next request.
      this.#starting = undefined;
      throw error;
    }
  }

  #fail(error: unknown, request: HttpRequest): Answer {
    if (!(error instanceof HttpProblem)) {
      this.#reporter({ kind: "error", error, route: undefined, request });
    }
    return answerProblem(error, this.#format);
  }

  #compile(): Compiled {
    const faults: Fault[] = [...pathFaults(this.#found), ...infoFaults(this.#options)];
    const report = (fault: Fault): void => void faults.push(fault);
    const overrides = new Map(this.#options.overrides);
    const lifespan = new Lifespan({ overrides, report });
    for (const each of this.#found.routers.flatMap((router) => router.options.lifespan ?? [])) {
      lifespan.add(lifespanCallable(each), ["lifespan"]);
    }
    const options = {
      lifespan,
      overrides,
      report,
      format: this.#format,
      reporter: this.#reporter,
      codecs: this.#options.codecs ?? [],
      shared: new Map([
        urlTable({
          routes: () => this.#found.routes,
          origin: this.#options.origin,
          rootPath: this.#options.rootPath ?? "",
        }),
      ]),
      track: (work: Promise<void>) => this.#track(work),
    };
    const endpoints = this.#found.routes.map((route) => {
      const { socket } = route.data;
      return socket ? compileSocket(route, socket, options) : compileEndpoint(route, options);
    });
    const pages = this.#pages().map((route) => compileEndpoint(route, options));
    const trees = { routes: new RouteTree<Endpoint>(), fallbacks: new RouteTree<Endpoint>() };
    for (const endpoint of [...endpoints, ...pages]) {
      const { fallback = false } = endpoint.route.data.options;
      faults.push(...routeFaults(endpoint, fallback ? trees.fallbacks : trees.routes));
    }
    faults.push(...this.#descriptionFaults(endpoints));
    if (faults.length > 0) throw new Faults(unique(faults));
    const { middleware = [], errors = [], deadline = 30_000 } = this.#options;
    const fail = handling(errors, (error, request) => this.#fail(error, request));
    const dispatch = withDeadline(dispatcher(trees, fail), deadline, this.#format);
    const respond = around(middleware, dispatch, fail);
    return { endpoints, respond, lifespan };
  }

  #descriptionFaults(endpoints: readonly Endpoint[]): Iterable<Fault> {
    const components = new Components(this.#found.schemas);
    const { version } = this.#openapi;
    const { codecs = [] } = this.#options;
    const context = { components, format: this.#format, codecs, version, extensions: new Map() };
    return descriptionFaults(this.#options, endpoints, context);
  }

  /** The framework's own pages, which nothing of the application stands around. */
  #pages(): readonly PlacedRoute[] {
    const { openapi, docs = "/docs", title = "API" } = this.#options;
    const { path } = this.#openapi;
    const hasSockets = this.#found.routes.some(({ data }) => data.socket !== undefined);
    const { asyncapi = hasSockets && "/asyncapi.json" } = this.#options;
    const pages = {
      ...(openapi !== false &&
        docsRoutes({ openapi: path, docs, title, document: () => this.document })),
      ...(asyncapi !== false && { asyncapi: jsonRoute(asyncapi, () => this.asyncapi) }),
    };
    return walk(router("", pages)["~router"]).routes;
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }
}

/** What the application asks and tells of every route, as the options of a router. */
function shared({
  use = {},
  security = {},
  throws = [],
  lifespan,
  errors,
  ...rest
}: AppOptions): RouterOptions<AnyProblem> & { use: Use; security: Use } {
  const { deprecated, hidden, responses, callbacks, operationId } = rest;
  const told = { deprecated, hidden, responses, callbacks, operationId, lifespan, errors };
  const given = Object.entries(told).filter(([, each]) => each !== undefined);
  return { use, security, throws, ...Object.fromEntries(given) };
}

function lifespanCallable(entry: LifespanEntry): AnyCallable {
  if (typeof entry !== "function") return entry as unknown as AnyCallable;
  return callableOf({}, entry, { name: "lifespan", scope: "app" });
}

/** A dependency that many routes share is at fault once. */
function unique(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((each) => [each.message, each])).values()];
}
