/**
 * Shared reads: a few connections on which many statements are under way at one time.
 *
 * @module
 */
import type { Client, ClientConfig } from "pg";
import { databaseError } from "./database-error.ts";
import type { Result, Statement } from "./driver.ts";
import { loadPg } from "./packages.ts";
import { resultOf } from "./postgresql.ts";
import { Queries } from "./queries.ts";

/** What runs statements that read, each by itself. */
export interface SharedReads {
  readonly run: (statement: Statement) => Promise<Result>;
  readonly close: () => Promise<void>;
}

/**
 * Makes connections of which each sends its statements without waiting for the answers of those
 * before (pipelining). That costs less than half of a pool's time for each, and a slow statement
 * holds up those behind it. A connection that is lost is made anew with the next statement.
 */
export function sharedReads(config: ClientConfig, count: number): SharedReads {
  const slots: (Promise<Client> | undefined)[] = Array.from({ length: count }, () => undefined);
  const queries = new Queries(true);
  let next = 0;
  let isClosed = false;
  const open = async (slot: number): Promise<Client> => {
    const { Client } = await loadPg();
    const client = new Client({ ...config, pipeline: true });
    const forget = (): void => void (slots[slot] = undefined);
    client.on("error", forget);
    client.on("end", forget);
    try {
      await client.connect();
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  };
  const ask = async (slot: number, statement: Statement): Promise<Result> => {
    const client = await (slots[slot] ??= open(slot));
    return resultOf(await client.query(queries.of(statement)));
  };
  return {
    run: async (statement) => {
      if (isClosed) throw new Error("Cannot use a pool after its end");
      next = (next + 1) % count;
      const slot = next;
      try {
        return await ask(slot, statement);
      } catch (error) {
        if (databaseError(error)?.kind !== "connection-lost") throw error;
        // What only reads may be asked once more; the connection may not know yet that it is lost.
        slots[slot] = undefined;
        return ask(slot, statement);
      }
    },
    close: async () => {
      isClosed = true;
      await Promise.allSettled(slots.map(async (each) => (await each)?.end()));
    },
  };
}
