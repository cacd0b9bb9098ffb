import type { HttpSource } from "../source.ts";
import { fieldShapesOf } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import { modelReader } from "./model.ts";
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

/**
 * The request headers by one model. Headers that belong to HTTP itself, to browsers or to proxies are no
 * extra ones, whatever the model says of names that it does not have.
 */
export function headerModel(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "header",
    phase: "input",
    spreads: true,
    describe: (_name, operation) => operation.model("header", schema, headerName),
    compile: (_name, compiler) => {
      const fields = new Set([...(fieldShapesOf(schema)?.keys() ?? [])].map(headerName));
      const at = { place: "header", nameOf: headerName, split: listItems };
      const read = modelReader(schema, at, compiler);
      const isJudged = (name: string): boolean => fields.has(name) || !everyday.test(name);
      return (source) => {
        const names = source.headerNames().filter(isJudged);
        return read(new Map(names.map((name) => [name, source.headerValues(name)])));
      };
    },
  };
}

/** Headers that no caller of an API chooses. */
const everyday =
  /^(?:accept(?:-.+)?|authorization|baggage|cache-control|connection|content-.+|cookie|date|dnt|expect|forwarded|from|host|if-.+|keep-alive|origin|pragma|priority|proxy-.+|range|referer|save-data|sec-.+|te|trace(?:parent|state)|trailer|transfer-encoding|upgrade.*|user-agent|via|x-(?:forwarded-.+|real-ip|request-id))$/;

/** The items of a list; a comma between double quotes stays. An open quote takes all that is left. */
function listItems(value: string): readonly string[] {
  const items = value.match(/(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^,"])+/g) ?? [];
  return items.map((each) => each.trim()).filter((each) => each !== "");
}

/** `"ifMatch"` gives `"if-match"`; a name without capitals stays as it is. */
export function headerName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
