/**
 * Settings that are secret: schemas whose value comes as a `Secret`.
 *
 * @module
 */
import { type AnySchema, jsonSchema, type JsonSchema, type Schema, Secret } from "../index.ts";

/** What a secret may be told to be. */
export interface SecretOptions {
  /** The fewest characters it may have (UTF-16 code units). */
  readonly minLength?: number;
  /** The most characters it may have (UTF-16 code units). */
  readonly maxLength?: number;
  /** What it is for; it stands in `.env.example`. */
  readonly description?: string;
}

/** Keeps a schema, which has a `description` of its own, from being taken for options. */
type NoSchema = { readonly "~standard"?: never };

/** A schema whose value, where it is text, comes as a {@link Secret}. */
type Secretly<Output> = Secret | Extract<Output, undefined>;

/**
 * A schema for secret text: a setting whose value is a {@link Secret}. What the text has to be is told
 * by the options, or by a schema of any library; that one may also be optional or have a default.
 * What is wrong with the text is told without any of it.
 *
 * @example
 * ```ts
 * import { secret, settings } from "martlet/settings";
 * import { z } from "zod";
 *
 * const config = settings({
 *   sessionKey: secret({ minLength: 32 }),
 *   databaseUrl: secret(z.url()),
 *   mailKey: secret(z.string().optional()),
 * });
 * const env = { SESSION_KEY: "k".repeat(32), DATABASE_URL: "postgres://app:hunter2@db/app" };
 * const { databaseUrl, mailKey } = config.load({ env });
 * expect(String(databaseUrl)).toBe("[redacted]");
 * expect(databaseUrl.reveal()).toContain("hunter2");
 * expect(mailKey).toBeUndefined();
 * ```
 */
export function secret(options?: SecretOptions & NoSchema): Schema<string, Secret>;
export function secret<Output extends string | undefined>(
  schema: Schema<unknown, Output>,
  options?: SecretOptions,
): Schema<string | Extract<Output, undefined>, Secretly<Output>>;
export function secret(
  schemaOrOptions: Schema<unknown, string | undefined> | SecretOptions = {},
  more: SecretOptions = {},
): Schema<string | undefined, Secretly<string | undefined>> {
  const isSchema = "~standard" in schemaOrOptions;
  const schema = isSchema ? schemaOrOptions : anyText;
  const options = isSchema ? more : schemaOrOptions;
  const described = describe(schema, options);
  const props: Secretive = {
    version: 1,
    vendor: "martlet",
    validate: (value) => {
      const result = schema["~standard"].validate(value);
      return result instanceof Promise
        ? result.then((late) => conceal(late, options))
        : conceal(result, options);
    },
    jsonSchema: { input: () => described, output: () => described },
  };
  return { "~standard": props };
}

/** Standard Schema and Standard JSON Schema in one. */
interface Secretive extends StandardProps {
  readonly jsonSchema: { readonly [side in "input" | "output"]: () => JsonSchema };
}

type StandardProps = Schema<string | undefined, Secret | undefined>["~standard"];
type StandardResult<Output> = Awaited<ReturnType<Schema<unknown, Output>["~standard"]["validate"]>>;

const anyText: Schema<string> = {
  "~standard": {
    version: 1,
    vendor: "martlet",
    validate: (value) => (typeof value === "string" ? { value } : { issues: [{ message: "" }] }),
  },
};

/** The value as a secret. The schema's own issues may quote it: ours take their place. */
function conceal(
  result: StandardResult<string | undefined>,
  { minLength = 0, maxLength = Infinity }: SecretOptions,
): StandardResult<Secret | undefined> {
  if (result.issues !== undefined) return refused("This secret is not what it has to be.");
  const { value } = result;
  if (value === undefined) return { value };
  if (typeof value !== "string") return refused("A secret has to be text.");
  if (value.length < minLength)
    return refused(`This secret has less than ${minLength} characters.`);
  if (value.length > maxLength)
    return refused(`This secret has more than ${maxLength} characters.`);
  return { value: new Secret(value) };
}

function refused(message: string): { readonly issues: readonly { readonly message: string }[] } {
  return { issues: [{ message }] };
}

/** The JSON Schema of the text: never its default, which may be a secret, too. */
function describe(
  schema: AnySchema,
  { minLength, maxLength, description }: SecretOptions,
): JsonSchema {
  const {
    default: _default,
    examples: _examples,
    ...known
  } = jsonSchema(schema, "input") ?? { type: "string" };
  return {
    ...known,
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(description !== undefined && { description }),
    writeOnly: true,
  };
}
