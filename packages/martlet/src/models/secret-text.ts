/**
 * Text that nothing prints by accident.
 *
 * @module
 */
import * as z from "zod";
import { Secret } from "../index.ts";
import { answering, type Answering } from "./answering.ts";
import { reading, refuse } from "./reading.ts";

/** What a secret may be. */
export interface SecretTextOptions {
  /** The fewest characters (UTF-16 code units). */
  readonly minLength?: number;
  /** The most characters (UTF-16 code units). */
  readonly maxLength?: number;
}

/** The model that {@link secretText} makes. */
export type SecretText = Answering<
  z.ZodPipe<z.ZodType<Secret, string>, z.ZodType<Secret>>,
  z.ZodType<string, Secret>
>;

/**
 * Text that comes in as a {@link Secret}, which shows as `[redacted]` wherever it is printed; only
 * `reveal()` gives the text. An answer says `[redacted]`, too.
 *
 * @example
 * ```ts
 * import { secretText } from "martlet/models";
 * import { z } from "zod";
 *
 * const SignUp = z.object({ name: z.string(), password: secretText({ minLength: 8 }) });
 * const { password } = SignUp.parse({ name: "ann", password: "correct horse" });
 * expect(`${password}`).toBe("[redacted]");
 * expect(password.reveal()).toBe("correct horse");
 * ```
 */
export function secretText(options: SecretTextOptions = {}): SecretText {
  const { minLength = 0, maxLength = Infinity } = options;
  const read = reading<Secret>({
    taken: { type: "string", format: "password", writeOnly: true, ...options },
    given: { type: "string" },
    read: (value) => {
      if (typeof value !== "string") return refuse("string_type", "This has to be text.");
      if (value.length < minLength) {
        return refuse("string_too_short", `At least ${minLength} characters.`, { min: minLength });
      }
      return value.length > maxLength
        ? refuse("string_too_long", `At most ${maxLength} characters.`, { max: maxLength })
        : new Secret(value);
    },
  });
  const hidden = z.instanceof(Secret).transform(String).pipe(z.string());
  return answering(read, hidden as z.ZodType<string, Secret>);
}
