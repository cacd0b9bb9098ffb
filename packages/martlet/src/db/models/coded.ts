/**
 * Values that look different in JSON than in the program: read by a function of ours, and written by
 * one.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import * as z from "zod";
import type { JsonSchema } from "../../index.ts";

/** Why a value is refused. */
export interface Refusal {
  /** The stable word for it, as in the issue. */
  readonly refused: string;
  /** For people; holds nothing of the value. */
  readonly message: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** How a value is told in JSON. */
export interface Coding<Value> {
  /** What is answered, as JSON. */
  readonly given: JsonSchema;
  /** What is taken, as JSON. @default what is answered */
  readonly taken?: JsonSchema;
  /** The value in the program. */
  readonly value: z.ZodType<Value, Value>;
  readonly read: (wire: unknown) => Value | Refusal;
  readonly write: (value: Value) => string | Refusal;
}

/** A codec between text of JSON and a value of the program. */
export type Coded<Value, Taken = string> = z.ZodCodec<
  z.ZodType<string, Taken>,
  z.ZodType<Value, Value>
>;

/** The schema of values that are read and written by functions. */
export function coded<Value, Taken = string>(coding: Coding<Value>): Coded<Value, Taken> {
  const { given, taken = given, value, read, write } = coding;
  const codec = z.codec(wire(taken), value, {
    decode: (text, payload) => settled(read(text), payload),
    encode: (each, payload) => settled(write(each), payload),
  });
  // What the wire has is what the functions read and write.
  return (taken === given ? codec : answering(codec, coding)) as unknown as Coded<Value, Taken>;
}

/** Anything that is there, described by a JSON Schema. */
function wire(schema: JsonSchema): z.ZodType {
  const missing = { error: "This is required.", params: { code: "missing" } };
  return z.custom<unknown>((value) => value !== undefined, missing).meta(schema);
}

/** The codec with another description of what is answered; the core looks for the member `answer`. */
function answering<Value>(
  codec: z.ZodCodec,
  { value, write, given }: Coding<Value>,
): core.$ZodType {
  const text = value.transform((each, payload) => settled(write(each), payload));
  const answer = text.pipe(z.any().meta(given));
  return clone(codec, { ...codec._zod.def, answer });
}

const clone = z.core.clone as (schema: core.$ZodType, def: unknown) => core.$ZodType;

/** A transform's or codec's payload, as far as issues are concerned. */
interface Payload {
  readonly value: unknown;
  readonly issues: core.$ZodRawIssue[];
}

/** The value; a refusal becomes an issue. */
function settled<Value>(result: Value | Refusal, payload: Payload): Value {
  if (!isRefusal(result)) return result;
  payload.issues.push(issueOf(result, payload.value));
  return z.NEVER;
}

/** A refusal as an issue of Zod. */
function issueOf({ refused, message, context }: Refusal, input: unknown): core.$ZodRawIssue {
  const params = { code: refused, ...(context && { context }) };
  return { code: "custom", message, params, input };
}

/** Whether something is a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "refused" in value;
}

/** Tells why a value is refused. */
export function refuse(code: string, message: string, context?: Refusal["context"]): Refusal {
  return { refused: code, message, ...(context && { context }) };
}

/** A check of a value by a function, which says why it is refused. */
export function judged<Value>(judge: (value: Value) => Refusal | undefined): core.$ZodCheck<Value> {
  return z.check<Value>((payload) => {
    const refusal = judge(payload.value);
    if (refusal !== undefined) payload.issues.push(issueOf(refusal, payload.value));
  });
}

/** What a schema makes of a value, or why it refuses it: for schemas that have codes of their own. */
export function readBy<Value>(schema: z.ZodType<Value>, value: unknown): Value | Refusal {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const { code = "value_error", context } = (issue as { params?: Told }).params ?? {};
  return refuse(code, issue?.message ?? "", context);
}

interface Told {
  readonly code?: string;
  readonly context?: Refusal["context"];
}
