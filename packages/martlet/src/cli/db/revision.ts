/**
 * `martlet db revision`.
 *
 * @module
 */
import { relative } from "node:path";
import type { Rename, RenameKind, Revision, RevisionOptions } from "../../db/index.ts";
import { type Command, command, type Option } from "../command.ts";
import { UsageError } from "../usage.ts";
import { databaseOption, findDatabase } from "./found.ts";
import { counted } from "./words.ts";

/** What can be renamed; an option of each but the first is named after it. */
const kinds: readonly RenameKind[] = ["column", "table", "enum", "schema", "sequence", "role"];

type Lists = Readonly<Record<string, Option & { readonly kind: "list" }>>;

const renames: Lists = Object.fromEntries(
  kinds.map((kind) => {
    const placeholder = kind === "column" ? "table.old:table.new" : "old:new";
    return [
      nameOf("rename", kind),
      { kind: "list", summary: `this ${kind} was renamed`, placeholder },
    ];
  }),
);

const additions: Lists = Object.fromEntries(
  kinds.map((kind) => {
    const placeholder = kind === "column" ? "table.name" : "name";
    const summary = `this ${kind} is new, and no other was renamed to it`;
    return [nameOf("new", kind), { kind: "list", summary, placeholder }];
  }),
);

function nameOf(what: "rename" | "new", kind: RenameKind): string {
  return kind === "column" ? what : `${what}-${kind}`;
}

/** Writes a migration. */
export const revision: Command = command({
  name: "db revision",
  summary: "Writes a migration with what has changed in the schema",
  details: "Nothing is run, and no database is needed. What may lose data or stop others is told.",
  word: { name: "name", summary: "what it does, in a word or two: add_users", isRequired: true },
  options: {
    database: databaseOption,
    empty: { kind: "flag", summary: "leave the SQL to be written by hand" },
    merge: { kind: "flag", summary: "join two branches of migrations that go together" },
    ...renames,
    ...additions,
  },
  run: async ({ options, word: name = "", directory }) => {
    const { database, empty, merge, ...rest } = options;
    const found = await findDatabase(directory, database);
    const written = await found.migrations.revision(name, {
      ...answersOf(rest),
      isEmpty: empty,
      isMerge: merge,
    });
    const text = written.map((each) => inWords(each, directory)).join("\n");
    return { data: { written }, text: text || "the migrations say what the schema says" };
  },
});

function answersOf(
  lists: Readonly<Record<string, readonly string[]>>,
): Required<Pick<RevisionOptions, "renames" | "additions">> {
  return {
    renames: kinds.flatMap((kind) =>
      (lists[nameOf("rename", kind)] ?? []).map((text) => renameOf(kind, text)),
    ),
    additions: kinds.flatMap((kind) =>
      (lists[nameOf("new", kind)] ?? []).map((name) => ({ kind, name })),
    ),
  };
}

function renameOf(kind: RenameKind, text: string): Rename {
  const [from = "", to = "", ...rest] = text.split(":");
  if (from === "" || to === "" || rest.length > 0) {
    throw new UsageError(`"${text}" is no rename: write old:new`);
  }
  return { kind, from, to };
}

function inWords({ directory: folder, up, notes }: Revision, directory: string): string {
  return [
    `wrote ${relative(directory, folder)} (${counted(up.length, "statement")})`,
    ...notes.map(({ kind, message }) => `  ${kind}: ${message}`),
  ].join("\n");
}
