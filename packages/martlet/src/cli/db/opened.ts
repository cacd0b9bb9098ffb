/**
 * Opening the database of an application for one command.
 *
 * @module
 */
import { type Dependency, dependency, martlet } from "../../index.ts";

/** Opens what a dependency gives, for as long as the work lasts. */
export async function opened<T, D, E>(
  value: Dependency<D, {}, E>,
  work: (value: D) => Promise<T>,
): Promise<T> {
  const kept: D[] = [];
  const keep = dependency({ use: { value }, scope: "app" }, ({ value }) => {
    kept.push(value);
  });
  const errors: unknown[] = [];
  const app = martlet({}, { lifespan: keep, report: ({ error }) => errors.push(error) });
  await app.start();
  try {
    // The start is over when everything that it uses is there.
    return await work(kept[0] as D);
  } finally {
    await app.stop();
  }
}
