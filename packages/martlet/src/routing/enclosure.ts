/**
 * Enclosures: the middleware and the error handlers around a route, its own and those of its
 * routers.
 *
 * @module
 */
import { type ErrorHandler, handling, type Tell } from "./error-handler.ts";
import { around, type Middleware, type Respond } from "./middleware.ts";
import type { PlacedRoute } from "./router.ts";

/** What the options of a router or a route put around what is inside. */
interface Level {
  readonly middleware?: readonly Middleware[];
  readonly errors?: readonly ErrorHandler[];
}

/** The error handlers of a route and of its routers, innermost first. */
export function errorHandlersOf(route: PlacedRoute): readonly ErrorHandler[] {
  return inwardsOut(levelsOf(route));
}

/**
 * Puts the middleware of a route and of its routers around `inner`. What one throws is handled by
 * the level that it belongs to, and by those around that.
 */
export function enclose(route: PlacedRoute, inner: Respond, tell: Tell): Respond {
  const levels = levelsOf(route);
  return levels.reduceRight<Respond>((next, { middleware = [] }, index) => {
    const handlers = inwardsOut(levels.slice(0, index + 1));
    return around(middleware, next, handling(handlers, tell));
  }, inner);
}

/** Outermost first. */
function levelsOf({ routers, data }: PlacedRoute): readonly Level[] {
  return [...routers, data].map((each) => each.options);
}

function inwardsOut(levels: readonly Level[]): readonly ErrorHandler[] {
  return levels.toReversed().flatMap((each) => each.errors ?? []);
}
