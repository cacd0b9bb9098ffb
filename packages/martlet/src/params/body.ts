import { validator } from "../schema.ts";
import type { HttpSource } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import type { BodyKind } from "./bytes.ts";
import { limitsOf, takeBody } from "./limits.ts";
import type { Param } from "./param.ts";

/** The body: parsed by its media type, or read by the kind of body that is declared. */
export function bodyParam(schema: AnySchema): Param<unknown, HttpSource> {
  return isKind(schema) ? schema["~param"] : parsedBody(schema);
}

function isKind(schema: AnySchema): schema is BodyKind<unknown, unknown> {
  return "~param" in schema;
}

function parsedBody(schema: AnySchema): Param<unknown, HttpSource> {
  return {
    kind: "body",
    phase: "body",
    describe: (_name, operation) => operation.body("application/json", schema),
    compile: (_name, compiler) => {
      takeBody("body", compiler);
      const limits = limitsOf(compiler);
      const validate = validator(schema, ["body"], "json");
      return (source) => source.json(limits.text).then(validate);
    },
  };
}
