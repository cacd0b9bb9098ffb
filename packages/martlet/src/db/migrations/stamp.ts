/**
 * Stamps: entering in the book where a database stands, without running anything.
 *
 * @module
 */
import { openBook, readBook, removeEntry, writeEntry } from "./book.ts";
import { named } from "./folder.ts";
import type { Migration } from "./migration.ts";
import type { RunOptions } from "./run.ts";
import { type MigrationStatus, statusOf } from "./status.ts";
import { onLine, type Line, type MigrationTarget } from "./target.ts";
import { inTurn } from "./turn.ts";

/** What is written in the book. */
interface Stamp {
  readonly migrations: readonly Migration[];
  /** The last one that counts as applied; none do, if there is none. */
  readonly last: string | undefined;
  readonly now: () => Date;
}

/** Enters all migrations up to one as applied, as they are now, and no other. */
export async function stamp(
  target: MigrationTarget,
  migrations: readonly Migration[],
  options: RunOptions & { readonly to: string | undefined },
): Promise<readonly MigrationStatus[]> {
  const { to, now = () => new Date() } = options;
  const names = migrations.map((each) => each.name);
  const last = to === undefined ? undefined : named(names, to);
  return onLine(target, options, (line) =>
    inTurn(line, options, async () => {
      await openBook(line);
      await line.run("begin");
      try {
        await write(line, { migrations, last, now });
        await line.run("commit");
      } catch (error) {
        await line.run("rollback").catch(() => undefined);
        throw error;
      }
      return statusOf(migrations, await readBook(line));
    }),
  );
}

async function write(line: Line, { migrations, last, now }: Stamp): Promise<void> {
  const book = await readBook(line);
  const counted = migrations.filter(({ name }) => last !== undefined && name <= last);
  const names = new Set(counted.map((each) => each.name));
  for (const name of book.keys()) if (!names.has(name)) await removeEntry(line, name);
  for (const { name, up } of counted) {
    const known = book.get(name);
    const appliedAt = known?.appliedAt ?? now().toISOString();
    const { checksum, statements } = up;
    await writeEntry(
      line,
      {
        name,
        checksum,
        state: "applied",
        statements: statements.length,
        appliedAt,
        took: known?.took ?? 0,
      },
      known === undefined,
    );
  }
}
