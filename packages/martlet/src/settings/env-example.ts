/**
 * The text of a `.env.example` file: what can be set, and what has to be.
 *
 * @module
 */
import type { SettingInfo } from "./setting.ts";

/**
 * Writes the text of a `.env.example` file. What is required stands there to be filled in, what has a
 * default is commented out; secrets are left empty.
 *
 * @example
 * ```ts
 * import { envExample, secret, settings } from "martlet/settings";
 * import { z } from "zod";
 *
 * const config = settings({
 *   databaseUrl: secret({ description: "Where the database is." }),
 *   port: z.int().default(8000),
 * });
 * expect(envExample(config)).toBe(`# Where the database is.
 * # Required: secret text
 * DATABASE_URL=
 *
 * # Optional: integer
 * # PORT=8000
 * `);
 * ```
 */
export function envExample(config: { readonly describe: () => readonly SettingInfo[] }): string {
  return config.describe().map(entry).join("\n");
}

function entry(info: SettingInfo): string {
  const { variable, type, required, description = "" } = info;
  const lines = description.split("\n").filter((each) => each.trim() !== "");
  const comments = [...lines, `${required ? "Required" : "Optional"}: ${type}`];
  const assignment = `${variable}=${required ? "" : quote(textOf(info.default))}`;
  const shown = required ? assignment : assignment.replaceAll(/^/gm, "# ");
  return `${comments.map((each) => `# ${each.trim()}\n`).join("")}${shown}\n`;
}

/** A value as the text that it is read from. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return listText(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : scalarText(value);
}

function scalarText(value: unknown): string {
  const isScalar = ["number", "bigint", "boolean"].includes(typeof value);
  return isScalar ? (value as number).toString() : "";
}

function listText(list: readonly unknown[]): string {
  const isFlat = list.every((each) => typeof each !== "object" || each instanceof Date);
  const items = isFlat ? list.map(textOf) : [];
  const isPlain = items.every((each) => each !== "" && each === each.trim() && !each.includes(","));
  const text = items.join(",");
  // An empty variable is not set, and what begins with a bracket is read as JSON.
  return isFlat && isPlain && /^[^[]/.test(text) ? text : JSON.stringify(list);
}

/** Puts quotes around a text where a `.env` file needs them. */
function quote(text: string): string {
  const isBare = text === text.trim() && !/^["'`]|[\r\n]|[ \t]#|^#/.test(text);
  if (isBare) return text;
  if (!text.includes("'") && !text.includes("\r")) return `'${text}'`;
  const escaped = text.replaceAll(/["\\$]/g, String.raw`\$&`);
  return `"${escaped.replaceAll("\n", String.raw`\n`).replaceAll("\r", String.raw`\r`)}"`;
}
