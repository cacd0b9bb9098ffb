/**
 * `martlet db sql`.
 *
 * @module
 */
import { type Command, command } from "../command.ts";
import { databaseOption, findDatabase } from "./found.ts";
import { opened } from "./opened.ts";

/** The SQL of an upgrade or a downgrade, for somebody else to run. */
export const sql: Command = command({
  name: "db sql",
  summary: "Writes the SQL of what is pending, with what is entered in the book",
  details: "Nothing is run. What it writes does the same when it is run by hand, in this order.",
  word: { name: "to", summary: "the last one to apply, or to keep with --down" },
  options: {
    database: databaseOption,
    down: { kind: "flag", summary: "write what undoes the last one instead" },
    steps: { kind: "number", summary: "with --down, how many to undo (1)" },
    "out-of-order": { kind: "flag", summary: "write those too that come before applied ones" },
  },
  run: async ({ options, word: to, directory }) => {
    const found = await findDatabase(directory, options.database);
    const { steps, down } = options;
    return opened(found.engine, async (engine) => {
      const how = { to, steps, isOutOfOrderAllowed: options["out-of-order"] };
      const written = await found.migrations.sql(engine, {
        ...how,
        direction: down ? "down" : "up",
      });
      return { data: { sql: written }, text: written.trimEnd() || "-- nothing to do" };
    });
  },
});
