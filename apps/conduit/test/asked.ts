/**
 * The statements that requests lead to, as they go to the database.
 *
 * @module
 */
import { Client } from "pg";
import { vi } from "vitest";
import { type Answered, type Call, send } from "./call.ts";
import type { RunningConduit } from "./conduit.ts";

/** A statement, as it was sent. */
export interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** An application whose statements are listened to. */
export interface Asking {
  /** Sends a request, and gives the answer and the statements that were made for it. */
  readonly ask: (
    path: string,
    call?: Call,
  ) => Promise<{ readonly answer: Answered; readonly asked: readonly Asked[] }>;
  readonly stop: () => void;
}

/** Listens to an application of this process. */
export function listenTo({ url, databaseUrl }: RunningConduit): Asking {
  const name = new URL(databaseUrl).pathname.slice(1);
  const spy = vi.spyOn(Client.prototype, "query");
  return {
    ask: async (path, call) => {
      spy.mockClear();
      const answer = await send(`${url}${path}`, call);
      const { calls, contexts } = spy.mock;
      // What a client is connected to, its type does not tell.
      const clients = contexts as readonly (Client & { readonly database?: string })[];
      const ours = calls.filter((_, index) => clients[index]?.database === name);
      return { answer, asked: ours.map(askedOf) };
    },
    stop: () => spy.mockRestore(),
  };
}

/** `pg` takes a text and its values, or an object of both. */
function askedOf([given, more = []]: readonly unknown[]): Asked {
  if (typeof given === "string") return { text: given, values: more as readonly unknown[] };
  const { text, values = [] } = given as { text: string; values?: readonly unknown[] };
  return { text, values };
}
