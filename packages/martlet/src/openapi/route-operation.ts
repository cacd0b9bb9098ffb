/**
 * The operations of routes, webhooks and callbacks: what follows from their signatures, with what is
 * described of them.
 *
 * @module
 */
import type { AnswerHeaders } from "../http/answer.ts";
import type { Codec } from "../source.ts";
import type { ProblemFormat } from "../http/problem.ts";
import type { ContentDescriber } from "../http/representation.ts";
import type { Plan } from "../plan.ts";
import { deprecationHeaders } from "../routing/deprecation.ts";
import { layers, nearest, operationIdOf, tagsOf } from "../routing/inheritance.ts";
import type { PlacedRoute } from "../routing/router.ts";
import type { Components } from "./components.ts";
import type { Callback, OpenApiVersion, OperationExtension, Webhook } from "./description.ts";
import type { OperationObject, ResponseObject } from "./document.ts";
import { withExamples } from "./examples.ts";
import { mapped } from "./json.ts";
import { OperationWriter } from "./operation.ts";
import { itemOf } from "./paths.ts";
import { sentence } from "./phrases.ts";
import { withDescriptions } from "./response-description.ts";
import { problems, successes } from "./responses.ts";
import { operationIn } from "./version.ts";
import { outgoingData, outgoingPlan } from "./webhook.ts";

/** What the operations of one document share. */
export interface OperationContext {
  readonly components: Components;
  readonly format: ProblemFormat;
  readonly codecs: readonly Codec[];
  readonly version: OpenApiVersion;
  /** What has the last word on operations, by their operationIds. */
  readonly extensions: Map<string, OperationExtension>;
}

/** Writes the operation of a route. */
export function describeRoute(
  route: PlacedRoute,
  plan: Plan,
  context: OperationContext,
): OperationObject {
  const { components } = context;
  const writer = new OperationWriter(components, { codecs: context.codecs });
  plan.describe(writer);
  const signed = writer.parts();
  const responses: OperationObject["responses"] = {
    ...successes(route.data.outcomes, describerOf(components, context.codecs)),
    ...problems(plan, context),
  };
  const { 401: refused } = responses;
  if (refused !== undefined && signed.security !== undefined) refused.headers = challenge;
  const operation = describe(route, { ...signed, responses }, context);
  const headers = headersOf(deprecationHeaders(route));
  const name = route.names.join(".");
  return {
    ...operation,
    ...(headers && {
      responses: mapped(operation.responses, (each) => ({
        ...each,
        headers: { ...headers, ...each.headers },
      })),
    }),
    ...(operation.operationId !== name && { "x-martlet-name": name }),
  };
}

/** Writes the operation of a request that the application sends. */
export function describeOutgoing(
  name: string,
  webhook: Webhook,
  context: OperationContext,
  operationId: string = name,
): OperationObject {
  const { components } = context;
  const { method } = webhook;
  const data = outgoingData(webhook);
  const options = { ...data.options, operationId };
  // What is wrong with it was found at start.
  const plan = outgoingPlan(webhook, () => undefined);
  const writer = new OperationWriter(components);
  plan.describe(writer);
  const responses = {
    ...successes(data.outcomes, describerOf(components, [])),
    // What its receiver makes of a bad request, nobody but the receiver knows.
    ...problems({ phases: new Set(), throws: data.callable.throws }, context),
  };
  const route = { method, path: "/", names: [name], data: { ...data, options }, routers: [] };
  return describe(route, { ...writer.parts(), responses }, context);
}

function describerOf(components: Components, codecs: readonly Codec[]): ContentDescriber {
  return { schema: (model) => components.schema(model, "output"), codecs };
}

type Signed = Pick<OperationObject, "parameters" | "requestBody" | "security" | "responses">;

/** Adds what is described of a route to what follows from its signature. */
function describe(route: PlacedRoute, signed: Signed, context: OperationContext): OperationObject {
  const { options } = route.data;
  const operationId = operationIdOf(route);
  if (options.openapi !== undefined) context.extensions.set(operationId, options.openapi);
  const tags = tagsOf(route);
  const told = {
    description: options.description,
    tags: tags.length > 0 ? [...tags] : undefined,
    externalDocs: nearest(route, "externalDocs"),
    deprecated: nearest(route, "deprecated") ? true : undefined,
    ...signed,
    responses: describedResponses(route, signed.responses, context),
    callbacks: callbacksOf(route, operationId, context),
    servers: nearest(route, "servers"),
  };
  // What is left out is only what nobody told.
  const operation = {
    operationId,
    summary: options.summary ?? sentence(route.names.at(-1) ?? ""),
    ...Object.fromEntries(Object.entries(told).filter(([, each]) => each !== undefined)),
  } as OperationObject;
  return operationIn(withExamples(operation, options.examples ?? {}), context.version);
}

/** The responses with all that is described of them. */
function describedResponses(
  route: PlacedRoute,
  responses: OperationObject["responses"],
  { components }: OperationContext,
): OperationObject["responses"] {
  const { outcomes, options } = route.data;
  const [first] = outcomes.keys();
  const { responseDescription: description } = options;
  const own =
    first !== undefined && description !== undefined ? [{ [first]: { description } }] : [];
  const all = withDescriptions(responses, [...layers(route, "responses"), ...own], components);
  return route.method === "HEAD" ? withoutContent(all) : all;
}

/** What the application may call because of a request, by name and by the expression of its URL. */
function callbacksOf(
  route: PlacedRoute,
  operationId: string,
  context: OperationContext,
): OperationObject["callbacks"] {
  const all = Object.assign({}, ...layers(route, "callbacks")) as Record<string, Callback>;
  if (Object.keys(all).length === 0) return undefined;
  return Object.fromEntries(
    Object.entries(all).map(([name, each]) => {
      const operation = describeOutgoing(name, each, context, `${operationId}.${name}`);
      return [name, { [each.expression]: itemOf(each.method, operation, context.version) }];
    }),
  );
}

/** The headers of a deprecation as the document tells them. */
function headersOf(headers: AnswerHeaders): ResponseObject["headers"] {
  if (Object.keys(headers).length === 0) return undefined;
  const told = Object.entries(headers).map(([name, value]) => {
    const schema = { type: "string", examples: [[value].flat().join(", ")] };
    const sent = name.charAt(0).toUpperCase() + name.slice(1);
    return [sent, { description: deprecationWords[name] ?? "", schema }] as const;
  });
  return Object.fromEntries(told);
}

/** What a caller is told who cannot prove itself. */
const challenge: NonNullable<ResponseObject["headers"]> = {
  "WWW-Authenticate": {
    description: "How to prove who calls (RFC 9110 section 11.6.1).",
    schema: { type: "string", examples: ["Bearer"] },
  },
};

const deprecationWords: Readonly<Record<string, string>> = {
  deprecation: "Since when this is deprecated (RFC 9745).",
  sunset: "From when on this may be gone (RFC 8594).",
  link: "Where to read what to do (RFC 8288).",
};

/** What answers HEAD has no body, whatever happens. */
function withoutContent(responses: OperationObject["responses"]): OperationObject["responses"] {
  return mapped(responses, ({ content: _content, ...rest }) => rest);
}
