/**
 * `martlet db stamp`.
 *
 * @module
 */
import { type Command, command } from "../command.ts";
import { UsageError } from "../usage.ts";
import { databaseOption, findDatabase } from "./found.ts";
import { opened } from "./opened.ts";

/** Enters where a database stands. */
export const stamp: Command = command({
  name: "db stamp",
  summary: "Enters all migrations up to a name as applied, and no other, and runs nothing",
  details: "For a database that has its tables already, and after a repair by hand.",
  word: { name: "name", summary: "the last one that counts as applied" },
  options: {
    database: databaseOption,
    none: { kind: "flag", summary: "none counts as applied" },
  },
  run: async ({ options, word: name, directory, signal }) => {
    if ((name === undefined) !== options.none) {
      throw new UsageError("Name the last migration that counts as applied, or write --none");
    }
    const found = await findDatabase(directory, options.database);
    const migrations = await opened(found.engine, (engine) =>
      found.migrations.stamp(engine, name, { signal }),
    );
    const count = migrations.filter(({ state }) => state === "applied").length;
    return { data: { migrations }, text: `${count} of ${migrations.length} count as applied` };
  },
});
