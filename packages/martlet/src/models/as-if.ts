/**
 * Schemas in the place of another one: they look like that one in the document, and have its tags.
 *
 * @module
 */
import * as core from "zod/v4/core";

/** The definition of a schema in the place of `like`. */
interface Like {
  readonly like: core.$ZodType;
}

/** The constructors of Zod that are built upon, without their assertions of types. */
interface Constructor {
  readonly init: (schema: core.$ZodType, def: unknown) => void;
}
const anything = core.$ZodAny as unknown as Constructor;
const transform = core.$ZodTransform as unknown as Constructor;

const AsIf: core.$constructor<core.$ZodAny> = core.$constructor("MartletAsIf", (inst, def) => {
  anything.init(inst, def);
  resemble(inst, def as unknown as Like);
});

const ReadAs: core.$constructor<core.$ZodTransform> = core.$constructor(
  "MartletReadAs",
  (inst, def) => {
    transform.init(inst, def);
    resemble(inst, def as unknown as Like);
  },
);

function resemble(schema: core.$ZodType, { like }: Like): void {
  // By these a tagged union finds its branches.
  Object.defineProperty(schema._zod, "propValues", { get: () => like._zod.propValues });
  // As Zod's own wrappers do it, by the name that all versions have for it.
  schema._zod.processJSONSchema = (context, _json, params) => {
    core.process(like, context, params);
    const seen = context.seen.get(schema);
    if (seen !== undefined) seen.ref = like;
  };
}

/** A schema that takes anything, as if another one had taken it. */
export function asIf(like: core.$ZodType): core.$ZodType {
  return new AsIf({ type: "any", like } as never);
}

/** A transform that reads what another schema describes. */
export function readAs(
  like: core.$ZodType,
  read: core.$ZodTransformDef["transform"],
): core.$ZodType {
  return new ReadAs({ type: "transform", transform: read, like } as never);
}
