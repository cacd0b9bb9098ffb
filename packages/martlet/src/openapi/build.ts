/**
 * The OpenAPI document of an application, from its compiled routes.
 *
 * @module
 */
import type { Codec } from "../http/codec.ts";
import type { ProblemFormat } from "../http/problem.ts";
import type { Plan } from "../plan.ts";
import type { PlacedRoute } from "../routing/router.ts";
import { Components } from "./components.ts";
import type { Document, OperationObject } from "./document.ts";
import { describeRoute } from "./operation.ts";

/** What the document says of the whole application. */
export interface DocumentInfo {
  /** @default "API" */
  readonly title?: string;
  /** The version of the API, not of OpenAPI. @default "0.1.0" */
  readonly version?: string;
  readonly summary?: string;
  /** Markdown. */
  readonly description?: string;
  readonly termsOfService?: string;
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string };
  readonly servers?: readonly { readonly url: string; readonly description?: string }[];
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
}

/** What the document is made of. */
export interface DocumentParts {
  readonly info: DocumentInfo;
  readonly routes: readonly (readonly [route: PlacedRoute, plan: Plan])[];
  /** Names for schemas that have none of their own. */
  readonly names: ReadonlyMap<unknown, string>;
  readonly format: ProblemFormat;
  readonly codecs: readonly Codec[];
}

/** The methods that a path item of OpenAPI 3.1 has a place for. */
const described = new Set(["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]);

/** Whether the document leaves a route out. */
export function isHidden({ data, routers }: PlacedRoute): boolean {
  return data.options.hidden ?? routers.some((each) => each.options.hidden === true);
}

/** Builds the document. */
export function buildDocument({ info, routes, names, ...context }: DocumentParts): Document {
  const components = new Components(names);
  const written = new Paths();
  for (const [route, plan] of routes) {
    if (isHidden(route) || !described.has(route.method)) continue;
    written.add(route, describeRoute(route, plan, { components, ...context }));
  }
  const { paths } = written;
  const operations = Object.values(paths).flatMap((each) => Object.values(each));
  const finished = components.finish(operations.flatMap((each) => each.security ?? []));
  const { title = "API", version = "0.1.0", servers, tags, ...rest } = info;
  const filled = Object.entries({
    schemas: finished.schemas,
    securitySchemes: finished.securitySchemes,
  }).filter(([, each]) => Object.keys(each).length > 0);
  return {
    openapi: "3.1.1",
    info: { title, version, ...rest },
    ...(servers && { servers }),
    ...(tags && { tags }),
    security: [],
    paths: finished.settle(paths),
    ...(filled.length > 0 && { components: Object.fromEntries(filled) }),
  };
}

/** The paths of a document, as OpenAPI can write them. */
class Paths {
  readonly paths: Document["paths"] = {};
  /** Paths by their shape: what is left when placeholders have no names. */
  readonly #shapes = new Map<string, string>();

  /** Puts an operation at the path of its route. */
  add({ method, path }: PlacedRoute, operation: OperationObject): void {
    const verb = method.toLowerCase();
    const place = this.#place(path, verb);
    const [own, told] = [path, place].map(placeholders);
    const parameters = operation.parameters?.map((each) => {
      const index = each.in === "path" ? (own?.indexOf(each.name) ?? -1) : -1;
      return { ...each, name: told?.[index] ?? each.name };
    });
    (this.paths[place] ??= {})[verb] = {
      ...operation,
      ...(parameters && { parameters }),
      ...(place !== path && { "x-martlet-path": path }),
    };
  }

  /**
   * The path to tell an operation at: OpenAPI has one kind of placeholder, and may not have two paths
   * that differ only in what their placeholders are called (section 4.8.8.2).
   */
  #place(path: string, verb: string): string {
    const plain = path.replaceAll("*}", "}");
    const shape = plain.replaceAll(/\{\w+\}/g, "{}");
    const known = this.#shapes.get(shape) ?? plain;
    this.#shapes.set(shape, known);
    if (this.paths[known]?.[verb] === undefined) return known;
    // `/files/{name}` and `/files/{path*}` are told alike, and both may answer the same method.
    let place = plain;
    while (this.paths[place]?.[verb] !== undefined) place = place.replace(/\}(?=[^}]*$)/, "_}");
    return place;
  }
}

function placeholders(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\*?\}/g)].map((each) => each[1] as string);
}
