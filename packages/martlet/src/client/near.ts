/**
 * Names that are nearly another.
 *
 * @module
 */

/** The three of `names` that are nearest to `name`, the nearest first. */
export function nearest(name: string, names: readonly string[]): string[] {
  const distances = new Map(names.map((each) => [each, distance(name, each)]));
  const by = (each: string): number => distances.get(each) ?? 0;
  return names.toSorted((a, b) => by(a) - by(b)).slice(0, 3);
}

/** How many letters have to be put in, taken out or replaced (Levenshtein's distance). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let line = 0; line < from.length; line += 1) {
    const next = [line + 1];
    for (let index = 0; index < to.length; index += 1) {
      const [before = 0, above = 0, left = 0] = [row[index], row[index + 1], next[index]];
      next.push(Math.min(above + 1, left + 1, before + (to[index] === from[line] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
