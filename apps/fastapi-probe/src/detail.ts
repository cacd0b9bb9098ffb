/**
 * Problems as FastAPI's users know them: `{ "detail": … }`.
 *
 * @module
 */
import type { ProblemFormat } from "martlet";

/** A list of issues for invalid input, whatever the problem's `detail` is otherwise. */
export const detail: ProblemFormat = {
  mediaType: "application/json",
  body: (problem, issues) => ({
    detail:
      issues?.map(({ loc, code, message }) => ({ type: code, loc, msg: message })) ??
      problem.detail ??
      problem.title,
  }),
  schema: ({ title }) => ({
    title,
    type: "object",
    properties: { detail: {} },
    required: ["detail"],
  }),
};
