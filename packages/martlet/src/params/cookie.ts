import type { HttpSource } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import { modelReader } from "./model.ts";
import type { Param } from "./param.ts";
import { textReader } from "./text.ts";

/** A cookie. */
export function cookieParam(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "cookie",
    phase: "input",
    describe: (name, operation) => operation.parameter("cookie", name, schema),
    compile: (name, compiler) => {
      const read = textReader(schema, ["cookie", name], compiler);
      return (source) => read(source.cookies.get(name));
    },
  };
}

/** All cookies by one model. */
export function cookieModel(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "cookie",
    phase: "input",
    spreads: true,
    describe: (_name, operation) => operation.model("cookie", schema),
    compile: (_name, compiler) => {
      const read = modelReader(schema, { place: "cookie" }, compiler);
      return (source) => read(source.cookies);
    },
  };
}
