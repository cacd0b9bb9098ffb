/**
 * A schema that takes any text, for the framework's own routes.
 *
 * @module
 */
import type { Schema } from "../standard.ts";

/** What a schema tells of its JSON Schema (https://standardschema.dev/json-schema). */
const told = (): object => ({ type: "string" });

/** Takes any text. */
export const anyText: Schema<string, string> = {
  "~standard": Object.assign(
    {
      version: 1 as const,
      vendor: "martlet",
      validate: (value: unknown) =>
        typeof value === "string" ? { value } : { issues: [{ message: "This is no text." }] },
    },
    { jsonSchema: { input: told, output: told } },
  ),
};
