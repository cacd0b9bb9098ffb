/**
 * Weighted lists: what a client takes, and how much it likes each (RFC 9110 section 12.4.2).
 *
 * @module
 */

/** One member of an `Accept`, `Accept-Encoding` or `Accept-Language` header. */
export interface Weighted {
  /** In lower case, without parameters: `"text/html"`, `"gzip"`, `"*"`. */
  readonly value: string;
  /** From 0, which is a refusal, to 1. */
  readonly weight: number;
}

/**
 * The members of a weighted list, in the order they were sent. One whose weight is malformed is taken
 * for refused.
 *
 * @example
 * ```ts
 * import { weightsOf } from "martlet";
 *
 * expect(weightsOf("text/html, text/*;q=0.1")).toEqual([
 *   { value: "text/html", weight: 1 },
 *   { value: "text/*", weight: 0.1 },
 * ]);
 * ```
 */
export function weightsOf(header: string | undefined): readonly Weighted[] {
  const members = header?.toLowerCase().split(",") ?? [];
  return members.flatMap((member) => {
    const [value = "", ...parameters] = member.split(";").map((part) => part.trim());
    if (value === "") return [];
    const weight = parameters.find((each) => each.startsWith("q="))?.slice(2) ?? "1";
    const isWeight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight);
    return [{ value, weight: isWeight ? Number(weight) : 0 }];
  });
}

/**
 * How much a media type is liked, as the most particular range says that takes it; `undefined` when
 * none does.
 *
 * @example
 * ```ts
 * import { weightOf, weightsOf } from "martlet";
 *
 * const ranges = weightsOf("text/html;q=0.5, text/*");
 * expect(weightOf("text/html", ranges)).toBe(0.5);
 * expect(weightOf("text/css", ranges)).toBe(1);
 * expect(weightOf("image/png", ranges)).toBe(undefined);
 * ```
 */
export function weightOf(mediaType: string, ranges: readonly Weighted[]): number | undefined {
  const names = [mediaType, `${mediaType.split("/")[0]}/*`, "*/*"];
  return names
    .map((name) => ranges.find(({ value }) => value === name))
    .find((each) => each !== undefined)?.weight;
}
