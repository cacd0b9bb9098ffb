/**
 * A process that migrates: for each line of JSON, `{ url, directory }`, it upgrades and writes a line
 * with the names that it has applied, or with what went wrong.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { migrations } from "martlet/db";
import { targetOf } from "./connecting.ts";

/** What a process says of an upgrade. */
export interface Said {
  readonly is: "ready" | "done" | "error";
  readonly names?: readonly string[];
  readonly notes?: readonly string[];
  readonly message?: string;
}

const write = (said: Said): boolean => process.stdout.write(`${JSON.stringify(said)}\n`);
write({ is: "ready" });
for await (const line of createInterface({ input: process.stdin })) {
  const { url, directory } = JSON.parse(line) as {
    readonly url: string;
    readonly directory: string;
  };
  const target = targetOf(url);
  try {
    const steps = await migrations({ directory, dialect: target.dialect }).upgrade(target);
    write({
      is: "done",
      names: steps.map(({ name }) => name),
      notes: steps.flatMap((each) => each.notes),
    });
  } catch (error) {
    write({ is: "error", message: String(error) });
  }
}
