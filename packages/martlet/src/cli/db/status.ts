/**
 * `martlet db status`.
 *
 * @module
 */
import type { MigrationStatus } from "../../db/index.ts";
import { type Command, command } from "../command.ts";
import { databaseOption, findDatabase } from "./found.ts";
import { opened } from "./opened.ts";

/** Where a database stands. */
export const status: Command = command({
  name: "db status",
  summary: "Says which migrations are applied, and which are pending",
  options: { database: databaseOption },
  run: async ({ options, directory }) => {
    const found = await findDatabase(directory, options.database);
    const migrations = await opened(found.engine, (engine) => found.migrations.status(engine));
    const text = migrations.map(inWords).join("\n");
    return { data: { migrations }, text: text || "there are no migrations yet" };
  },
});

function inWords({ name, state, appliedAt, progress }: MigrationStatus): string {
  const when = appliedAt === undefined || state === "pending" ? "" : ` ${appliedAt.slice(0, 19)}Z`;
  if (progress === undefined) return `${state.padEnd(12)}  ${name}${when}`;
  const { direction, isFailed, done, of } = progress;
  const how = isFailed ? "stopped after" : "in the middle of";
  return `${state.padEnd(12)}  ${name} (${direction}, ${how} statement ${isFailed ? done : done + 1} of ${of ?? "?"})`;
}
