/**
 * `martlet db reset`.
 *
 * @module
 */
import { type Command, command } from "../command.ts";
import { databaseOption, findDatabase } from "./found.ts";
import { opened } from "./opened.ts";
import { sow } from "./seed.ts";
import { stepInWords } from "./words.ts";

/** Empties the database. */
export const reset: Command = command({
  name: "db reset",
  summary: "Undoes all migrations and applies all: everything in the tables is lost",
  options: {
    database: databaseOption,
    yes: { kind: "flag", summary: "do it in production too (NODE_ENV)" },
    seed: { kind: "flag", summary: "and run the seed" },
  },
  run: async ({ options, directory, say, signal }) => {
    const found = await findDatabase(directory, options.database);
    const steps = await opened(found.engine, (engine) =>
      found.migrations.reset(engine, {
        isForced: options.yes,
        report: (step) => say(stepInWords(step)),
        signal,
      }),
    );
    if (options.seed) await sow(found);
    return { data: { steps, seeded: options.seed }, text: options.seed ? "seeded" : "" };
  },
});
