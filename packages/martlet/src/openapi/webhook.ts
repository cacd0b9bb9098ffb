/**
 * Webhooks and callbacks: requests that the application sends, and the document describes with the
 * signatures that routes are described with.
 *
 * @module
 */
import type { AnyProblem } from "../errors.ts";
import type { Fault } from "../fault.ts";
import type { Returns } from "../http/serialize.ts";
import { Lifespan } from "../lifespan.ts";
import { compile, type Plan } from "../plan.ts";
import { route, type RouteData } from "../routing/route.ts";
import type { AnySections, Throws } from "../signature.ts";
import type { Callback, OperationOptions, Webhook } from "./description.ts";

/** What the document says of a request that the application sends, and of what it expects back. */
export interface WebhookSignature
  extends Omit<AnySections, "path" | "use">, Omit<OperationOptions, "operationId" | "callbacks"> {
  /** What the receiver answers: one model, or one for each status. */
  readonly returns?: Returns;
  /** The status that the receiver answers when all goes well. @default 200 */
  readonly status?: number;
  /** The problems that the receiver may answer with. */
  readonly throws?: Throws<AnyProblem>;
}

/**
 * Describes a request that the application sends to those who asked for it somewhere else, such as
 * on a settings page. It is told in the document of {@link martlet}'s `webhooks`, under the name that
 * it has there, and never served.
 *
 * @example
 * ```ts
 * import { martlet, webhook } from "martlet";
 * import { z } from "zod";
 *
 * const Subscription = z.object({ username: z.string(), since: z.iso.datetime() });
 * const newSubscription = webhook("POST", { body: Subscription, status: 204 });
 * const { webhooks } = martlet({}, { webhooks: { newSubscription } }).openapi();
 * expect(webhooks?.newSubscription?.post?.operationId).toBe("newSubscription");
 * ```
 */
export function webhook(method: string, signature: WebhookSignature): Webhook {
  // The handler is never called; what else the options of a route hold stays as it is.
  const make = route(method) as (...declared: readonly unknown[]) => { "~route": RouteData };
  return { method, "~outgoing": make("/", signature, () => undefined)["~route"] };
}

/**
 * Describes a request that the application sends to a URL which a request told it: one of the
 * `callbacks` of a route. The expression says where that URL stands (OpenAPI 3.1 section 4.8.18.3).
 *
 * @example
 * ```ts
 * import { callback, martlet, post } from "martlet";
 * import { z } from "zod";
 *
 * const invoicePaid = callback("{$request.body#/callbackUrl}", "POST", {
 *   body: z.object({ id: z.string(), paid: z.boolean() }),
 * });
 * const create = post(
 *   "/invoices",
 *   { body: z.object({ id: z.string(), callbackUrl: z.url() }), callbacks: { invoicePaid } },
 *   () => undefined,
 * );
 * const operation = martlet({ create }).openapi().paths["/invoices"]?.post;
 * expect(Object.keys(operation?.callbacks?.invoicePaid ?? {})).toEqual([
 *   "{$request.body#/callbackUrl}",
 * ]);
 * ```
 */
export function callback(
  expression: string,
  method: string,
  signature: WebhookSignature,
): Callback {
  return { ...webhook(method, signature), expression };
}

/** What the signature of a webhook declares. */
export function outgoingData({ "~outgoing": data }: Webhook): RouteData {
  // `webhook` alone makes them.
  return data as RouteData;
}

/** The plan of a webhook: its parameters describe themselves as those of a route do. */
export function outgoingPlan(webhook: Webhook, report: (fault: Fault) => void): Plan {
  const overrides = new Map<never, never>();
  const lifespan = new Lifespan({ overrides, report });
  return compile([outgoingData(webhook).callable], { lifespan, overrides, report });
}
