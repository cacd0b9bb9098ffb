/**
 * A schema that takes any text, for the framework's own routes.
 *
 * @module
 */
import type { Schema } from "../standard.ts";

/** Takes any text. */
export const stringSchema: Schema<string, string> = {
  "~standard": {
    version: 1,
    vendor: "martlet",
    validate: (value) =>
      typeof value === "string" ? { value } : { issues: [{ message: "This is no text." }] },
    ...{ jsonSchema: { input: () => ({ type: "string" }), output: () => ({ type: "string" }) } },
  },
};
