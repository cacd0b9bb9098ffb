import type { HttpSource } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import type { Param } from "./param.ts";
import { textReader } from "./text.ts";

/** The value of a placeholder of the path. */
export function pathParam(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "path",
    phase: "input",
    describe: (name, operation) => operation.parameter("path", name, schema, { required: true }),
    compile: (name, compiler) => {
      const read = textReader(schema, ["path", name], compiler);
      return (source) => {
        const text = source.params[name];
        return read(text === undefined ? undefined : [text]);
      };
    },
  };
}
