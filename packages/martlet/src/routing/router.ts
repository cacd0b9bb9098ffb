/**
 * Routers: records of routes under a common prefix, with what all of them share.
 *
 * @module
 */
import { callableOf, paramsOf } from "../callable.ts";
import type { AnyProblem } from "../errors.ts";
import type { RouterDescription } from "../openapi/description.ts";
import type { AnyCallable } from "../params/param.ts";
import { isSchema } from "../schema.ts";
import type {
  AnySections,
  Dependency,
  ErrorsOf,
  PathNames,
  PathsOf,
  Sections,
  Throws,
  Use,
  Wire,
} from "../signature.ts";
import type { Fields, Shape } from "../standard.ts";
import type { ErrorHandler } from "./error-handler.ts";
import type { Middleware } from "./middleware.ts";
import { type AnyRoute, isRoute, type RouteData } from "./route.ts";

/** What all routes of a router share, beside its sections. */
export interface RouterOptions<E extends AnyProblem> extends RouterDescription {
  /** Runs around every route of the router, inside the application's. */
  readonly middleware?: readonly Middleware[];
  /** What is made of the errors inside, after the handlers further in were asked. */
  readonly errors?: readonly ErrorHandler[];
  /** Problems that every route may answer with. */
  readonly throws?: Throws<E>;
  /** Started before the first request, stopped with the application. */
  readonly lifespan?: LifespanEntry;
}

/** Something that is started and stopped with the application. */
export type LifespanEntry = Dependency<unknown, {}, unknown> | (() => Generator | AsyncGenerator);

/** What a router holds: routes, routers, and whatever else a module exports. */
interface Routes {
  readonly [name: string]: unknown;
}

/** A router. Its type holds what the client sees. */
export interface Router<R, W, E, Up> {
  readonly "~r": R;
  readonly "~w": W;
  readonly "~e": E;
  readonly "~up": Up;
  readonly "~router": RouterData;
}

/** A router whose types are no longer of interest. */
export type AnyRouter = Router<unknown, unknown, unknown, unknown>;

/** Everything a router declares, its types no longer of interest. */
export interface RouterData {
  readonly prefix: string;
  readonly routes: Routes;
  readonly options: RouterOptions<AnyProblem>;
  /** What the router's own sections ask of every request; its value is dropped. */
  readonly guard: AnyCallable | undefined;
}

/** The placeholders that neither the routes nor this prefix have. */
type Unresolved<R, U, P extends string> = Exclude<
  { [K in keyof R]: R[K] extends { readonly "~up": infer Up } ? Up : never }[keyof R] | PathsOf<U>,
  PathNames<P>
>;

/**
 * Puts routes under a prefix. A module is a router too: `router("/items", items)` after
 * `import * as items from "./items.ts"`. Schemas among the exports give the document its names.
 *
 * The sections of the options are asked of every route, before its own.
 *
 * @example
 * ```ts
 * import { get, martlet, router } from "martlet";
 *
 * const list = get("/", {}, () => []);
 * const items = router("/items", { list }, { tags: ["items"] });
 * const app = martlet({ items });
 * const response = await app.fetch(new Request("http://localhost/items"));
 * expect(await response.json()).toEqual([]);
 * ```
 */
export function router<
  const P extends string,
  R extends object,
  PS extends Shape = {},
  QS extends Fields = {},
  HS extends Fields = {},
  CS extends Fields = {},
  X extends Use = {},
  U extends Use = {},
  E extends AnyProblem = never,
>(
  prefix: P,
  routes: R,
  options?: Sections<PS, QS, HS, CS, undefined, undefined, undefined, X, U> & RouterOptions<E>,
): Router<R, Wire<PS, QS, HS, never, {}, {}, U>, E | ErrorsOf<U>, Unresolved<R, U, P>> {
  const settings = (options ?? {}) as unknown as AnySections & RouterOptions<AnyProblem>;
  const name = `router ${prefix}`;
  const guarded = Object.keys(paramsOf(settings)).length > 0 || (settings.throws ?? []).length > 0;
  const data: RouterData = {
    prefix,
    routes: routes as Routes,
    options: settings,
    guard: guarded
      ? callableOf(settings, () => undefined, { name, throws: settings.throws ?? [] })
      : undefined,
  };
  // The phantom members are read by the types alone.
  return { "~router": data } as unknown as ReturnType<typeof router<P, R, PS, QS, HS, CS, X, U, E>>;
}

/** Whether a value is a router. */
function isRouter(value: unknown): value is AnyRouter {
  return typeof value === "object" && value !== null && "~router" in value;
}

/** A route at its place in the application. */
export interface PlacedRoute {
  readonly method: string;
  /** The whole path, prefixes included. */
  readonly path: string;
  /** Its place in the record: `["items", "update"]`. */
  readonly names: readonly string[];
  readonly data: RouteData;
  /** The routers around it, outermost first. */
  readonly routers: readonly RouterData[];
}

/** What a walk through routers finds. */
export interface Found {
  readonly routes: readonly PlacedRoute[];
  readonly routers: readonly RouterData[];
  /** Schemas that stand in a router's record, with the names they have there. */
  readonly schemas: ReadonlyMap<unknown, string>;
  /** Names that hold nothing: what a circular import leaves behind. */
  readonly missing: readonly (readonly string[])[];
  /** Names that hold a record of routes which no router was made of. */
  readonly bare: readonly (readonly string[])[];
}

/** Walks through a record of routers and routes. */
export function walk(root: RouterData): Found {
  const routes: PlacedRoute[] = [];
  const routers: RouterData[] = [];
  const schemas = new Map<unknown, string>();
  const missing: (readonly string[])[] = [];
  const bare: (readonly string[])[] = [];
  const taken = new Set<string>();
  const free = (path: readonly string[]): string => {
    // Of two schemas with one name, the second is told by its place: `users_Item`.
    const name = [path.slice(-1), path]
      .map((each) => each.join("_"))
      .find((each) => !taken.has(each));
    taken.add(name ?? path.join("_"));
    return name ?? path.join("_");
  };
  const visit = (
    data: RouterData,
    names: readonly string[],
    around: readonly RouterData[],
  ): void => {
    const inside = [...around, data];
    const prefix = inside.map((each) => each.prefix).join("");
    routers.push(data);
    for (const [name, value] of Object.entries(data.routes)) {
      if (isRoute(value)) routes.push(place(value, { names: [...names, name], prefix, inside }));
      else if (isRouter(value)) visit(value["~router"], [...names, name], inside);
      else if (isSchema(value) && !schemas.has(value)) schemas.set(value, free([...names, name]));
      else if (value === undefined) missing.push([...names, name]);
      else if (holdsRoutes(value)) bare.push([...names, name]);
    }
  };
  visit(root, [], []);
  return { routes, routers, schemas, missing, bare };
}

function holdsRoutes(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((each) => isRoute(each) || isRouter(each));
}

interface Place {
  readonly names: readonly string[];
  readonly prefix: string;
  readonly inside: readonly RouterData[];
}

function place(route: AnyRoute, { names, prefix, inside }: Place): PlacedRoute {
  // Under a prefix, "/" is the prefix itself: `/items`, not `/items/`.
  const path = route.path === "/" && prefix !== "" ? prefix : `${prefix}${route.path}`;
  return { method: route.method, path, names, data: route["~route"], routers: inside };
}
