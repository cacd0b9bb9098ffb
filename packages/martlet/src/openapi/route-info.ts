/**
 * What tools learn of routes: plain data, made of what is compiled.
 *
 * @module
 */
import type { AnyProblem } from "../errors.ts";
import { isHidden, nearest, operationIdOf, tagsOf } from "../routing/inheritance.ts";
import type { Endpoint } from "../routing/endpoint.ts";
import { Components } from "./components.ts";
import type { Deprecation } from "./description.ts";
import type { ParameterObject, SecurityRequirement } from "./document.ts";
import { OperationWriter } from "./operation.ts";

/**
 * A route as tools see it: plain data, made anew each time. It is the one way to look at routes that
 * stays as it is: nothing inside an application is meant to be reached for.
 */
export interface RouteInfo {
  readonly method: string;
  /** The whole path, prefixes included: `"/items/{id}"`, `"/files/{file*}"`. */
  readonly path: string;
  readonly operationId: string;
  /** The place in the routers: `["items", "update"]`. */
  readonly names: readonly string[];
  readonly tags: readonly string[];
  /** Whether the document leaves it out. */
  readonly hidden: boolean;
  /** Whether it is on its way out, or since when and how. */
  readonly deprecated: boolean | Deprecation;
  /** Its parameters and those of its dependencies and routers, hidden ones too. */
  readonly parameters: readonly ParameterInfo[];
  /** The body, if it takes one. */
  readonly body?: BodyInfo;
  /** Each one of these allows a call; none at all if nothing is asked for. */
  readonly security: readonly SecurityRequirement[];
  /** The statuses of its outcomes. */
  readonly returns: readonly number[];
  /** The codes of the problems that it and what it uses declare. */
  readonly throws: readonly string[];
  /** How many functions stand around it: the application's, its routers' and its own. */
  readonly middleware: number;
}

/** A parameter as tools see it. */
export type ParameterInfo = Readonly<Pick<ParameterObject, "name" | "in" | "required">>;

/** A body as tools see it. */
export interface BodyInfo {
  readonly required: boolean;
  readonly mediaTypes: readonly string[];
}

/** Tells tools of routes. `around` is the number of functions around all of them. */
export function routeInfos(endpoints: readonly Endpoint[], around: number): readonly RouteInfo[] {
  // Schemes are called what the document calls them.
  const components = new Components(new Map());
  return endpoints.map((each) => routeInfo(each, components, around));
}

function routeInfo({ route, plan }: Endpoint, components: Components, around: number): RouteInfo {
  const { method, path, names, data, routers } = route;
  const writer = new OperationWriter(components, { showHidden: true });
  plan.describe(writer);
  const { parameters = [], requestBody, security = [] } = writer.parts();
  const own = [...routers, data].flatMap((each) => each.options.middleware ?? []);
  return {
    method,
    path,
    operationId: operationIdOf(route),
    names: [...names],
    tags: [...tagsOf(route)],
    hidden: isHidden(route),
    deprecated: nearest(route, "deprecated") ?? false,
    parameters: parameters.map(({ name, in: place, required }) => ({ name, in: place, required })),
    ...(requestBody && {
      body: { required: requestBody.required, mediaTypes: Object.keys(requestBody.content) },
    }),
    security,
    returns: [...data.outcomes.keys()],
    throws: (plan.throws as readonly AnyProblem[]).map((each) => each.code),
    middleware: around + own.length,
  };
}
