import { describe, expect, test } from "vitest";
import { objections } from "./validity.ts";
import { shop } from "./shop.ts";

describe("the document", () => {
  test("is valid, by two opinions", async () => {
    expect(await objections(shop.openapi())).toEqual([]);
  });

  test("would be objected to by both, were it not", async () => {
    const broken = structuredClone(shop.openapi());
    const [parameter] = broken.paths["/items"]?.["get"]?.parameters ?? [];
    Object.assign(parameter ?? {}, { in: "body" });
    const found = await objections(broken);
    expect(found.map((each) => each.split(":")[0])).toEqual(["specification", "linter"]);
  });
});
