/**
 * `martlet db check`.
 *
 * @module
 */
import { type Command, command } from "../command.ts";
import { databaseOption, findDatabase } from "./found.ts";
import { opened } from "./opened.ts";
import { counted } from "./words.ts";

/** Whether the migrations are in order. */
export const check: Command = command({
  name: "db check",
  summary:
    "Finds changes of the schema that no migration makes, and migrations that were tampered with",
  details: "It ends with 1 when it has found something, for CI.",
  options: {
    database: databaseOption,
    offline: { kind: "flag", summary: "look at the files only, not into the database" },
  },
  run: async ({ options, directory }) => {
    const found = await findDatabase(directory, options.database);
    const findings = options.offline
      ? await found.migrations.check()
      : await opened(found.engine, (engine) => found.migrations.check(engine));
    const lines = findings.flatMap(({ rule, message, hint }) => [
      `${rule}: ${message}`,
      ...(hint === undefined ? [] : [`  fix: ${hint}`]),
    ]);
    const closing =
      findings.length === 0 ? "the migrations are in order" : counted(findings.length, "finding");
    return {
      data: { findings },
      text: [...lines, closing].join("\n"),
      isGood: findings.length === 0,
    };
  },
});
