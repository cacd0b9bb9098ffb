import type { HttpSource } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import type { Param } from "./param.ts";
import { textReader } from "./text.ts";

/**
 * A request header; `ifMatch` reads `if-match`. A list takes a header that is sent repeatedly, and
 * items with commas between them: in HTTP the two are the same (RFC 9110 section 5.3).
 */
export function headerParam(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "header",
    phase: "input",
    describe: (name, operation) => operation.parameter("header", headerName(name), schema),
    compile: (name, compiler) => {
      const header = headerName(name);
      const read = textReader(schema, ["header", header], compiler, listItems);
      return (source) => read(source.headerValues(header));
    },
  };
}

/** The items of a list; a comma between double quotes stays. An open quote takes all that is left. */
function listItems(value: string): readonly string[] {
  const items = value.match(/(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^,"])+/g) ?? [];
  return items.map((each) => each.trim()).filter((each) => each !== "");
}

/** `"ifMatch"` gives `"if-match"`; a name without capitals stays as it is. */
export function headerName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
