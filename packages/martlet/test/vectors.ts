/**
 * Test vectors: the project's own, which are in the repository, and those of others, which are not.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Where the vectors of others are. */
const shared =
  process.env["MARTLET_VECTORS"] ?? join(import.meta.dirname, "../../../../shared/vectors");

/** One of the project's own corpora. The caller knows what its cases are. */
export function corpus(name: string): readonly unknown[] {
  const text = readFileSync(join(import.meta.dirname, "vectors", `${name}.json`), "utf8");
  return (JSON.parse(text) as { cases: readonly unknown[] }).cases;
}

/** A folder of others' vectors, and what to add to the name of tests when it is not there. */
export function borrowed(folder: string): {
  readonly dir: string;
  readonly isMissing: boolean;
  readonly reason: string;
} {
  const dir = join(shared, folder);
  const isMissing = !existsSync(dir);
  return { dir, isMissing, reason: isMissing ? ` (no ${folder} in MARTLET_VECTORS)` : "" };
}

/** Does `work` for each of `items`, a few at a time; results in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  width = 32,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
