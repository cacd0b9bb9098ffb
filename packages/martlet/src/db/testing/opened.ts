/**
 * The database of an application, opened at another URL and without the application.
 *
 * @module
 */
import {
  type AnyCallable,
  dependency,
  type Dependency,
  martlet,
  type Override,
} from "../../index.ts";
import type { DatabaseDependency, OpenedDatabase } from "../database.ts";

/** A database that is open. */
export interface Opened<D> {
  /** What the application calls its database. */
  readonly db: D;
  /** What is below. */
  readonly opened: OpenedDatabase;
  /** Throws what went wrong at it. */
  readonly close: () => Promise<void>;
}

/** Opens a database at a URL, in all else as the application does. */
export async function openAt<D>(db: DatabaseDependency<D>, url: string): Promise<Opened<D>> {
  const opening = db["~opening"];
  let found: Omit<Opened<D>, "close"> | undefined;
  const keep = dependency(
    { use: { db, opened: opening.opened }, scope: "app", name: "tests" },
    (values) => {
      // The values are those that the plan makes of `use`.
      found = values as typeof found;
    },
  );
  const errors: unknown[] = [];
  const app = martlet(
    {},
    {
      lifespan: keep,
      report: ({ error }) => errors.push(error),
      overrides: [standIn(opening.url, () => url)],
    },
  );
  await app.start();
  if (found === undefined) throw new Error("The database was not opened");
  const close = async (): Promise<void> => {
    await app.stop();
    if (errors.length > 0) throw new AggregateError(errors, "The database was not closed in order");
  };
  return { ...found, close };
}

/** What stands in for a dependency of the application. */
export function standIn<Value>(replaced: Dependency<Value>, value: () => NoInfer<Value>): Override {
  const by = dependency({ scope: "app", name: "tests" }, value);
  // A dependency is a callable, as its type does not tell.
  return [replaced as unknown as AnyCallable, by as unknown as AnyCallable];
}
