/**
 * Types that are read by a function of ours: what comes in is described, read, and told what is wrong
 * with it in a code of its own.
 *
 * @module
 */
import * as z from "zod";
import type { JsonSchema } from "../index.ts";

/** Why a value is refused. */
export interface Refusal {
  /** The stable word for it, as in the issue. */
  readonly refused: string;
  /** For people; holds nothing of the value. */
  readonly message: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What {@link reading} is made of. */
export interface Reading<Value> {
  /** What is taken, as JSON. */
  readonly taken: JsonSchema;
  /** What is answered, as JSON. @default what is taken */
  readonly given?: JsonSchema;
  /** Gives the value, or why it is refused. */
  readonly read: (value: unknown) => Value | Refusal;
}

/** A schema that reads by a function; `Wire` is what may be sent. */
export function reading<Value, Wire = string>({
  taken,
  given = taken,
  read,
}: Reading<Value>): z.ZodPipe<z.ZodType<Value, Wire>, z.ZodType<Value>> {
  const first = wire(taken).transform((value, context) => settled(read(value), context));
  // What was read is what the function says it is.
  return first.pipe(z.any().meta(given)) as unknown as z.ZodPipe<
    z.ZodType<Value, Wire>,
    z.ZodType<Value>
  >;
}

/** Anything that is there, described by a JSON Schema. */
export function wire<Wire>(schema: JsonSchema): z.ZodType<Wire, Wire> {
  const missing = { error: "This is required.", params: { code: "missing" } };
  return z.custom<Wire>(isThere, missing).meta(schema);
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}

/** What a transform may say beside its result. */
export type Refuse = Pick<z.RefinementCtx, "addIssue">;

/** The value that was read; a refusal becomes an issue. */
export function settled<Value>(result: Value | Refusal, context: Refuse): Value {
  if (!isRefusal(result)) return result;
  const { refused: code, message, context: limits } = result;
  context.addIssue({
    code: "custom",
    message,
    params: { code, ...(limits && { context: limits }) },
  });
  return z.NEVER;
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "refused" in value;
}

/** Tells why a value is refused. */
export function refuse(code: string, message: string, context?: Refusal["context"]): Refusal {
  return { refused: code, message, ...(context && { context }) };
}

/** What the decoder of a codec is given, as what {@link settled} speaks to. */
export function push(payload: z.core.ParsePayload): Refuse {
  return {
    addIssue: (issue) => {
      const told = typeof issue === "string" ? { code: "custom", message: issue } : issue;
      payload.issues.push({ input: payload.value, ...told } as z.core.$ZodRawIssue);
    },
  };
}
