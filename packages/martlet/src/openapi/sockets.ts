/**
 * Sockets in the OpenAPI document, which has no words for them: a table for clients, under
 * `x-martlet-sockets`. What they are for people stands in the AsyncAPI document.
 *
 * @module
 */
import type { Plan } from "../plan.ts";
import type { PlacedRoute } from "../routing/router.ts";
import { messageKind, type SocketData, socketMethod } from "../routing/socket-data.ts";
import { Components } from "./components.ts";
import type { ParameterObject, SocketEntry } from "./document.ts";
import { OperationWriter } from "./operation.ts";

/** What a client needs to know of a socket. */
export function socketEntry({ path }: PlacedRoute, plan: Plan, socket: SocketData): SocketEntry {
  // The schemas are not told: they are no part of the document.
  const writer = new OperationWriter(new Components(new Map()));
  plan.describe(writer);
  const { parameters = [] } = writer.parts();
  return {
    method: socketMethod,
    path,
    ...named("query", parameters),
    ...named("header", parameters),
    receives: messageKind(socket.receives),
    sends: messageKind(socket.sends),
  };
}

function named(
  place: "query" | "header",
  parameters: readonly ParameterObject[],
): Pick<SocketEntry, typeof place> {
  const names = parameters.filter((each) => each.in === place).map((each) => each.name);
  return names.length > 0 ? { [place]: names } : {};
}
