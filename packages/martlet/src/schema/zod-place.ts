/**
 * Where Zod's issues stand, and which there are: the place names the branch of a union and the tag of
 * a tagged one, as FastAPI's users know it, and each branch says for itself what it misses.
 *
 * @module
 */
import * as core from "zod/v4/core";
import type { Issue } from "../errors.ts";
import { maxIssues, type ValueOrigin } from "./adapter.ts";
import { missing, tellIssue, unexpected } from "./zod-issue.ts";
import { branchName } from "./zod-name.ts";
import { childOf, type Definition, definitionOf, isTold, within } from "./zod-tree.ts";

/** What was validated, by what, and where it stands. */
interface Run {
  readonly schema: core.$ZodType;
  readonly value: unknown;
  readonly loc: Issue["loc"];
  /** `lax` is JSON whose text is read like that of a query. */
  readonly from: ValueOrigin | "lax";
}

type Raw = core.$ZodRawIssue;

/** Zod's raw issues of one value in Martlet's words; the first {@link maxIssues} of them. */
export function zodIssues(raws: readonly Raw[], run: Omit<Run, "loc">): readonly Issue[] {
  // Where a body is asked for, null is none.
  if (run.value === null && run.from === "json") return [missing([])];
  const told: Issue[] = [];
  for (const issue of explainAll(raws, { ...run, loc: [] })) {
    told.push(issue);
    // A large body can have a hundred thousand of them, and an answer ten times its size would help
    // nobody but whoever wants the server busy.
    if (told.length === maxIssues) break;
  }
  return told.length > 0 ? told : raws.slice(0, maxIssues).map(asItStands);
}

/** What a part only says later is told where Zod found it: a refused value is never taken. */
function asItStands(raw: Raw): Issue {
  const loc = (raw.path ?? []).map(segment);
  return tellIssue(raw, { loc, isText: false });
}

/**
 * The issues of a union are told branch by branch, and those of a set member by member, once for all
 * that Zod says about it.
 */
function* explainAll(raws: Iterable<Raw>, run: Run): Generator<Issue> {
  const told = new Set<string>();
  for (const raw of raws) {
    const place = placeOf(raw, run);
    const parts = isMany(place) ? explainParts(place, raw) : undefined;
    if (parts === undefined) yield* explain(raw, { ...run, loc: place.loc, from: place.from });
    else if (!told.has(place.loc.join("\0"))) {
      told.add(place.loc.join("\0"));
      yield* parts;
    }
  }
}

/** Walks from the schema of a run to where an issue stands; ends early at a union or set on the way. */
function placeOf(raw: Raw, run: Run): Place {
  const path = tagOf(raw) === undefined ? (raw.path ?? []) : (raw.path ?? []).slice(0, -1);
  let place: Place = run;
  for (const key of path) {
    place = opened(place);
    if (isMany(place)) return place;
    place = memberOf(place, key);
  }
  return opened(place, raw);
}

/** A place on the way to an issue. */
interface Place extends Omit<Run, "schema"> {
  /** `undefined` where the schemas do not tell what stands there. */
  readonly schema: core.$ZodType | undefined;
}

/**
 * A place past the wrappers of its schema and the tags of its value, which are noted. With an issue,
 * not past the schema that raised it.
 */
function opened(place: Place, raw?: Raw): Place {
  const { schema, value, loc } = place;
  if (schema === undefined || (raw !== undefined && owns(schema, raw))) return place;
  const option = optionOf(schema, value);
  if (option !== undefined) {
    const tag = (value as Tagged)[definitionOf(schema).discriminator as string];
    return opened({ ...place, schema: option, loc: [...loc, String(tag)] }, raw);
  }
  const inner = within(schema);
  const from = definitionOf(schema).lax === true ? "lax" : place.from;
  return inner === undefined ? place : opened({ ...place, schema: inner, from }, raw);
}

function memberOf(place: Place, key: PropertyKey): Place {
  const { schema, value, loc } = place;
  return {
    ...place,
    schema: schema && childOf(schema, key),
    value: isObject(value) && Object.hasOwn(value, key) ? value[key as string] : undefined,
    loc: [...loc, segment(key)],
  };
}

function segment(key: PropertyKey): string | number {
  return typeof key === "symbol" ? String(key) : key;
}

type Tagged = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Tagged {
  return typeof value === "object" && value !== null;
}

/** Whether what stands there is judged part by part, by branches or members that Zod does not name. */
function isMany(place: Place): place is Run {
  if (place.schema === undefined) return false;
  const def = definitionOf(place.schema);
  return isPlainUnion(def) || (def.type === "set" && place.value instanceof Set);
}

function explainParts(run: Run, raw: Raw): Iterable<Issue> | undefined {
  if (owns(run.schema, raw)) return undefined;
  return run.value instanceof Set && definitionOf(run.schema).type === "set"
    ? explainMembers(run.value, run)
    : branches(run, raw);
}

