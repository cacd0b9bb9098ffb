import type { HttpSource } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import { limitsOf, takeBody } from "./limits.ts";
import type { Param } from "./param.ts";
import { textReader } from "./text.ts";

/**
 * A field of a form, urlencoded or multipart. An empty field is a missing one: browsers send every
 * field of a form, also those that nobody filled in.
 */
export function formParam(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "form",
    phase: "body",
    describe: (name, operation) => operation.field(name, { schema }),
    compile: (name, compiler) => {
      takeBody("form", compiler);
      const limits = limitsOf(compiler);
      const read = textReader(schema, ["body", name], compiler);
      return async (source) => {
        const { fields } = await source.form(limits);
        return read(fields.get(name)?.filter((each) => each !== ""));
      };
    },
  };
}
