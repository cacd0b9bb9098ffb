/**
 * Renames: what drizzle-kit cannot know. Something that has gone and something that has come may be
 * one thing, and taking it for two would lose what is in it.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Snapshot } from "./snapshot.ts";

/** What holds data, or is hard to put back: whether it was renamed has to be said. */
export type RenameKind = "column" | "table" | "enum" | "schema" | "sequence" | "role";

/** Something that was renamed. */
export interface Rename {
  /** @default "column" */
  readonly kind?: RenameKind | undefined;
  /** The old name: `users.name` of a column, `users` of a table, each after its schema if that is not `public`. */
  readonly from: string;
  /** The new name. */
  readonly to: string;
}

/** Something that is new, although something like it has gone. */
export interface Addition {
  /** @default "column" */
  readonly kind?: RenameKind | undefined;
  readonly name: string;
}

/** What is said of names that have come. */
export interface Answers {
  readonly renames: readonly Rename[];
  readonly additions: readonly Addition[];
}

/** The path of a name, as drizzle-kit writes it. */
export type Path = readonly string[];

/** An answer to drizzle-kit. */
export type Hint =
  | { readonly type: "rename"; readonly kind: string; readonly from: Path; readonly to: Path }
  | { readonly type: "create"; readonly kind: string; readonly entity: Path };

/** A question of drizzle-kit. */
export interface Question {
  readonly type: string;
  readonly kind: string;
  readonly entity: Path;
}

/** How a kind is called in a snapshot, and how many parts its path has. */
const kinds: { readonly [K in RenameKind]: { readonly entity: string; readonly parts: number } } = {
  column: { entity: "columns", parts: 3 },
  table: { entity: "tables", parts: 2 },
  enum: { entity: "enums", parts: 2 },
  schema: { entity: "schemas", parts: 1 },
  sequence: { entity: "sequences", parts: 2 },
  role: { entity: "roles", parts: 1 },
};

/** Whether a kind is one that has to be asked for. */
function isAsked(kind: string): kind is RenameKind {
  return Object.hasOwn(kinds, kind);
}

/** Two schemas, one after the other. */
export interface Change {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/**
 * The answers as hints.
 *
 * @throws Fault M027 when a name is not where it is said to be
 */
export function hintsOf({ renames, additions }: Answers, change: Change): Hint[] {
  const tables = renames.filter((each) => each.kind === "table");
  return [
    ...renames.map((each) => renameHint(each, tables, change)),
    ...additions.map(({ kind = "column", name }): Hint => {
      return { type: "create", kind, entity: pathOf(kind, name) };
    }),
  ];
}

function renameHint(rename: Rename, tables: readonly Rename[], change: Change): Hint {
  const { kind = "column" } = rename;
  const to = pathOf(kind, rename.to);
  const from = pathOf(kind, rename.from);
  const old = kind === "column" ? [...oldTable(to, tables), from.at(-1) ?? ""] : from;
  refuseUnknown(kind, rename.from, pathsOf(change.before, kind).has(key(old)), "was");
  refuseUnknown(kind, rename.to, pathsOf(change.after, kind).has(key(to)), "is");
  // Columns are looked at after their tables are renamed.
  return {
    type: "rename",
    kind,
    from: kind === "column" ? [...to.slice(0, -1), from.at(-1) ?? ""] : from,
    to,
  };
}

function refuseUnknown(kind: string, name: string, isThere: boolean, verb: string): void {
  if (isThere) return;
  throw new Fault("M027", `There ${verb} no ${kind} "${name}"`, {
    hint: "Write a rename as old:new, with the names that they have in the database.",
  });
}

/** The path that a column's table had before. */
function oldTable(column: Path, tables: readonly Rename[]): Path {
  const table = column.slice(0, -1);
  const renamed = tables.find(({ to }) => key(pathOf("table", to)) === key(table));
  return renamed === undefined ? table : pathOf("table", renamed.from);
}

/** The same hints for the way back; what they do not say is new there. */
export function reversed(hints: readonly Hint[]): Hint[] {
  const renames = hints.filter((each) => each.type === "rename");
  const tables = renames.filter(({ kind }) => kind === "table");
  return renames.map(({ type, kind, from, to }): Hint => {
    if (kind !== "column") return { type, kind, from: to, to: from };
    const table = to.slice(0, -1);
    const old = tables.find((each) => key(each.to) === key(table))?.from ?? table;
    return { type, kind, from: [...old, to.at(-1) ?? ""], to: [...old, from.at(-1) ?? ""] };
  });
}

/** What is new for a question that nobody has to answer. */
export function creationOf({ kind, entity }: Question): Hint {
  return { type: "create", kind, entity };
}

/** The questions that somebody has to answer; an index or a constraint is made anew without asking. */
export function openQuestions(questions: readonly Question[]): Question[] {
  return questions.filter(({ kind }) => isAsked(kind));
}

/** The fault of questions that nobody has answered, with the options that answer them. */
export function unanswered(questions: readonly Question[], change: Change): Fault {
  const lines = questions.map(({ kind, entity }) => {
    const name = nameOf(entity);
    const renames = goneLike(kind as RenameKind, entity, change).map(
      (from) => `${optionOf("rename", kind)} ${from}:${name}`,
    );
    return `  the ${kind} ${name}: ${[...renames, `${optionOf("new", kind)} ${name}`].join(", or ")}`;
  });
  const what = lines.length === 1 ? "A name is new, or" : `${lines.length} names are new, or`;
  return new Fault("M027", `${what} something was renamed\n${lines.join("\n")}`, {
    hint: "Add one of the options for each.",
  });
}

/** The option that answers a question about a kind: `--rename` or `--rename-table`. */
function optionOf(what: "rename" | "new", kind: string): string {
  return kind === "column" ? `--${what}` : `--${what}-${kind}`;
}

/** Names of the same kind, and of the same table, that have gone. */
function goneLike(kind: RenameKind, entity: Path, { before, after }: Change): string[] {
  const still = pathsOf(after, kind);
  const gone = [...pathsOf(before, kind).values()].filter((path) => !still.has(key(path)));
  return gone
    .filter((path) => kind !== "column" || key(path.slice(0, -1)) === key(entity.slice(0, -1)))
    .map(nameOf);
}

/** All paths of a kind. */
export function pathsOf({ ddl }: Snapshot, kind: RenameKind): ReadonlyMap<string, Path> {
  const { entity, parts } = kinds[kind];
  const paths = ddl
    .filter((each) => each.entityType === entity)
    .map((each) => [each.schema ?? "public", each.table ?? "", each.name])
    .map(([schema = "", table = "", name = ""]) =>
      parts === 3 ? [schema, table, name] : [schema, name].slice(-parts),
    );
  return new Map(paths.map((path) => [key(path), path]));
}

/** A path as people write it. */
export function nameOf(path: Path): string {
  return path
    .filter((each, index) => index > 0 || each !== "public" || path.length === 1)
    .join(".");
}

function pathOf(kind: RenameKind, name: string): Path {
  const { parts } = kinds[kind];
  const found = name.split(".");
  return found.length === parts - 1 ? ["public", ...found] : found;
}

function key(path: Path): string {
  return path.join("\u0000");
}
