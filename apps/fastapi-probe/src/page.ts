/**
 * The rules as a table of a Markdown page.
 *
 * @module
 */
import type { Difference } from "./verdict.ts";

/** The page that lists the rules. */
export const differencesPage: URL = new URL(
  "../../../docs/fastapi-differences.md",
  import.meta.url,
);

const opening = "<!-- The rules of apps/fastapi-probe, written by `npm run parity -- --page`. -->";
const closing = "<!-- The end of the rules. -->";

/** The page with the table of today's rules in place of the one it has. */
export function withRules(page: string, differences: readonly Difference[]): string {
  const [before, rest = ""] = page.split(opening);
  const [, after = ""] = rest.split(closing);
  return `${before}${opening}\n\n${table(differences)}\n\n${closing}${after}`;
}

function table(differences: readonly Difference[]): string {
  const rows = differences.map(
    ({ name, instead, reason }) =>
      `| ${cell(name)} | ${cell(sentence(instead))} | ${cell(reason)} |`,
  );
  return ["| what | FastAPI, and Martlet | why |", "| --- | --- | --- |", ...rows].join("\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
