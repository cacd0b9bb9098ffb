/**
 * `martlet db downgrade`.
 *
 * @module
 */
import { type Command, command } from "../command.ts";
import { UsageError } from "../usage.ts";
import { databaseOption, findDatabase } from "./found.ts";
import { opened } from "./opened.ts";
import { stepInWords } from "./words.ts";

/** Undoes what was applied. */
export const downgrade: Command = command({
  name: "db downgrade",
  summary: "Undoes the last migration, or more, with its down.sql",
  word: { name: "to", summary: "the last one to keep" },
  options: {
    database: databaseOption,
    steps: { kind: "number", summary: "how many to undo (1)" },
    all: { kind: "flag", summary: "undo all of them" },
    "dry-run": { kind: "flag", summary: "write the SQL, and run nothing" },
  },
  run: async ({ options, word: to, directory, say, signal }) => {
    const { steps = options.all ? Infinity : undefined } = options;
    if (
      [to, options.steps, options.all || undefined].filter((each) => each !== undefined).length > 1
    ) {
      throw new UsageError("A name, --steps and --all say the same in different words: use one");
    }
    const found = await findDatabase(directory, options.database);
    return opened(found.engine, async (engine) => {
      if (options["dry-run"]) {
        const sql = await found.migrations.sql(engine, { direction: "down", to, steps });
        return { data: { sql }, text: sql.trimEnd() || "-- nothing is applied" };
      }
      const undone = await found.migrations.downgrade(engine, {
        to,
        steps,
        report: (step) => say(stepInWords(step)),
        signal,
      });
      return { data: { undone }, text: undone.length === 0 ? "nothing is applied" : "" };
    });
  },
});
