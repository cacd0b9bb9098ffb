/**
 * What somebody should look at before a migration is run: what loses data, stops others, or is not
 * understood by the release that is still running.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import { type Change, type Hint, nameOf, type Path, pathsOf } from "./rename.ts";

/** What a migration may do to people. */
export type ReviewKind = "destructive" | "blocking" | "breaking" | "failing";

/** Something to look at. */
export interface ReviewNote {
  readonly kind: ReviewKind;
  readonly message: string;
}

/** What is looked at. */
export interface Reviewed extends Change {
  readonly dialect: Dialect;
  readonly statements: readonly string[];
  readonly hints: readonly Hint[];
}

/** What should be looked at, the worst first. */
export function review(reviewed: Reviewed): ReviewNote[] {
  return [
    ...removals(reviewed),
    ...reviewed.statements.flatMap((each) => [...notesOf(each, reviewed)]),
    ...renames(reviewed),
  ];
}

function removals({ before, after, hints }: Reviewed): ReviewNote[] {
  const tables = gone(pathsOf(before, "table"), pathsOf(after, "table"), hints);
  const names = new Set(tables.map(nameOf));
  const columns = gone(pathsOf(before, "column"), pathsOf(after, "column"), hints).filter(
    (path) => !names.has(nameOf(path.slice(0, -1))) && !isMoved(path.slice(0, -1), hints),
  );
  return [
    ...tables.map((path) => destructive(`drops the table ${nameOf(path)} with its rows`)),
    ...columns.map((path) => destructive(`drops the column ${nameOf(path)} with its values`)),
  ];
}

function destructive(message: string): ReviewNote {
  return { kind: "destructive", message };
}

function gone(
  before: ReadonlyMap<string, Path>,
  after: ReadonlyMap<string, Path>,
  hints: readonly Hint[],
): Path[] {
  return [...before]
    .filter(([key, path]) => !after.has(key) && !isMoved(path, hints))
    .map(([, path]) => path);
}

function isMoved(path: Path, hints: readonly Hint[]): boolean {
  return hints.some((each) => each.type === "rename" && nameOf(each.from) === nameOf(path));
}

function renames({ hints }: Reviewed): ReviewNote[] {
  return hints.flatMap((each) => {
    if (each.type !== "rename") return [];
    const message = `renames the ${each.kind} ${nameOf(each.from)}, which the running release may still use`;
    return [{ kind: "breaking" as const, message }];
  });
}

/** What a statement does to a table that is there already. Names are as drizzle-kit quotes them. */
interface Rule {
  readonly dialects: readonly Dialect[];
  readonly pattern: RegExp;
  readonly kind: ReviewKind;
  readonly message: (table: string, statement: string) => string;
}

const name = String.raw`(?<table>(?:["\x60][^"\x60]+["\x60]\.)?["\x60][^"\x60]+["\x60])`;
const alter = String.raw`^alter table (?:if exists )?${name} `;

const rules: readonly Rule[] = [
  {
    dialects: ["postgresql"],
    pattern: new RegExp(String.raw`^create (?:unique )?index (?!concurrently).*? on ${name}`, "is"),
    kind: "blocking",
    message: (table) =>
      `writing to ${table} waits while the index is built; \`.concurrently()\` builds it beside them`,
  },
  {
    dialects: ["postgresql"],
    pattern: new RegExp(String.raw`${alter}alter column .* set data type`, "is"),
    kind: "blocking",
    message: (table) => `${table} may be rewritten, and nobody can read it meanwhile`,
  },
  {
    dialects: ["mysql"],
    pattern: new RegExp(String.raw`${alter}modify column`, "is"),
    kind: "blocking",
    message: (table) => `${table} may be copied, and nobody can write to it meanwhile`,
  },
  {
    dialects: ["postgresql"],
    pattern: new RegExp(String.raw`${alter}alter column .* set not null`, "is"),
    kind: "failing",
    message: (table) => `it fails if ${table} has a null there, and all of it is read to find out`,
  },
  {
    dialects: ["postgresql"],
    pattern: new RegExp(
      String.raw`${alter}add constraint .*(?:foreign key|check|unique)(?!.*not valid)`,
      "is",
    ),
    kind: "blocking",
    message: (table) => `writing to ${table} waits while its rows are checked`,
  },
  {
    dialects: ["postgresql", "mysql", "sqlite"],
    pattern: new RegExp(
      String.raw`${alter}add (?:column )?(?!constraint|.*\bdefault\b|.*\bgenerated\b|.*serial\b).*\bnot null`,
      "is",
    ),
    kind: "failing",
    message: (table) => `it fails if ${table} has rows: give the new column a default`,
  },
];

function* notesOf(statement: string, { dialect, before }: Reviewed): Generator<ReviewNote> {
  const tables = new Set([...pathsOf(before, "table").values()].map(nameOf));
  for (const { dialects, pattern, kind, message } of rules) {
    const quoted = pattern.exec(statement)?.groups?.["table"];
    if (quoted === undefined || !dialects.includes(dialect)) continue;
    const table = quoted.replaceAll(/["`]/g, "");
    if (tables.has(table)) yield { kind, message: message(table, statement) };
  }
}
