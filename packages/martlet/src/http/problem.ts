/**
 * Problems on the wire: the one place where their format is decided (RFC 9457 unless the
 * application replaces it).
 *
 * @module
 */
import {
  HttpProblem,
  InternalError,
  InvalidInput,
  type Issue,
  type ProblemDetails,
} from "../errors.ts";
import type { JsonSchema } from "../openapi/document.ts";
import { Answer } from "./answer.ts";

/** How problems are told: to the client, and to the document. */
export interface ProblemFormat {
  readonly mediaType: string;
  /** What is sent for a problem, as JSON. `issues` are those of invalid input. */
  readonly body: (problem: ProblemDetails, issues: readonly Issue[] | undefined) => unknown;
  /** The JSON Schema of what is sent for one kind of problem. */
  readonly schema: (problem: ProblemKind) => JsonSchema;
}

/** A kind of problem, as the document tells it. */
export interface ProblemKind {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** The JSON Schemas of its extension members. */
  readonly extension: Readonly<Record<string, JsonSchema>>;
}

const issueSchema: JsonSchema = {
  type: "object",
  properties: {
    loc: {
      type: "array",
      items: { type: ["string", "integer"] },
      description: "Where, from the outside in.",
      examples: [["query", "limit"]],
    },
    code: { type: "string", examples: ["greater_than_equal"] },
    message: { type: "string", examples: ["Too small: expected number to be >=1"] },
    context: { type: "object", additionalProperties: true, examples: [{ min: 1 }] },
  },
  required: ["loc", "code", "message"],
};

/** The JSON Schema of the extension of an `InvalidInput` problem. */
export const invalidInputExtension: ProblemKind["extension"] = {
  errors: { type: "array", items: issueSchema },
};

/** RFC 9457 problem details, with a `code` member that tells problems apart. */
export const problemJson: ProblemFormat = {
  mediaType: "application/problem+json",
  body: (problem) => problem,
  schema: ({ status, code, title, extension }) => ({
    type: "object",
    title,
    properties: {
      type: { type: "string", format: "uri-reference", examples: [typeOf(code)] },
      title: { type: "string", examples: [title] },
      status: { type: "integer", const: status },
      code: { type: "string", const: code },
      detail: { type: "string", description: "What is wrong in this one case, for people." },
      instance: { type: "string", format: "uri-reference", examples: ["/occurrences/7"] },
      ...extension,
    },
    required: ["type", "title", "status", "code", ...Object.keys(extension)],
  }),
};

/** The `type` of problems with a code (RFC 9457 section 3.1.1). */
function typeOf(code: string): string {
  return `/problems/${code}`;
}

/** The members of a problem on the wire. */
function problemDetails(problem: HttpProblem): ProblemDetails {
  const { code, title, status, detail, instance, extension } = problem;
  return {
    type: typeOf(code),
    title,
    status,
    code,
    ...(detail !== undefined && { detail }),
    ...(instance !== undefined && { instance }),
    ...(extension as object),
  };
}

/** The answer for whatever was thrown; what is no problem is an internal error, told without a word. */
export function answerProblem(error: unknown, format: ProblemFormat): Answer {
  const problem = error instanceof HttpProblem ? error : new InternalError();
  return new Answer(
    problem.status,
    { ...problem.headers, "content-type": format.mediaType, "cache-control": "no-store" },
    JSON.stringify(format.body(problemDetails(problem), issuesOf(problem))),
  );
}

function issuesOf(problem: HttpProblem): readonly Issue[] | undefined {
  return problem instanceof InvalidInput ? problem.extension.errors : undefined;
}

/**
 * Groups issues by the last name of where they stand: what field-by-field error formats need.
 *
 * @example
 * ```ts
 * import { issuesByField } from "martlet";
 *
 * const issues = [{ loc: ["body", "email"], code: "missing", message: "This is required." }];
 * expect(issuesByField(issues)).toEqual({ email: ["This is required."] });
 * ```
 */
export function issuesByField(issues: readonly Issue[]): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const { loc, message } of issues) {
    const name = loc.findLast((each) => typeof each === "string") ?? "body";
    (fields[name] ??= []).push(message);
  }
  return fields;
}
