/**
 * Values between JavaScript and SQLite.
 *
 * @module
 */

/** What SQLite knows. */
export type Cell = null | number | bigint | string | Uint8Array;

/**
 * A value as SQLite knows it: a whole number as an integer, a boolean as 1 or 0, a date as ISO text,
 * an object as JSON.
 */
export function bound(value: unknown): Cell {
  switch (typeof value) {
    case "number":
      return boundNumber(value);
    case "boolean":
      return value ? 1n : 0n;
    case "undefined":
      return null;
    case "object":
      return boundObject(value);
    case "string":
      if (value.includes("\0")) throw new TypeError("SQLite cannot hold U+0000 in a text");
      return value;
    case "bigint":
      return value;
    case "function":
    case "symbol":
      throw new TypeError(`SQLite has no value for a ${typeof value}`);
  }
}

/** `node:sqlite` would write 5 as 5.0, by which 5 / 2 is no longer 2. */
function boundNumber(value: number): Cell {
  if (Number.isNaN(value)) throw new TypeError("SQLite has no NaN: it would become null");
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
}

function boundObject(value: object | null): Cell {
  if (value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return JSON.stringify(value);
}

/** What was read: an integer as a number where one is exact, and bytes as a `Buffer`. */
export function unbound(cell: Cell): Cell {
  if (typeof cell === "bigint") {
    const number = Number(cell);
    return Number.isSafeInteger(number) ? number : cell;
  }
  if (typeof cell !== "object" || cell === null) return cell;
  return Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength);
}

/** Texts, names and comments, in which a question mark is one; otherwise it stands for a value. */
const tokens = /'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[^]*?\*\/|[:@$][a-z_]\w*|\?\d*/gi;

/** How many values a statement takes, unless they have numbers or names. */
export function placesIn(text: string): number | undefined {
  const places = [...text.matchAll(tokens)].flatMap(([token]) =>
    /^[?:@$]/.test(token) ? token : [],
  );
  return places.every((place) => place === "?") ? places.length : undefined;
}

/** What of a text comes after its first statement, but for comments and semicolons. */
export function restOf(text: string, first: string): string {
  return text
    .slice(first.length)
    .replaceAll(/--[^\n]*|\/\*[^]*?(?:\*\/|$)/g, "")
    .replaceAll(/[\s;]+/g, " ")
    .trim();
}
