/**
 * `martlet db seed`.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import { type Command, command } from "../command.ts";
import { databaseOption, findDatabase, type FoundDatabase } from "./found.ts";
import { opened } from "./opened.ts";

/** Fills the database. */
export const seed: Command = command({
  name: "db seed",
  summary: "Runs the `seed` of the database, in one transaction",
  options: { database: databaseOption },
  run: async ({ options, directory }) => {
    await sow(await findDatabase(directory, options.database));
    return { data: { seeded: true }, text: "seeded" };
  },
});

/** Runs what an application fills its database with. */
export async function sow(found: FoundDatabase): Promise<void> {
  const { seed } = found;
  if (seed === undefined) {
    throw new Fault("M030", "The database has no seed", {
      hint: "Give database() a function: database({ …, seed: async (db) => { … } }).",
    });
  }
  await opened(found, (db) =>
    db.$engine.transaction(async () => void (await seed(db)), { retries: 0 }),
  );
}
