import type { HttpSource } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import type { Param } from "./param.ts";
import { textReader } from "./text.ts";

/** A request header; `ifMatch` reads `if-match`. A list for a header that is sent repeatedly. */
export function headerParam(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "header",
    phase: "input",
    describe: (name, operation) => operation.parameter("header", headerName(name), schema),
    compile: (name, compiler) => {
      const header = headerName(name);
      const read = textReader(schema, ["header", header], compiler);
      return (source) => read(source.headerValues(header));
    },
  };
}

/** `"ifMatch"` gives `"if-match"`; a name without capitals stays as it is. */
function headerName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
