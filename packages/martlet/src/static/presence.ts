/**
 * The presence of what is to be served, checked at start.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { Fault, Faults } from "../index.ts";

/** How the start sees to it that a directory is there. */
export interface PresenceOptions {
  /**
   * Whether a directory that is missing is a fault. `"auto"` makes it one in production, and says so
   * on standard error elsewhere, where it may not be built yet.
   */
  readonly check?: boolean | "auto";
  /** `"production"` makes `"auto"` strict. @default process.env.NODE_ENV */
  readonly environment?: string;
  /** Told what is missing where that is no fault. @default writes to standard error */
  readonly notice?: (line: string) => void;
}

/** What is to be there. */
export interface Presence {
  readonly directory: string;
  /** A file that the directory must have. */
  readonly file?: string;
}

/** Looks for what is to be there. Throws {@link Faults} when it is not, and must be. */
export async function checkPresence(presence: Presence, options: PresenceOptions): Promise<void> {
  const { check = "auto", environment = process.env["NODE_ENV"], notice = print } = options;
  if (check === false) return;
  const missing = await absenceIn(presence);
  if (missing === undefined) return;
  const hint = "Build it first, or correct the path; check: false leaves it for later.";
  const fault = new Fault("M018", missing, { hint });
  if (check === true || environment === "production") throw new Faults([fault]);
  notice(fault.message);
}

/** What is not there, in words. */
async function absenceIn({ directory, file }: Presence): Promise<string | undefined> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) return `There is no directory ${directory}`;
  if (file === undefined) return undefined;
  const inside = await stat(join(directory, file)).catch(() => undefined);
  return inside === undefined ? `The directory ${directory} has no ${file}` : undefined;
}

function print(line: string): void {
  // oxlint-disable-next-line no-console -- the one place that speaks for a directory without a log
  console.error(line);
}
