/**
 * Revisions: migrations that are written from what has changed in the schema.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { type Differ, differ, type Schema } from "./diff.ts";
import { readFolder } from "./folder.ts";
import { directive, type Migration } from "./migration.ts";
import { type Addition, type Hint, hintsOf, type Rename, reversed } from "./rename.ts";
import { review, type ReviewNote } from "./review.ts";
import { headOf, headsOf, type Snapshot, snapshotsOf } from "./snapshot.ts";
import { next } from "./statements.ts";

/** How a migration is written. */
export interface RevisionOptions {
  /** What was renamed. */
  readonly renames?: readonly Rename[] | undefined;
  /** What is new, although something like it has gone. */
  readonly additions?: readonly Addition[] | undefined;
  /** Whether the files are left to be written by hand. @default false */
  readonly isEmpty?: boolean | undefined;
  /** Whether it joins branches that go together, and changes nothing. @default false */
  readonly isMerge?: boolean | undefined;
  /** The clock of the name, UTC. @default the system's */
  readonly now?: () => Date;
}

/** A migration that was written. */
export interface Revision {
  readonly name: string;
  readonly directory: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** What to look at before it is run. */
  readonly notes: readonly ReviewNote[];
}

/** What a migration is written from. */
export interface RevisionSource {
  readonly directory: string;
  readonly dialect: Dialect;
  readonly schema: Schema | undefined;
}

/** What is written into a folder. */
interface Draft {
  readonly name: string;
  readonly up: string;
  readonly down: string;
  readonly snapshot?: Snapshot;
}

/** Writes what has changed, and gives what was written: nothing when nothing has. */
export async function writeRevision(
  source: RevisionSource,
  name: string,
  options: RevisionOptions,
): Promise<readonly Revision[]> {
  const word = wordOf(name);
  const migrations = readFolder(source.directory);
  const stamps = stampsAfter(migrations, (options.now ?? (() => new Date()))());
  if (options.isEmpty === true) return [writeEmpty(source, `${stamps()}_${word}`)];
  const { schema, dialect } = source;
  if (schema === undefined) throw noSchema();
  const tools: Tools = {
    source,
    kit: await differ(dialect),
    named: (end = "") => `${stamps()}_${word}${end}`,
  };
  if (options.isMerge === true) return [await writeMerge(tools, schema, migrations)];
  return writeChange(tools, await changeOf(tools, schema, migrations), options);
}

interface Tools {
  readonly source: RevisionSource;
  readonly kit: Differ;
  /** The name of the next folder. */
  readonly named: (end?: string) => string;
}

/** What there is, and what is to be. */
interface Step {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

async function changeOf(
  { kit }: Tools,
  schema: Schema,
  migrations: readonly Migration[],
): Promise<Step> {
  const head = headOf(snapshotsOf(migrations));
  const before = head ?? (await kit.snapshot({}));
  return { before, after: await kit.snapshot(schema, before.id) };
}

/** The statements that the schema is ahead of the migrations by; an unanswered rename throws. */
export async function drift(source: RevisionSource, schema: Schema): Promise<readonly string[]> {
  const kit = await differ(source.dialect);
  const tools: Tools = { source, kit, named: () => "" };
  const change = await changeOf(tools, schema, readFolder(source.directory));
  return kit.statements(change, [], { isAsking: false });
}

async function writeChange(
  tools: Tools,
  change: Step,
  { renames = [], additions = [] }: RevisionOptions,
): Promise<readonly Revision[]> {
  const hints = hintsOf({ renames, additions }, change);
  const whole = await tools.kit.statements(change, hints, { isAsking: true });
  if (whole.length === 0) return [];
  const middle = await withoutConcurrent(tools, change, whole);
  if (middle === undefined) return [await writeStep(tools, change, hints)];
  const first = await tools.kit.statements({ ...change, after: middle }, hints, { isAsking: true });
  const second = { before: middle, after: { ...change.after, prevIds: [middle.id] } };
  return [
    ...(first.length > 0 ? [await writeStep(tools, { ...change, after: middle }, hints)] : []),
    await writeStep(tools, first.length > 0 ? second : change, [], "_indexes"),
  ];
}

/**
 * The schema without the indexes that are to be built concurrently, if there are any: no transaction
 * can hold those, and everything else had better be in one.
 */
async function withoutConcurrent(
  { kit }: Tools,
  { before, after }: Step,
  statements: readonly string[],
): Promise<Snapshot | undefined> {
  const created = statements.flatMap(
    (each) => /^create (?:unique )?index concurrently "([^"]+)"/i.exec(each)?.[1] ?? [],
  );
  if (created.length === 0) return undefined;
  const names = new Set(created);
  const { id } = await kit.snapshot({});
  const ddl = after.ddl.filter((each) => each.entityType !== "indexes" || !names.has(each.name));
  return { ...after, id, prevIds: [before.id], ddl };
}

