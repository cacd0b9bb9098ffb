/**
 * Recording the statements that are made meanwhile, for tests.
 *
 * @module
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { isControl } from "../statement-event.ts";
import { statementChannel, type StatementMessage } from "./channel.ts";

/** What was done, and the statements that it took. */
export interface Recorded<T> {
  readonly value: T;
  /** In the order in which they ended; those that begin and end transactions are left out. */
  readonly statements: readonly StatementMessage[];
}

/**
 * Runs work and gives the statements that were made in the meantime, in this process, by whomever.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { database, recordStatements } from "martlet/db";
 * import { testClient } from "martlet/testing";
 *
 * const db = database({ dialect: "sqlite", url: "sqlite::memory:" });
 * const two = get("/", { use: { db } }, ({ db }) => db.$engine.query("select 1 + 1 as two"));
 * await using client = testClient(martlet({ two }));
 * const { statements } = await recordStatements(() => client.get("/"));
 * expect(statements.map(({ text }) => text)).toEqual(["select 1 + 1 as two"]);
 * ```
 */
export async function recordStatements<T>(work: () => PromiseLike<T> | T): Promise<Recorded<T>> {
  const statements: StatementMessage[] = [];
  const listen = (message: unknown): void => {
    // Martlet alone writes to this channel.
    const statement = message as StatementMessage;
    if (!isControl(statement.text)) statements.push(statement);
  };
  subscribe(statementChannel, listen);
  try {
    return { value: await work(), statements };
  } finally {
    unsubscribe(statementChannel, listen);
  }
}
