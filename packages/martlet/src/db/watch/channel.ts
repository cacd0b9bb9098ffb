/**
 * The channel of statements, for whoever measures or traces.
 *
 * @module
 */
import { channel } from "node:diagnostics_channel";
import type { Dialect } from "../driver.ts";
import type { StatementEvent, Watch } from "../statement-event.ts";

/** The name of the channel of `node:diagnostics_channel` that tells of statements. */
export const statementChannel = "martlet:db:statement";

/** What the channel tells of each statement when it is over. It holds no values of parameters. */
export interface StatementMessage extends Pick<
  StatementEvent,
  "text" | "duration" | "rowCount" | "error" | "isInTransaction" | "isReplica" | "place"
> {
  /** What the database is called: `"database"`. */
  readonly database: string;
  readonly dialect: Dialect;
  /** `"GET /items/{id}"`; `undefined` outside of a request. */
  readonly route: string | undefined;
}

/** Tells the channel of every statement, if anybody listens. */
export function channelWatch(of: Pick<StatementMessage, "database" | "dialect">): Watch {
  const statements = channel(statementChannel);
  return {
    wants: () => statements.hasSubscribers,
    after: (event) => {
      const { call, text, duration, rowCount, error, isInTransaction, isReplica, place } = event;
      const how = { duration, rowCount, error, isInTransaction, isReplica };
      const message: StatementMessage = { ...of, text, route: call?.source.route, place, ...how };
      statements.publish(message);
    },
  };
}