async function writeStep(
  { source, kit, named }: Tools,
  change: Step,
  hints: readonly Hint[],
  end = "",
): Promise<Revision> {
  const up = await kit.statements(change, hints, { isAsking: true });
  const back = { before: change.after, after: change.before };
  const down = await kit.statements(back, reversed(hints), { isAsking: false });
  const notes = review({ ...change, dialect: source.dialect, statements: up, hints });
  const draft = {
    name: named(end),
    up: textOf(up, notes),
    down: textOf(down),
    snapshot: change.after,
  };
  return { ...write(source, draft), up, down, notes };
}

function textOf(statements: readonly string[], notes: readonly ReviewNote[] = []): string {
  const isConcurrent = statements.some((each) => /^\w+ (?:\w+ )?index concurrently/i.test(each));
  const head = [
    ...(isConcurrent ? [directive] : []),
    ...notes.map(({ kind, message }) => `-- review, ${kind}: ${message}`),
  ];
  const lines = head.map((line) => `${line}\n`).join("");
  return `${lines}${statements.join(`\n${next}\n`)}\n`;
}

function writeEmpty(source: RevisionSource, name: string): Revision {
  const how = `separated by lines of \`${next}\``;
  const up = `-- Write the statements here, ${how}.\n`;
  const down = `-- Write here what undoes them, ${how}; remove this file if nothing can.\n`;
  return { ...write(source, { name, up, down }), up: [], down: [], notes: [] };
}

/** Says that the schema is what the branches give together. */
async function writeMerge(
  { source, kit, named }: Tools,
  schema: Schema,
  migrations: readonly Migration[],
): Promise<Revision> {
  const heads = headsOf(snapshotsOf(migrations));
  if (heads.length < 2) {
    throw new Fault("M023", "The migrations do not branch: there is nothing to join", {
      hint: "Leave --merge out to write what has changed.",
    });
  }
  const prevIds = heads.map((each) => each.snapshot.id);
  const snapshot = { ...(await kit.snapshot(schema)), prevIds };
  const names = heads.map((each) => each.name).join(" and ");
  const up = `-- Joins ${names}.\nselect 1;\n`;
  const draft = { name: named(), up, down: "select 1;\n", snapshot };
  return { ...write(source, draft), up: ["select 1;"], down: ["select 1;"], notes: [] };
}

function write({ directory }: RevisionSource, draft: Draft): Pick<Revision, "name" | "directory"> {
  const folder = join(directory, draft.name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "up.sql"), draft.up);
  writeFileSync(join(folder, "down.sql"), draft.down);
  if (draft.snapshot !== undefined) {
    writeFileSync(join(folder, "snapshot.json"), `${JSON.stringify(draft.snapshot, null, 2)}\n`);
  }
  return { name: draft.name, directory: folder };
}

/** Timestamps that come after those of all migrations, whatever the clock says. */
function stampsAfter(migrations: readonly Migration[], now: Date): () => string {
  const last = /^\d{14}/.exec(migrations.at(-1)?.name ?? "")?.[0] ?? "";
  let time = now;
  let previous = last;
  return () => {
    while (stampOf(time) <= previous)
      time = new Date(Math.max(time.getTime(), timeOf(previous)) + 1000);
    previous = stampOf(time);
    return previous;
  };
}

function stampOf(time: Date): string {
  return time.toISOString().replaceAll(/\D/g, "").slice(0, 14);
}

function timeOf(stamp: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(stamp) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) || 0;
}

/** A name that can be a folder's: `Add users!` is `add_users`. */
function wordOf(name: string): string {
  const word = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  if (word !== "" && word.length <= 100) return word;
  throw new Fault("M025", `"${name}" cannot be the name of a migration`, {
    hint: "Use letters and digits, 100 at the most: add_users.",
  });
}

function noSchema(): Fault {
  return new Fault("M018", "There is no schema to compare the migrations with", {
    hint: "Give the database its `schema`, or write the SQL by hand with --empty.",
  });
}
