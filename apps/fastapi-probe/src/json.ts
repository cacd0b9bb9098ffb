/**
 * JSON whose numbers are kept as they were written: `9007199254740993` and `1.0` are more than a
 * JavaScript number can tell.
 *
 * @module
 */

/** A number with the text it was written as. https://tc39.es/proposal-json-parse-with-source/ */
interface RawNumber {
  readonly rawJSON: string;
}

// The types do not know these yet.
const exact = JSON as unknown as {
  readonly parse: (
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ) => unknown;
  readonly rawJSON: (text: string) => RawNumber;
  readonly isRawJSON: (value: unknown) => value is RawNumber;
};

/** Parses JSON; a number that would be written otherwise keeps its text. */
export function parseExact(text: string): unknown {
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && String(value) !== source
      ? exact.rawJSON(source)
      : value,
  );
}

/**
 * What a value stands for, as text, so that two can be compared: numbers as numbers (`1.0` is `1`),
 * but integers to the last digit; keys in order of the alphabet; `unordered` lists as sets.
 */
export function canonical(value: unknown, { unordered }: { readonly unordered: boolean }): string {
  const text = (each: unknown): string => {
    if (typeof each === "number") return numberText(String(each));
    if (exact.isRawJSON(each)) return numberText(each.rawJSON);
    if (Array.isArray(each)) {
      const items = each.map(text);
      return `[${(unordered ? items.toSorted() : items).join(",")}]`;
    }
    if (typeof each !== "object" || each === null) return JSON.stringify(each);
    const members = Object.entries(each).map(([key, one]) => `${JSON.stringify(key)}:${text(one)}`);
    return `{${members.toSorted().join(",")}}`;
  };
  return text(value);
}

function numberText(text: string): string {
  const isLarge = /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text));
  // There is one zero: JSON.stringify writes -0 as 0.
  return isLarge ? String(BigInt(text)) : String(Number(text) + 0);
}

/** A number as it was written; `undefined` for what is no number. */
export function writtenNumber(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return exact.isRawJSON(value) ? value.rawJSON : undefined;
}

/** Whether a value is an integer beyond what a JavaScript number keeps. */
export function isLargeInteger(value: unknown): boolean {
  const text = writtenNumber(value);
  return text !== undefined && /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text));
}
