/**
 * What work fails with.
 *
 * @module
 */
import { type DatabaseError, databaseError } from "martlet/db";

/** Gives what work throws; throws when it throws nothing. */
export async function reason(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail");
}

/** What an error of a driver is read as, without the error. */
export function read(error: unknown): Partial<DatabaseError> | undefined {
  const found = databaseError(error);
  if (found === undefined) return undefined;
  const { native: _native, ...rest } = found;
  return rest;
}

/** An error such as drivers throw, for what cannot be brought about. */
export function errorOf(message: string, members: object): Error {
  return Object.assign(new Error(message), members);
}
