// A switch over the problems of a call forgets one.
import { client, type ProblemOf } from "martlet/client";
import type { app } from "./app.ts";

const api = client<typeof app>("http://localhost");

export function say(problem: ProblemOf<typeof api.items.update>): string {
  switch (problem.code) {
    case "item-not-found":
      return `There is no item ${problem.id}.`;
    // right: case "out-of-stock": return `Only ${problem.left} are left.`;
    // wrong: nothing
    case "bad-request":
    case "malformed-body":
    case "unauthorized":
    case "not-found":
    case "method-not-allowed":
    case "content-too-large":
    case "unsupported-media-type":
    case "invalid-input":
    case "internal":
    case "unavailable":
    case "unreachable":
    case "unexpected-answer":
      return problem.title;
  }
  const forgotten: never = problem;
  return forgotten;
}