function* explainMembers(members: ReadonlySet<unknown>, run: Run): Generator<Issue> {
  const { valueType: schema } = definitionOf(run.schema);
  if (schema === undefined) return;
  for (const [index, value] of [...members].entries()) {
    const loc = [...run.loc, index];
    yield* explainAll(runOf(schema, value) ?? [], { schema, value, loc, from: run.from });
  }
}

function isPlainUnion({ type, discriminator }: Definition): boolean {
  return type === "union" && discriminator === undefined;
}

/** The name of the member that a tagged union could not be told by. */
function tagOf(raw: Raw): string | undefined {
  const { discriminator } = raw as { readonly discriminator?: string };
  return raw.code === "invalid_union" ? discriminator : undefined;
}

/** The branch of a tagged union that a value says it is. */
function optionOf(schema: core.$ZodType, value: unknown): core.$ZodType | undefined {
  const { discriminator, options = [] } = definitionOf(schema);
  if (discriminator === undefined || !isObject(value)) return undefined;
  const tag = value[discriminator] as core.util.Primitive;
  return options.find((each) => each._zod.propValues?.[discriminator]?.has(tag));
}

/** Whether a schema raised an issue itself, and not what it holds. A union never speaks for itself. */
function owns(schema: core.$ZodType, { inst, code }: Raw): boolean {
  const def = definitionOf(schema);
  if (def.checks?.includes(inst)) return true;
  return schema === inst && !(code === "invalid_union" && isPlainUnion(def));
}

/** What each branch of a union says of a value; `undefined` when one of them takes it. */
function branches({ schema, value, loc, from }: Run, raw: Raw): Iterable<Issue> | undefined {
  if (value === undefined) return undefined;
  const options = (definitionOf(schema).options ?? []).filter(isTold);
  const { errors } = raw as { readonly errors?: readonly (readonly Raw[])[] };
  const found = options.map((option, index) => runOf(option, value) ?? errors?.[index] ?? []);
  if (found.length === 0 || found.some((each) => each.length === 0)) return undefined;
  return (function* () {
    for (const [index, raws] of found.entries()) {
      const option = options[index] as core.$ZodType;
      yield* explainAll(raws, { schema: option, value, loc: [...loc, branchName(option)], from });
    }
  })();
}

/** Zod's raw issues of one more run; `undefined` when they only come later. */
function runOf(schema: core.$ZodType, value: unknown): readonly Raw[] | undefined {
  try {
    const payload = schema._zod.run({ value, issues: [] }, { async: false });
    return payload instanceof Promise ? undefined : payload.issues;
  } catch (error) {
    if (error instanceof core.$ZodAsyncError) return undefined;
    throw error;
  }
}

/** One raw issue: most are one issue, some are one for each key or place. */
function explain(raw: Raw, run: Run): Iterable<Issue> {
  const { loc } = run;
  const def = (raw.inst?._zod.def ?? {}) as unknown as Definition;
  if (raw.code === "invalid_key") return explainKey(String(raw.input), { def, raw, run });
  if (raw.code === "unrecognized_keys") return explainKeys(raw, { def, run });
  if (raw.code === "too_small" && def.items !== undefined && Array.isArray(raw.input)) {
    return explainTuple(raw.input, def.items, run);
  }
  return [tellIssue(raw, { loc, isText: isText(raw, run) })];
}

function explainKeys(
  raw: core.$ZodRawIssue<core.$ZodIssueUnrecognizedKeys>,
  { def, run }: { readonly def: Definition; readonly run: Run },
): Iterable<Issue> {
  if (def.type !== "record") return raw.keys.map((key) => unexpected([...run.loc, key]));
  return raw.keys.flatMap((key) => [
    ...explainKey(key, { def, raw, run: { ...run, loc: [...run.loc, key] } }),
  ]);
}

/** Whether an issue is about a text that was to be read, and not about something made of it. */
function isText({ input, path = [] }: Raw, { value, from }: Run): boolean {
  if (from === "lax") return typeof input === "string";
  if (from !== "text" || typeof input !== "string") return false;
  let sent = value;
  for (const key of path)
    sent = (sent as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key];
  return sent === input || (sent instanceof Set && sent.has(input));
}

/** A key of a record is text, and is read as one: `["body", "prices", "x", "[key]"]`. */
function* explainKey(
  key: string,
  { def, raw, run }: { readonly def: Definition; readonly raw: Raw; readonly run: Run },
): Generator<Issue> {
  const { keyType: schema } = def;
  const loc = [...run.loc, "[key]"];
  const raws = (schema && runOf(schema, key)) ?? [];
  if (schema === undefined || raws.length === 0) yield tellIssue(raw, { loc, isText: false });
  else yield* explainAll(raws, { schema, value: key, loc, from: "text" });
}

/** What is missing of a tuple is told place by place, beside what is wrong with the others. */
function* explainTuple(
  list: readonly unknown[],
  items: readonly core.$ZodType[],
  run: Run,
): Generator<Issue> {
  for (const [index, schema] of items.entries()) {
    const place = { schema, value: list[index], loc: [...run.loc, index], from: run.from };
    yield* explainAll(runOf(schema, place.value) ?? [], place);
  }
}
