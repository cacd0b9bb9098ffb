/**
 * How this API tells problems: Conduit's `{ "errors": { "<field>": ["…"] } }`, decided here and
 * nowhere else.
 *
 * @module
 */
import {
  type Issue,
  problem,
  type ProblemDetails,
  type ProblemFormat,
  type ProblemOptions,
} from "martlet";
import { z } from "zod";

/** What is wrong, field by field. */
type Errors = Readonly<Record<string, readonly string[]>>;

const Errors = z.record(z.string(), z.array(z.string()).readonly()).readonly();

/**
 * Declares a problem that says the same each time: `new ArticleNotFound()` is
 * `{ "errors": { "article": ["not found"] } }`.
 */
export function refusal<const Status extends number, const Code extends string>(
  status: Status,
  code: Code,
  errors: Errors,
) {
  return class extends problem(status, code, { errors: Errors }) {
    constructor(options?: ProblemOptions) {
      super({ errors }, options);
    }
  };
}

/** What registration and update say of what belongs to somebody else. */
export const Taken = problem(422, "taken", { errors: Errors });

/** What the framework itself refuses, in Conduit's words. */
const refused: Readonly<Record<string, Errors>> = {
  unauthorized: { token: ["is missing"] },
  "bad-request": { request: ["is invalid"] },
  "malformed-body": { body: ["is not valid JSON"] },
  "unsupported-media-type": { body: ["must be application/json"] },
  "content-too-large": { body: ["is too large"] },
  "not-found": { path: ["not found"] },
  "method-not-allowed": { method: ["is not allowed"] },
  unavailable: { server: ["is busy, try again later"] },
  internal: { server: ["failed"] },
};

/** Conduit's format. The OpenAPI document tells it by the name that it has in the contract. */
export const conduitProblems: ProblemFormat = {
  mediaType: "application/json",
  body: (problem) => ({ errors: errorsOf(problem) }),
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
  // The framework's one problem with members of its own: a list of issues.
  if (code === "invalid-input") return byField(errors as readonly Issue[]);
  return (errors as Errors | undefined) ?? refused[code] ?? { request: [title.toLowerCase()] };
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
