import { validator } from "../schema.ts";
import type { BodySource } from "../source.ts";
import type { AnySchema } from "../standard.ts";
import type { BodyKind } from "./bytes.ts";
import { limitsOf, takeBody } from "./limits.ts";
import { Invalid, type Param } from "./param.ts";

/** The body: parsed by its media type, or read by the kind of body that is declared. */
export function bodyParam(schema: AnySchema): Param<unknown, BodySource> {
  return isKind(schema) ? schema["~param"] : parsedBody(schema);
}

function isKind(schema: AnySchema): schema is BodyKind<unknown, unknown> {
  return "~param" in schema;
}

function parsedBody(schema: AnySchema): Param<unknown, BodySource> {
  return {
    kind: "body",
    phase: "body",
    describe: (_name, operation) => operation.body(schema),
    compile: (_name, compiler) => {
      takeBody("body", compiler);
      const limits = limitsOf(compiler);
      const judge = judgeOf(schema, ["body"]);
      return (source) => source.json(limits.text, limits.codecs).then(judge);
    },
  };
}

/** A member of a body: several of them, each with a schema of its own, are one object. */
export function memberParam(schema: AnySchema): Param<unknown, BodySource> {
  return {
    kind: "member",
    phase: "body",
    describe: (name, operation) => operation.member(name, schema),
    compile: (name, compiler) => {
      takeBody("members", compiler);
      const limits = limitsOf(compiler);
      const judge = judgeOf(schema, ["body", name]);
      return async (source) => {
        const body = await source.json(limits.text, limits.codecs);
        if (body === undefined || body === null) return judge(undefined);
        if (typeof body === "object" && !Array.isArray(body)) {
          return judge(Object.hasOwn(body, name) ? (body as Members)[name] : undefined);
        }
        const result = await judge(undefined);
        return result instanceof Invalid ? result : noObject;
      };
    },
  };
}

type Members = Readonly<Record<string, unknown>>;

const noObject = new Invalid([
  { loc: ["body"], code: "model_attributes_type", message: "This must be an object." },
]);

/** Judges a value of JSON; `null` where it is not taken is a value that is missing. */
function judgeOf(schema: AnySchema, loc: readonly string[]): (value: unknown) => unknown {
  const validate = validator(schema, loc, "json");
  return (value) => {
    if (value !== null) return validate(value);
    const result = validate(null);
    return result instanceof Promise ? result.then(absent) : absent(result);
  };
  function absent(result: unknown): unknown {
    if (!(result instanceof Invalid)) return result;
    return new Invalid([{ loc, code: "missing", message: "This is required." }]);
  }
}
