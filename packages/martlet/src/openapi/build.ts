/**
 * The OpenAPI document of an application, from its compiled routes.
 *
 * @module
 */
import type { Codec } from "../source.ts";
import type { ProblemFormat } from "../http/problem.ts";
import type { Plan } from "../plan.ts";
import { isHidden } from "../routing/inheritance.ts";
import type { PlacedRoute } from "../routing/router.ts";
import { Components } from "./components.ts";
import type { DocumentInfo, OpenApiVersion } from "./description.ts";
import type { Document, PathItem } from "./document.ts";
import { extended } from "./extension.ts";
import { describeOutgoing, describeRoute, type OperationContext } from "./route-operation.ts";
import { socketEntry } from "./sockets.ts";
import { itemOf, mapOperations, operationsOf, Paths } from "./paths.ts";
import { placeOf, serverIn, tagIn } from "./version.ts";

/** What the document is made of. */
export interface DocumentParts {
  readonly info: DocumentInfo;
  readonly version: OpenApiVersion;
  readonly routes: readonly (readonly [route: PlacedRoute, plan: Plan])[];
  /** Names for schemas that have none of their own. */
  readonly names: ReadonlyMap<unknown, string>;
  readonly format: ProblemFormat;
  readonly codecs: readonly Codec[];
}

/** Builds the document. */
export function buildDocument(parts: DocumentParts): Document {
  const { info, version, routes, names, format, codecs } = parts;
  const components = new Components(names);
  const context: OperationContext = {
    components,
    format,
    codecs,
    version,
    extensions: new Map(),
  };
  const written = new Paths(version);
  for (const [route, plan] of routes) {
    if (route.data.socket !== undefined || isHidden(route)) continue;
    if (placeOf(route.method, version) === undefined) continue;
    written.add(route, describeRoute(route, plan, context));
  }
  const sockets = routes.flatMap(([route, plan]) => {
    const { socket } = route.data;
    if (socket === undefined || isHidden(route)) return [];
    return [[route.names.join("."), socketEntry(route, plan, socket)] as const];
  });
  const { paths } = written;
  const webhooks = webhooksOf(info, context);
  const operations = [paths, webhooks ?? {}].flatMap(operationsOf);
  const asked = operations.flatMap((each) => each.security ?? []);
  const { schemas, securitySchemes, settle } = components.finish(asked);
  const finished = (items: Record<string, PathItem>): Record<string, PathItem> =>
    mapOperations(settle(items), (operation) => {
      const extension = context.extensions.get(operation.operationId);
      return extension === undefined ? operation : extended(operation, extension);
    });
  const filled = Object.entries({ schemas, securitySchemes }).filter(
    ([, each]) => Object.keys(each).length > 0,
  );
  const document: Document = {
    openapi: version,
    ...head(info, version),
    security: [],
    paths: finished(paths),
    ...(webhooks && { webhooks: finished(webhooks) }),
    ...(filled.length > 0 && { components: Object.fromEntries(filled) }),
    ...(sockets.length > 0 && { "x-martlet-sockets": Object.fromEntries(sockets) }),
  };
  return info.document?.(document) ?? document;
}

/** What stands before the paths. */
function head(
  info: DocumentInfo,
  version: OpenApiVersion,
): Pick<Document, "info" | "servers" | "tags" | "externalDocs"> {
  const { title = "API", version: release = "0.1.0", summary, description } = info;
  const { termsOfService, contact, license, servers, tags, externalDocs } = info;
  const told = Object.entries({ summary, description, termsOfService, contact, license });
  return {
    info: {
      title,
      version: release,
      ...Object.fromEntries(told.filter(([, each]) => each !== undefined)),
    },
    ...(servers && { servers: servers.map((each) => serverIn(each, version)) }),
    ...(tags && { tags: tags.map((each) => tagIn(each, version)) }),
    ...(externalDocs && { externalDocs }),
  };
}

function webhooksOf(
  { webhooks }: DocumentInfo,
  context: OperationContext,
): Record<string, PathItem> | undefined {
  if (webhooks === undefined) return undefined;
  const items = Object.entries(webhooks).map(([name, each]) => [
    name,
    itemOf(each.method, describeOutgoing(name, each, context), context.version),
  ]);
  return Object.fromEntries(items) as Record<string, PathItem>;
}
