import type { HttpSource } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import { modelReader } from "./model.ts";
import type { Param } from "./param.ts";
import { textReader } from "./text.ts";

/** A value of the query string; a list for a repeated name. */
export function queryParam(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "query",
    phase: "input",
    describe: (name, operation) => operation.parameter("query", name, schema),
    compile: (name, compiler) => {
      const read = textReader(schema, ["query", name], compiler);
      return (source) => read(source.query.get(name));
    },
  };
}

/** The whole query string by one model. */
export function queryModel(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "query",
    phase: "input",
    spreads: true,
    describe: (_name, operation) => operation.model("query", schema),
    compile: (_name, compiler) => {
      const read = modelReader(schema, { place: "query" }, compiler);
      return (source) => read(source.query);
    },
  };
}
