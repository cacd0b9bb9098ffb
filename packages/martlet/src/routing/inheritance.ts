/**
 * Inheritance: what a route has from the routers around it, and from the application, which is the
 * outermost of them.
 *
 * @module
 */
import type { GroupDescription, NamedRoute } from "../openapi/description.ts";
import type { PlacedRoute } from "./router.ts";

/** What the route says of something, else the nearest router that does. */
export function nearest<K extends keyof GroupDescription>(
  route: PlacedRoute,
  key: K,
): NonNullable<GroupDescription[K]> | undefined {
  return layers(route, key).at(-1);
}

/** What the routers say of something, outermost first, and the route after them. */
export function layers<K extends keyof GroupDescription>(
  { routers, data }: PlacedRoute,
  key: K,
): readonly NonNullable<GroupDescription[K]>[] {
  const all = [...routers, data].map((each): GroupDescription => each.options);
  return all.map((each) => each[key]).filter((each) => each !== undefined);
}

/** Whether the document leaves a route out. */
export function isHidden(route: PlacedRoute): boolean {
  return nearest(route, "hidden") ?? false;
}

/** The tags of the routers and of the route; without any, what the nearest router is called. */
export function tagsOf(route: PlacedRoute): readonly string[] {
  const tags = new Set(layers(route, "tags").flat());
  return tags.size > 0 ? [...tags] : route.names.slice(-2, -1);
}

/** The operationId of a route: its own, else what the nearest router makes, else its place. */
export function operationIdOf(route: PlacedRoute): string {
  const { method, path, names, data, routers } = route;
  const { operationId } = data.options;
  if (operationId !== undefined) return operationId;
  const make = routers.findLast((each) => each.options.operationId)?.options.operationId;
  const named: NamedRoute = { method, path, names, tags: tagsOf(route) };
  return make === undefined ? names.join(".") : make(named);
}
