/**
 * `martlet db upgrade`.
 *
 * @module
 */
import { type Command, command } from "../command.ts";
import { databaseOption, findDatabase } from "./found.ts";
import { opened } from "./opened.ts";
import { stepInWords } from "./words.ts";

/** Applies what is pending. */
export const upgrade: Command = command({
  name: "db upgrade",
  summary: "Applies the migrations that are pending, all of them or up to a name",
  details: "Processes that are started at once take turns, and each migration is applied once.",
  word: { name: "to", summary: "the last one to apply" },
  options: {
    database: databaseOption,
    "dry-run": { kind: "flag", summary: "write the SQL, and run nothing" },
    "out-of-order": { kind: "flag", summary: "apply those too that come before applied ones" },
    patience: {
      kind: "number",
      summary: "how long to wait for another process that migrates (60)",
      placeholder: "seconds",
    },
  },
  run: async ({ options, word: to, directory, say, signal }) => {
    const found = await findDatabase(directory, options.database);
    const isOutOfOrderAllowed = options["out-of-order"];
    return opened(found.engine, async (engine) => {
      if (options["dry-run"]) {
        const sql = await found.migrations.sql(engine, { to, isOutOfOrderAllowed });
        return { data: { sql }, text: sql.trimEnd() || "-- nothing is pending" };
      }
      const patience = options.patience === undefined ? undefined : options.patience * 1000;
      const applied = await found.migrations.upgrade(engine, {
        to,
        isOutOfOrderAllowed,
        patience,
        report: (step) => say(stepInWords(step)),
        signal,
      });
      return { data: { applied }, text: applied.length === 0 ? "nothing is pending" : "" };
    });
  },
});
