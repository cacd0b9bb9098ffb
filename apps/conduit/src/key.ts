/**
 * The application's key: from the settings, or in development one that is made at the first start.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dependency, Fault } from "martlet";
import { config } from "./settings.ts";

/** The key that every other secret of the application is derived from. */
export const appKey = dependency(
  { scope: "app", use: { config } },
  async ({ config }): Promise<string> => {
    if (config.appKey !== undefined) return config.appKey.reveal();
    if (config.nodeEnv !== "production") return developmentKey(config.dataDirectory);
    throw new Fault("M015", "APP_KEY is missing, which production needs", {
      hint: "Set APP_KEY, or APP_KEY_FILE to the path of a file, to 32 or more random characters.",
    });
  },
);

/** Tokens outlive a restart, so the key does too; no one but the owner may read it. */
async function developmentKey(directory: string): Promise<string> {
  const path = join(directory, "app-key");
  await mkdir(directory, { recursive: true });
  try {
    await writeFile(path, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return readFile(path, "utf8");
}
