/**
 * Sockets in the OpenAPI document, which has no words for them: a table for clients, under
 * `x-martlet-sockets`. What they are for people stands in the AsyncAPI document.
 *
 * @module
 */
import type { Plan } from "../plan.ts";
import type { PlacedRoute } from "../routing/router.ts";
import { messageKind, type SocketData, socketMethod } from "../routing/socket-data.ts";
import type { Operation, SocketEntry } from "./document.ts";

/** What a client needs to know of a socket. */
export function socketEntry({ path }: PlacedRoute, plan: Plan, socket: SocketData): SocketEntry {
  const names: Record<string, string[]> = { query: [], header: [] };
  const collector: Operation = {
    parameter: (place, name) => void names[place]?.push(name),
    body: () => {},
    field: () => {},
    credential: () => {},
  };
  plan.describe(collector);
  const told = Object.entries(names).filter(([, each]) => each.length > 0);
  return {
    method: socketMethod,
    path,
    ...Object.fromEntries(told.map(([place, each]) => [place, [...new Set(each)]])),
    receives: messageKind(socket.receives),
    sends: messageKind(socket.sends),
  };
}
