/**
 * How this API tells problems: Conduit's `{ "errors": { "<field>": ["…"] } }`, decided here and
 * nowhere else.
 *
 * @module
 */
import { type Issue, problem, type ProblemDetails, type ProblemFormat } from "martlet";
import { z } from "zod";

/** What is wrong, field by field. */
type Errors = Readonly<Record<string, readonly string[]>>;

/** An address or a name is somebody else's. */
export const Taken = problem(422, "taken", {
  errors: z.record(z.string(), z.array(z.string())),
});

/** The problem of fields that are somebody else's. */
export function takenFields(fields: readonly string[]): InstanceType<typeof Taken> {
  const errors = fields.map((each) => [each, ["has already been taken"]]);
  return new Taken({ errors: Object.fromEntries(errors) });
}

/** What each problem says, by its code: those of this API, of the database, and of the framework. */
const said: Readonly<Record<string, Errors>> = {
  "article-not-found": { article: ["not found"] },
  "comment-not-found": { comment: ["not found"] },
  "credentials-invalid": { credentials: ["are invalid"] },
  "follows-oneself": { username: ["is your own"] },
  "not-the-author": { article: ["is not yours"] },
  "not-the-commenter": { comment: ["is not yours"] },
  "profile-not-found": { profile: ["not found"] },
  "token-invalid": { token: ["is invalid"] },

  "conflict-retry": { request: ["met another one, try again"] },
  "database-read-only": { server: ["only reads, try again later"] },
  "database-timeout": { server: ["took too long"] },
  "database-unavailable": { server: ["is busy, try again later"] },
  "outcome-unknown": { server: ["does not know whether it was done"] },

  "bad-request": { request: ["is invalid"] },
  "content-too-large": { body: ["is too large"] },
  internal: { server: ["failed"] },
  "malformed-body": { body: ["is not valid JSON"] },
  "method-not-allowed": { method: ["is not allowed"] },
  "not-found": { path: ["not found"] },
  unauthorized: { token: ["is missing"] },
  unavailable: { server: ["is busy, try again later"] },
  "unsupported-media-type": { body: ["must be application/json"] },
};

/** Conduit's format. The OpenAPI document tells it by the name that it has in the contract. */
export const conduitProblems: ProblemFormat = {
  mediaType: "application/json",
  body: (problem, issues) => ({ errors: issues ? byField(issues) : errorsOf(problem) }),
  schema: () => ({
    title: "GenericErrorModel",
    type: "object",
    properties: {
      errors: {
        type: "object",
        additionalProperties: { type: "array", items: { type: "string" } },
        description: "What is wrong, field by field.",
      },
    },
    required: ["errors"],
  }),
};

function errorsOf({ code, title, errors }: ProblemDetails): Errors {
  // What its `errors` are is declared with it.
  if (code === Taken.code) return errors as Errors;
  return said[code] ?? { request: [title.toLowerCase()] };
}

/** An entry of a list is told as the list: `tagList`, not `2`. */
function byField(issues: readonly Issue[]): Errors {
  const fields = Map.groupBy(issues, ({ loc }) =>
    String(loc.findLast((each) => typeof each === "string")),
  );
  return Object.fromEntries(
    [...fields].map(([field, all]) => [field, [...new Set(all.map(words))]]),
  );
}

/** Conduit's words for an issue, which its code and limits tell in any language. */
function words({ code, context = {}, message }: Issue): string {
  const { min, max } = context;
  switch (code) {
    case "missing":
      return "can't be blank";
    case "string_too_short":
      return min === 1 ? "can't be blank" : `is too short (minimum is ${String(min)} characters)`;
    case "int_parsing":
      return "must be a whole number";
    case "string_too_long":
      return `is too long (maximum is ${String(max)} characters)`;
    case "too_long":
      return `has too many entries (maximum is ${String(max)})`;
    case "greater_than_equal":
      return `must be at least ${String(min)}`;
    case "less_than_equal":
      return `must be at most ${String(max)}`;
    default:
      return message.startsWith("Invalid") ? "is invalid" : message;
  }
}
