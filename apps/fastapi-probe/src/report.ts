/**
 * The verdict in words.
 *
 * @module
 */
import type { Answered } from "./cases.ts";
import { issuesOf, type Level, levels } from "./compare.ts";
import type { Score, Unexplained, Verdict } from "./verdict.ts";

const titles: Readonly<Record<Level, string>> = {
  status: "status and media type",
  json: "JSON of successes",
  loc: "places of 422 issues",
  type: "words of 422 issues",
};

/** The scores, the rules with what they account for, and what nothing accounts for. */
export function report({ scores, unexplained, used }: Verdict): string {
  const rules = [...used].filter(([, cases]) => cases.length > 0);
  return [
    "Beside FastAPI, recorded answer by recorded answer:",
    "",
    ...levels.map((level) => `  ${titles[level].padEnd(24)} ${figure(scores[level])}`),
    "",
    "Deliberate differences:",
    "",
    ...rules.map(
      ([{ name, instead, reason }, cases]) =>
        `  ${String(cases.length).padStart(4)}  ${name}: ${instead}\n        ${reason}`,
    ),
    "",
    unexplained.length === 0
      ? "Nothing is unexplained."
      : `Unexplained (${unexplained.length}):\n\n${unexplained.map(line).join("\n")}`,
    "",
  ].join("\n");
}

/** The verdict for programs, on one line. */
export function reportJson({ scores, unexplained }: Verdict): string {
  return JSON.stringify({ levels: scores, unexplained: unexplained.length });
}

function figure({ equal, total }: Score): string {
  const share = total === 0 ? 100 : Math.floor((equal / total) * 1000) / 10;
  return `${equal} of ${total} equal (${share} %)`.padStart(28);
}

function line({ level, observed }: Unexplained): string {
  const { case: one, actual } = observed;
  const { method, path, body } = one.request;
  return [
    `  ${level} ${one.id} ${method} ${path} ${short(body ?? "")}`,
    `      FastAPI ${answer(one.expect)}`,
    `      Martlet ${answer(actual)}`,
  ].join("\n");
}

function answer(answered: Answered): string {
  const issues = issuesOf(answered);
  const said =
    issues.length > 0
      ? issues.map(({ type, loc }) => `${type}@${loc.join(".")}`).join(" + ")
      : short(answered.json ?? answered.text ?? "");
  return `${answered.status} ${said}`;
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
