/**
 * A process that migrates: for each line of JSON, `{ url, directory }`, it upgrades and writes a line
 * with the names that it has applied, or with what went wrong.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { migrations } from "martlet/db";
import { open } from "./connecting.ts";

/** What a process says of an upgrade. */
export interface Said {
  readonly is: "ready" | "done" | "error";
  readonly names?: readonly string[];
  readonly notes?: readonly string[];
  readonly message?: string;
}

const write = (said: Said): boolean => process.stdout.write(`${JSON.stringify(said)}\n`);
async function upgrade(url: string, directory: string): Promise<Said> {
  const { engine, close } = await open(url);
  try {
    const steps = await migrations({ directory, dialect: engine.dialect }).upgrade(engine);
    const notes = steps.flatMap((each) => each.notes);
    return { is: "done", names: steps.map(({ name }) => name), notes };
  } catch (error) {
    return { is: "error", message: String(error) };
  } finally {
    await close();
  }
}

write({ is: "ready" });
for await (const line of createInterface({ input: process.stdin })) {
  const { url, directory } = JSON.parse(line) as {
    readonly url: string;
    readonly directory: string;
  };
  // It is said when the connections are closed, which with SQLite locks others out for a moment.
  write(await upgrade(url, directory));
}
