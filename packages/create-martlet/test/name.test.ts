import { expect, test } from "vitest";
import { nameFault, similarName } from "../src/name.ts";

test.each(["my-api", "a", "api2", "my.api", "my_api", "@acme/my-api"])("%s is a name", (name) => {
  expect(nameFault(name)).toBeUndefined();
});

const letters = 'it may only have letters, digits, "-", "." and "_"';
const start = 'it may not start with ".", "_" or "-"';
const taken = "it means something else to Node or npm";

test.each([
  ["", "it is empty"],
  ["MyApi", "it has capital letters"],
  ["my api", letters],
  [" my-api", letters],
  ["my~api", letters],
  ["my-äpi", letters],
  ["a@b", letters],
  ["@acme", letters],
  ["@/a", letters],
  ["@acme/", letters],
  ["@acme/a/b", letters],
  ["a/b", letters],
  ["a\n", letters],
  ["{{name}}", letters],
  [".api", start],
  ["_api", start],
  ["-api", start],
  ["@acme/.api", start],
  ["@.acme/api", start],
  ["http", taken],
  ["node_modules", taken],
  ["martlet", taken],
  ["zod", taken],
])("%j is none", (name, reason) => {
  expect(nameFault(name)).toBe(reason);
});

test.each<[text: string, name: string | undefined]>([
  ["My API", "my-api"],
  ["  Überflug!", "uberflug"],
  [".hidden", "hidden"],
  ["http", "http-api"],
  ["鳥", undefined],
  ["", undefined],
])("for %j there is a similar one", (text, name) => {
  expect(similarName(text)).toBe(name);
});

test("a name has at most 214 characters", () => {
  expect(nameFault("a".repeat(214))).toBeUndefined();
  expect(nameFault("a".repeat(215))).toBe("it is longer than 214 characters");
  expect(similarName("a".repeat(300))).toBe("a".repeat(214));
});
