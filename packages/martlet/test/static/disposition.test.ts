import { contentDisposition } from "martlet/static";
import { describe, expect, test } from "vitest";

describe("a name to save a file under", () => {
  test.each([
    ["plain.txt", 'attachment; filename="plain.txt"'],
    ['a"b\\c.txt', "attachment; filename=\"a_b_c.txt\"; filename*=UTF-8''a%22b_c.txt"],
    ["../etc/passwd", 'attachment; filename=".._etc_passwd"'],
    ["100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"],
    ["it's (1)*.txt", `attachment; filename="it's (1)*.txt"`],
    ["ü(')*", "attachment; filename=\"_(')*\"; filename*=UTF-8''%C3%BC%28%27%29%2A"],
    ["a\r\nset-cookie: x", 'attachment; filename="a__set-cookie: x"'],
    ["\ud800.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%EF%BF%BD.txt"],
  ])("tells %j so that no client misreads it", (name, value) => {
    expect(contentDisposition(name)).toBe(value);
  });

  test("may be that of a file to show", () => {
    expect(contentDisposition("a.pdf", "inline")).toBe('inline; filename="a.pdf"');
  });
});
