/**
 * The OpenAPI document of an application, from its compiled routes.
 *
 * @module
 */
import type { ProblemFormat } from "../http/problem.ts";
import type { Plan } from "../plan.ts";
import type { PlacedRoute } from "../routing/router.ts";
import type { SchemaNames } from "../schema/adapter.ts";
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
  readonly names: SchemaNames;
  readonly format: ProblemFormat;
}

/** The methods that a path item of OpenAPI 3.1 has a place for. */
const described = new Set(["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]);

/** Builds the document. */
export function buildDocument({ info, routes, names, format }: DocumentParts): Document {
  const components = new Components(names);
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const [route, plan] of routes) {
    const hidden = route.data.options.hidden ?? route.routers.some((each) => each.options.hidden);
    if (hidden === true || !described.has(route.method)) continue;
    // `{file*}` is the router's own: OpenAPI has one kind of placeholder.
    const path = route.path.replaceAll("*}", "}") || "/";
    const operation = describeRoute(route, plan, { components, format });
    (paths[path] ??= {})[route.method.toLowerCase()] = operation;
  }
  const { schemas, securitySchemes, settle } = components.finish();
  const { title = "API", version = "0.1.0", servers, tags, ...rest } = info;
  return {
    openapi: "3.1.1",
    info: { title, version, ...rest },
    ...(servers && { servers }),
    ...(tags && { tags }),
    paths: settle(paths),
    components: {
      ...(Object.keys(schemas).length > 0 && { schemas }),
      ...(Object.keys(securitySchemes).length > 0 && { securitySchemes }),
    },
  };
}
