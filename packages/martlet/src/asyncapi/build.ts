/**
 * The AsyncAPI document of an application: what its sockets take and what they send.
 *
 * @module
 */
import type { Plan } from "../plan.ts";
import { Components } from "../openapi/components.ts";
import type { DocumentInfo } from "../openapi/description.ts";
import type { JsonSchema, SecurityRequirement } from "../openapi/document.ts";
import { OperationWriter } from "../openapi/operation.ts";
import { sentence } from "../openapi/phrases.ts";
import { isHidden, tagsOf } from "../routing/inheritance.ts";
import type { PlacedRoute } from "../routing/router.ts";
import { messageKind, type SocketData } from "../routing/socket-data.ts";
import type { AnySchema } from "../standard.ts";
import { addressOf, bindingOf, parametersOf } from "./channel.ts";
import type {
  AsyncApiChannel,
  AsyncApiDocument,
  AsyncApiMessage,
  AsyncApiOperation,
} from "./document.ts";
import { schemeOf, securityOf } from "./security.ts";
import { serversOf } from "./server.ts";

/** What the document is made of. */
export interface AsyncApiParts {
  readonly info: DocumentInfo;
  readonly routes: readonly (readonly [route: PlacedRoute, plan: Plan])[];
  /** Names for schemas that have none of their own. */
  readonly names: ReadonlyMap<unknown, string>;
}

/** A socket as it is told, the names of its schemas still open. */
interface ToldSocket {
  readonly name: string;
  readonly channel: AsyncApiChannel;
  readonly summary: string;
  readonly security: readonly SecurityRequirement[];
}

/** Builds the document. */
export function buildAsyncApi({ info, routes, names }: AsyncApiParts): AsyncApiDocument {
  const components = new Components(names);
  const sockets = routes.flatMap(([route, plan]) => {
    const { socket } = route.data;
    return socket && !isHidden(route) ? [socketOf(route, plan, { socket, components })] : [];
  });
  const finished = components.finish(sockets.flatMap((each) => each.security));
  const base = info.servers?.find((each) => URL.canParse(each.url))?.url;
  const schemes = Object.fromEntries(
    Object.entries(finished.securitySchemes).flatMap(([name, scheme]) => {
      const told = schemeOf(scheme, base);
      return told === undefined ? [] : [[name, told] as const];
    }),
  );
  const parts = { schemas: untagged(finished.schemas), securitySchemes: schemes };
  const filled = Object.entries(parts).filter(([, each]) => Object.keys(each).length > 0);
  const servers = serversOf(info.servers ?? []);
  return {
    asyncapi: "3.0.0",
    info: infoOf(info),
    defaultContentType: "application/json",
    ...(servers && { servers }),
    channels: untagged(
      finished.settle(Object.fromEntries(sockets.map((each) => [each.name, each.channel]))),
    ),
    operations: Object.fromEntries(sockets.flatMap((each) => operationsOf(each, schemes))),
    ...(filled.length > 0 && { components: Object.fromEntries(filled) }),
  };
}

/** The members that both documents have, in the words of this one. */
function infoOf(info: DocumentInfo): AsyncApiDocument["info"] {
  const { title = "API", version = "0.1.0", description, termsOfService, contact, license } = info;
  const told = { description, termsOfService, contact };
  return {
    title,
    version,
    ...Object.fromEntries(Object.entries(told).filter(([, each]) => each !== undefined)),
    ...(license && {
      license: { name: license.name, ...(license.url !== undefined && { url: license.url }) },
    }),
  };
}

interface SocketParts {
  readonly socket: SocketData;
  readonly components: Components;
}

function socketOf(route: PlacedRoute, plan: Plan, { socket, components }: SocketParts): ToldSocket {
  const name = route.names.join(".");
  const writer = new OperationWriter(components);
  plan.describe(writer);
  const { parameters = [], security = [] } = writer.parts();
  const { options } = route.data;
  const summary = options.summary ?? sentence(route.names.at(-1) ?? "");
  const placeholders = parametersOf(parameters);
  const channel = {
    address: addressOf(route.path),
    title: name,
    summary,
    ...(options.description !== undefined && { description: options.description }),
    tags: tagsOf(route).map((each) => ({ name: each })),
    ...(placeholders && { parameters: placeholders }),
    messages: {
      received: messageOf(components, socket.receives, "input"),
      sent: messageOf(components, socket.sends, "output"),
    },
    bindings: { ws: bindingOf(parameters) },
  };
  return { name, channel, summary, security };
}

function messageOf(
  components: Components,
  model: AnySchema | undefined,
  side: "input" | "output",
): AsyncApiMessage {
  const title = side === "input" ? "What the server receives" : "What the server sends";
  const kind = messageKind(model);
  if (kind === "text") return { title, contentType: "text/plain", payload: { type: "string" } };
  if (kind === "binary") {
    const payload = { type: "string", format: "binary" };
    return { title, contentType: "application/octet-stream", payload };
  }
  return { title, contentType: "application/json", payload: components.schema(model, side) };
}

function operationsOf(
  { name, summary, security }: ToldSocket,
  schemes: Readonly<Record<string, object>>,
): (readonly [string, AsyncApiOperation])[] {
  const asked = securityOf(security, schemes);
  return (["receive", "send"] as const).map((action) => [
    `${name}.${action}`,
    {
      action,
      channel: { $ref: `#/channels/${name}` },
      messages: [
        { $ref: `#/channels/${name}/messages/${action === "send" ? "sent" : "received"}` },
      ],
      summary,
      ...(asked.length > 0 && { security: asked }),
    },
  ]);
}

/** A copy without OpenAPI's word for what tells alternatives apart: here it would mean another thing. */
function untagged<T>(value: T): T {
  if (Array.isArray(value)) return value.map((each: unknown) => untagged(each)) as T;
  if (typeof value !== "object" || value === null) return value;
  const { discriminator, ...rest } = value as JsonSchema;
  const isTag = typeof discriminator === "object" && ("oneOf" in rest || "anyOf" in rest);
  const kept = isTag ? rest : (value as object);
  return Object.fromEntries(Object.entries(kept).map(([key, each]) => [key, untagged(each)])) as T;
}
