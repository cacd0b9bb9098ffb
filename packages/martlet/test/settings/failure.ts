import { inspect } from "node:util";
import { Faults } from "martlet";

/** Everything that can be seen of the faults that a call throws. */
export function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Faults)) throw error;
    return told(error);
  }
  throw new Error("nothing was thrown");
}

/** Everything that can be seen of faults: message, stack, members, causes. */
export function told(error: Faults): string {
  const all = [error, ...error.errors];
  return [
    error.message,
    inspect(error, { depth: 20, showHidden: true }),
    ...all.map((each) => inspect(each.cause, { showHidden: true })),
    ...all.map((each) => JSON.stringify(Object.entries(each))),
  ].join("\n");
}
