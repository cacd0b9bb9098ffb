/**
 * Prints the table of what each database can do, of those that there are on this machine.
 *
 * @module
 */
import { can, facts } from "./facts.ts";
import { openSubject, subjects } from "./subjects.ts";

const columns: { readonly title: string; readonly cells: readonly string[] }[] = [];
for (const subject of subjects.filter(({ isSkipped }) => !isSkipped)) {
  const opened = await openSubject(subject);
  const cells: string[] = [];
  for (const fact of facts) cells.push((await can(opened, fact)) ? "yes" : "no");
  await opened.close();
  columns.push({ title: subject.title, cells });
}
const row = (first: string, cells: readonly string[]): void => {
  process.stdout.write(`| ${first} | ${cells.join(" | ")} |\n`);
};
row(
  "",
  columns.map(({ title }) => title),
);
row(
  "---",
  columns.map(() => "---"),
);
for (const [place, { what }] of facts.entries()) {
  row(
    what,
    columns.map(({ cells }) => cells[place] ?? ""),
  );
}
