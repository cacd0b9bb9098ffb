/**
 * The form of OAuth2's password flow (RFC 6749 section 4.3.2), as a `form` section.
 *
 * @module
 */
import type { JsonSchema, Schema } from "../index.ts";

/** The fields that both forms have, and what the handler gets of each. */
type Fields = {
  readonly username: Schema<string, string>;
  readonly password: Schema<string, string>;
  /** Names divided by blanks; the handler gets them one by one. */
  readonly scope: Schema<string | undefined, readonly string[]>;
  readonly client_id: Schema<string | undefined, string | undefined>;
  readonly client_secret: Schema<string | undefined, string | undefined>;
};

/** The form of the password flow, field by field. */
export type OAuth2PasswordForm = Fields & {
  readonly grant_type: Schema<"password", "password">;
};

/** The same form where `grant_type` may be left out. */
export type LenientOAuth2PasswordForm = Fields & {
  readonly grant_type: Schema<"password" | undefined, "password" | undefined>;
};

/** What people call a password: tools hide what is typed. */
const secret: JsonSchema = { type: "string", format: "password" };
const grant = { type: "string", const: "password" };
const isGrant = (text: string | undefined): boolean => text === "password";
const isThere = (text: string | undefined): boolean => text !== undefined;
const isAny = (): boolean => true;
const itself = (text: string | undefined): string | undefined => text;

/**
 * What a client sends to `tokenUrl`: user name, password and the scopes that it wants. A declaration
 * for `form`.
 *
 * ```ts
 * import { martlet, post } from "martlet";
 * import { oauth2PasswordForm } from "martlet/auth";
 * import { testClient } from "martlet/testing";
 *
 * const token = post("/token", { form: oauth2PasswordForm }, ({ username, scope }) => ({
 *   access_token: `token-of-${username}`,
 *   token_type: "bearer",
 *   scope: scope.join(" "),
 * }));
 * const form = { grant_type: "password", username: "ann", password: "s3cret", scope: "items me" };
 * const answer = await testClient(martlet({ token })).post("/token", { form });
 * expect(await answer.json()).toMatchObject({ scope: "items me" });
 * ```
 */
export const oauth2PasswordForm: OAuth2PasswordForm = {
  grant_type: field(grant, isGrant, itself),
  username: field({ type: "string" }, isThere, itself),
  password: field(secret, isThere, itself),
  scope: field({ type: "string", default: "" }, isAny, scopesOf),
  client_id: field({ type: "string" }, isAny, itself),
  client_secret: field(secret, isAny, itself),
};

/** {@link oauth2PasswordForm} where `grant_type` may be left out, as old clients do. */
export const lenientOAuth2PasswordForm: LenientOAuth2PasswordForm = {
  ...oauth2PasswordForm,
  grant_type: field(grant, (text) => text === undefined || isGrant(text), itself),
};

function scopesOf(text: string | undefined): readonly string[] {
  return text?.split(" ").filter((each) => each !== "") ?? [];
}

/** A field of text, without the help of a schema library. */
function field<Input, Output>(
  json: JsonSchema,
  takes: (text: string | undefined) => boolean,
  give: (text: string | undefined) => unknown,
): Schema<Input, Output> {
  const validate = (value: unknown) => {
    // A form holds nothing but text.
    const text = value as string | undefined;
    // What `give` makes is what the types above say of the field.
    if (takes(text)) return { value: give(text) as Output };
    const told = json["const"] === undefined ? "" : ` ${JSON.stringify(json["const"])}`;
    return { issues: [{ message: text === undefined ? "This is required." : `Send${told}.` }] };
  };
  const jsonSchema = { input: () => json, output: () => json };
  const standard = { version: 1, vendor: "martlet", validate, jsonSchema } as const;
  return { "~standard": standard };
}
