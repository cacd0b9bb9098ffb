/**
 * Dispatch: from a request to its endpoint, or to the answer for a path or method that has none.
 *
 * @module
 */
import { BadRequest, MethodNotAllowed, NotFound, problem, type ProblemClass } from "../errors.ts";
import { Answer, isStream } from "../http/answer.ts";
import type { HttpRequest } from "../http/request.ts";
import type { MaybePromise } from "../standard.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Fail, Respond } from "./middleware.ts";
import { socketMethod } from "./socket-data.ts";
import type { Match, RouteTree } from "./tree.ts";

/** How long a request target may be, in bytes. */
const maxTarget = 8192;

const UriTooLong: ProblemClass<414, "uri-too-long", {}> = problem(414, "uri-too-long", undefined, {
  title: "URI too long",
});

/** The endpoints of an application. */
export interface Trees {
  readonly routes: RouteTree<Endpoint>;
  /** Those that are asked only for paths that no route has. */
  readonly fallbacks: RouteTree<Endpoint>;
}

/** Answers requests by the endpoints of an application. */
export function dispatcher(trees: Trees, fail: Fail): Respond {
  return (request) => {
    try {
      if (request.exchange.target.length > maxTarget) throw new UriTooLong();
      return dispatch(trees, request);
    } catch (error) {
      return fail(error, request);
    }
  };
}

function dispatch({ routes, fallbacks }: Trees, request: HttpRequest): MaybePromise<Answer> {
  const found = seek(routes, request);
  if ("leaf" in found || found.size > 0) return settle(routes, found, request);
  const elsewhere = otherSlash(routes, request);
  if (elsewhere !== undefined) return new Answer(307, { location: elsewhere });
  return settle(fallbacks, find(fallbacks, request.method, request.path), request);
}

type Sought = Match<Endpoint> | ReadonlySet<string>;

/** Answers by what was found: an endpoint, or the methods that the path takes. */
function settle(
  tree: RouteTree<Endpoint>,
  found: Sought,
  request: HttpRequest,
): MaybePromise<Answer> {
  if ("leaf" in found && request.method !== "HEAD") return run(found, request);
  if ("leaf" in found || (request.method === "HEAD" && found.has("GET"))) {
    const leaf = "leaf" in found ? found : (find(tree, "GET", request.path) as Match<Endpoint>);
    const answer = run(leaf, request);
    return answer instanceof Promise ? answer.then(withoutBody) : withoutBody(answer);
  }
  if (found.size === 0) throw new NotFound();
  const allow = allowed(found);
  if (request.method === "OPTIONS") return new Answer(204, { allow });
  throw new MethodNotAllowed({}, { headers: { allow } });
}

/** A handshake goes to the socket at its path, and so does what is nothing but a mistaken one. */
function seek(tree: RouteTree<Endpoint>, { method, path, exchange }: HttpRequest): Sought {
  const asked = exchange.canUpgrade === true ? find(tree, socketMethod, path) : undefined;
  if (asked !== undefined && "leaf" in asked) return asked;
  const found = find(tree, method, path);
  const isMistaken = !("leaf" in found) && method === "GET" && found.has(socketMethod);
  return isMistaken ? find(tree, socketMethod, path) : found;
}

function find(tree: RouteTree<Endpoint>, method: string, path: string): Sought {
  try {
    return tree.find(method, path);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw new BadRequest({}, { detail: "The path is not percent-encoded UTF-8.", cause });
  }
}

function run({ leaf, params }: Match<Endpoint>, request: HttpRequest): MaybePromise<Answer> {
  request.params = params;
  request.route = leaf.name;
  return leaf.respond(request);
}

/** What HEAD answers: the headers of GET, with the length of the body that it leaves out. */
function withoutBody(answer: Answer): Answer {
  const { status, headers, body } = answer;
  if (body === null) return answer;
  if (isStream(body)) {
    answer.cancel();
    return new Answer(status, headers);
  }
  const length = typeof body === "string" ? new TextEncoder().encode(body).length : body.length;
  return new Answer(status, { ...headers, "content-length": String(length) });
}

function allowed(methods: ReadonlySet<string>): string {
  const all = new Set([...methods, "OPTIONS"]);
  // A socket is asked for with GET.
  if (all.delete(socketMethod)) all.add("GET");
  if (methods.has("GET")) all.add("HEAD");
  return [...all].toSorted().join(", ");
}

/**
 * The same path with, or without, a slash at its end, if that one has a route: relative, so that it
 * holds behind a proxy that strips a prefix, and never leads to another host.
 */
function otherSlash(
  tree: RouteTree<Endpoint>,
  { method, path, search }: HttpRequest,
): string | undefined {
  if (path === "/" || path.startsWith("//")) return undefined;
  const slashed = path.endsWith("/");
  const other = slashed ? path.slice(0, -1) : `${path}/`;
  const found = find(tree, method === "HEAD" ? "GET" : method, other);
  if (!("leaf" in found)) return undefined;
  const last = other.split("/").at(slashed ? -1 : -2) ?? "";
  const location = slashed ? `../${last}` : `./${last}/`;
  return search === "" ? location : `${location}?${search}`;
}
