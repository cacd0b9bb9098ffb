/**
 * Fragments: pieces of SQL with their values, which are put together before they become text.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import { quotedPath } from "../names.ts";

/** What a template takes: a value, which becomes a parameter of the statement, or a fragment. */
export type SqlValue = string | number | bigint | boolean | object | null;

/** A piece of SQL with its values. No input of a client can be one. */
export interface SqlFragment {
  readonly [Symbol.toStringTag]: string;
}

/** What makes fragments that are not templates. */
export interface SqlPieces {
  /** A name in quotes: `identifier("public", "items")` is `"public"."items"`. */
  readonly identifier: (...path: readonly string[]) => SqlFragment;
  /** Values in parentheses, for `in`: `(?, ?, ?)`. There must be one at least, for SQL has no empty list. */
  readonly list: (values: readonly SqlValue[]) => SqlFragment;
  /** Fragments one after the other. */
  readonly join: (
    fragments: readonly SqlFragment[],
    separator: ", " | " and " | " or ",
  ) => SqlFragment;
}

/** Makes fragments of templates. */
export interface FragmentTag extends SqlPieces {
  (strings: TemplateStringsArray, ...values: readonly SqlValue[]): SqlFragment;
}

/** A part of a fragment. */
export type Part =
  | { readonly text: string }
  | { readonly path: readonly string[] }
  | { readonly value: unknown };

/** A fragment. That it has private parts is what tells it from everything that looks like one. */
export class Fragment implements SqlFragment {
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  get [Symbol.toStringTag](): string {
    return "SqlFragment";
  }

  /** The parts of what goes into a template. */
  static parts(value: unknown): readonly Part[] {
    if (typeof value === "object" && value !== null && #parts in value) return value.#parts;
    refuse(value);
    return [{ value }];
  }
}

/** The parts of a template. */
export function partsOf(strings: readonly string[], values: readonly unknown[]): readonly Part[] {
  return strings.flatMap((text, index) =>
    index < values.length ? [{ text }, ...Fragment.parts(values[index])] : [{ text }],
  );
}

/** What would be stored as something that nobody meant. */
function refuse(value: unknown): void {
  const is = value instanceof Promise ? "promise" : typeof value;
  if (is === "undefined" || is === "function" || is === "symbol" || is === "promise") {
    const hint = is === "undefined" ? "use null" : is === "promise" ? "await it" : "call it";
    throw new TypeError(`SQL has no value for ${is === "undefined" ? is : `a ${is}`}: ${hint}`);
  }
}

/** What makes the pieces of every tag. */
export const pieces: SqlPieces = {
  identifier: (...path) => {
    if (path.length === 0 || path.some((name) => name === "" || name.includes("\0"))) {
      throw new TypeError("SQL has no name that is empty, or that has a zero byte in it");
    }
    return new Fragment([{ path }]);
  },
  list: (values) => {
    if (values.length === 0) {
      throw new RangeError("SQL has no empty list: leave the condition, or the statement, out");
    }
    const inner = values.flatMap((value, index) =>
      index === 0 ? Fragment.parts(value) : [{ text: ", " }, ...Fragment.parts(value)],
    );
    return new Fragment([{ text: "(" }, ...inner, { text: ")" }]);
  },
  join: (fragments, separator) =>
    new Fragment(
      fragments.flatMap((each, index) =>
        index === 0 ? Fragment.parts(each) : [{ text: separator }, ...Fragment.parts(each)],
      ),
    ),
};

/**
 * Makes a fragment of SQL, to be put into other templates: what is shared by statements is one.
 *
 * @example
 * ```ts
 * import { fragment, sqlOver, type Engine } from "martlet/db";
 *
 * const columns = fragment`id, name, price`;
 * const cheap = (engine: Engine, most: number) =>
 *   sqlOver(engine)<{ id: number }>`select ${columns} from items where price <= ${most}`.all();
 * expect(typeof cheap).toBe("function");
 * ```
 */
export const fragment: FragmentTag = Object.assign(
  (strings: TemplateStringsArray, ...values: readonly SqlValue[]) =>
    new Fragment(partsOf(strings, values)),
  pieces,
);

/** The text of a fragment in a dialect, and its values in order. */
export function compiled(
  fragment: Fragment,
  dialect: Dialect,
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const texts = Fragment.parts(fragment).map((part) => {
    if ("path" in part) return quotedPath(part.path, dialect);
    if ("text" in part) return checked(part.text, dialect);
    values.push(valueFor(part.value, dialect));
    return dialect === "postgresql" ? `$${values.length}` : "?";
  });
  return { text: texts.join(""), values };
}

/** The driver of MySQL takes every question mark for a value, wherever it stands. */
function checked(text: string, dialect: Dialect): string {
  if (dialect === "mysql" && text.includes("?")) {
    throw new TypeError("A question mark in the text of a statement: make it a value");
  }
  return text;
}

function valueFor(value: unknown, dialect: Dialect): unknown {
  if (dialect !== "postgresql" && Array.isArray(value)) {
    throw new TypeError("Only PostgreSQL has arrays: use list(), or JSON.stringify() for JSON");
  }
  return value;
}
