/**
 * What is made of a database once, and handed to every call as the database itself is.
 *
 * @module
 */
import { dependency, type Dependency } from "../index.ts";

/** Makes a dependency of the application, around the calls of which the database stands too. */
export function derived<D, V, E>(
  db: Dependency<D, {}, E>,
  name: string,
  make: (db: D) => V | Promise<V>,
): Dependency<V, {}, E> {
  const value = dependency({ use: { db }, scope: "app", name }, ({ db }) => make(db));
  // The database stands around whatever uses it, and so around what uses this.
  return dependency({ use: { db, value }, name }, ({ value }) => value) as unknown as Dependency<
    V,
    {},
    E
  >;
}
