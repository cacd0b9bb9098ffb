import { expect, test } from "vitest";
import { slugOf, slugsOf } from "../../src/articles/slug.ts";

test.each([
  ["How to train your dragon", "how-to-train-your-dragon"],
  ["  C++ & Rust: 2 views!  ", "c-rust-2-views"],
  ["Ærøskøbing", "ærøskøbing"],
  ["ﬁne ﬂour", "fine-flour"],
  ["日本語", "日本語"],
  ["???", "article"],
  ["feed", "feed-article"],
])("%j is %j", (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test("a slug is bounded, and ends with a word and a whole character", () => {
  expect(slugOf("a".repeat(500))).toBe("a".repeat(80));
  expect(slugOf(`${"a".repeat(79)} b`)).toBe("a".repeat(79));
  expect(slugOf(`${"a".repeat(79)}𝒃𠀀`)).toBe(`${"a".repeat(79)}b`);
  expect(slugOf(`${"a".repeat(79)}𠀀`)).toBe("a".repeat(79));
});

test("the first slug to try is the plain one, the others are longer and differ", () => {
  const [first, ...others] = slugsOf("Twice told");
  expect(first).toBe("twice-told");
  expect(new Set(others).size).toBe(others.length);
  expect(others.every((each) => /^twice-told-[0-9a-z]{6}$/.test(each))).toBe(true);
});
