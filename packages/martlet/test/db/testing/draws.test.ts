import { Draws } from "martlet/db/testing";
import { describe, expect, test } from "vitest";

const draw = (seed = 1) => new Draws(seed).next("table");
const many = <T>(next: () => T, count = 2000): readonly T[] => Array.from({ length: count }, next);

describe("draws", () => {
  test("are the same for the same number, table and row, and for no other", () => {
    const drawn = (seed: number, table: string, row: number): readonly number[] => {
      const draws = new Draws(seed);
      for (let skipped = 1; skipped < row; skipped += 1) draws.next(table);
      const next = draws.next(table);
      return many(() => next.int(), 5);
    };
    expect(drawn(1, "a", 3)).toEqual(drawn(1, "a", 3));
    const all = [
      drawn(1, "a", 1),
      drawn(1, "a", 2),
      drawn(1, "b", 1),
      drawn(2, "a", 1),
      drawn(1, "a", 12),
    ];
    expect(new Set(all.map(String)).size).toBe(all.length);
    // These are what they have been since the beginning: tests rely on it.
    expect(drawn(1, "users", 1)).toMatchInlineSnapshot(`
      [
        310796,
        273263,
        177206,
        474778,
        730804,
      ]
    `);
  });

  test("go back to where they were marked", () => {
    const draws = new Draws(1);
    draws.next("a");
    const back = draws.mark();
    expect([draws.next("a").sequence, draws.next("b").sequence]).toEqual([2, 1]);
    back();
    expect([draws.next("a").sequence, draws.next("b").sequence]).toEqual([2, 1]);
  });

  test("give whole numbers between two, both included", () => {
    const one = draw();
    const found = many(() => one.int(-1, 1));
    expect([...new Set(found)].toSorted((a, b) => a - b)).toEqual([-1, 0, 1]);
    expect(one.int(7, 7)).toBe(7);
    expect(many(() => one.int()).every((n) => Number.isInteger(n) && n >= 0 && n <= 1e6)).toBe(
      true,
    );
  });

  test("give one of several, and fail when there is none", () => {
    const one = draw();
    expect(new Set(many(() => one.pick(["a", "b", "c"])))).toEqual(new Set(["a", "b", "c"]));
    expect(() => one.pick([])).toThrow("nothing to pick from");
  });

  test("give true as often as they are told", () => {
    const one = draw();
    const share = (chance?: number): number =>
      many(() => one.bool(chance)).filter(Boolean).length / 2000;
    expect(share()).toBeGreaterThan(0.4);
    expect(share()).toBeLessThan(0.6);
    expect([share(0), share(1)]).toEqual([0, 1]);
  });

  test("give whole seconds between two dates", () => {
    const one = draw();
    const [from, to] = [new Date("2024-02-29T00:00:00Z"), new Date("2024-02-29T00:00:02Z")];
    const found = new Set(many(() => one.date(from, to).toISOString()));
    expect(found).toEqual(new Set(["2024-02-29T00:00:00.000Z", "2024-02-29T00:00:01.000Z"]));
    expect(
      many(() => one.date().getUTCFullYear()).every((year) => year >= 2020 && year < 2030),
    ).toBe(true);
  });

  test("give texts of the length that is asked for", () => {
    const one = draw();
    for (let length = 0; length < 60; length += 1) expect(one.text(length)).toHaveLength(length);
    const texts = many(() => one.text());
    expect(texts.every((text) => /^[a-z]+(?: [a-z]+)*$/.test(text))).toBe(true);
    expect(new Set(texts).size).toBeGreaterThan(1990);
  });
});
