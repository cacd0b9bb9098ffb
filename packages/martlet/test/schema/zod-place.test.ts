import { type Issue, martlet, post } from "martlet";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

/** Looks like what people must not find in a log. */
const secret = "hunter2-5f4dcc3b5aa765d61d8327deb882cf99";

/** The issues of a JSON body. */
async function issuesOf(body: z.ZodType, json: unknown): Promise<readonly Issue[]> {
  const route = post("/", { body }, () => null);
  await using client = testClient(martlet({ route }, { openapi: false }));
  const answer = await client.post("/", { json });
  expect(answer.status).toBe(422);
  return ((await answer.json()) as { errors: readonly Issue[] }).errors;
}

describe("the place of an issue", () => {
  test("of a tagged union speaks of its tag, and then of the one kind", async () => {
    const pet = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("cat"), lives: z.int() }),
      z.object({ kind: z.literal("dog"), barks: z.number() }),
    ]);
    const schema = z.object({ pet });
    expect(await issuesOf(schema, { pet: { lives: 1 } })).toMatchObject([
      { loc: ["body", "pet"], code: "union_tag_not_found", context: { discriminator: "kind" } },
    ]);
    const other = await issuesOf(schema, { pet: { kind: secret } });
    expect(other).toMatchObject([
      {
        loc: ["body", "pet"],
        code: "union_tag_invalid",
        context: { discriminator: "kind", expected: ["cat", "dog"] },
      },
    ]);
    expect(JSON.stringify(other)).not.toContain(secret);
    expect(await issuesOf(schema, { pet: { kind: "cat", lives: secret } })).toMatchObject([
      { loc: ["body", "pet", "cat", "lives"], code: "int_type" },
    ]);
    expect(await issuesOf(schema, { pet: secret })).toMatchObject([
      { loc: ["body", "pet"], code: "model_attributes_type" },
    ]);
    expect(await issuesOf(schema, {})).toMatchObject([{ loc: ["body", "pet"], code: "missing" }]);
  });

  test("of a tagged union names the tag, within lists, wrappers and one another", async () => {
    const cat = z.strictObject({ kind: z.literal("cat"), lives: z.int() });
    const dog = z
      .object({ kind: z.literal("dog"), size: z.literal("big"), barks: z.number() })
      .refine((each) => each.barks > 0, "Dogs bark.");
    const puppy = z.object({ kind: z.literal("dog"), size: z.literal(1), age: z.int() });
    const dogs = z.discriminatedUnion("size", [dog, puppy]);
    const pets = z.object({
      pets: z.array(z.discriminatedUnion("kind", [cat, dogs]).nullable()).optional(),
    });
    const told = async (pet: unknown): Promise<string[]> =>
      (await issuesOf(pets, { pets: [pet] })).map((each) => `${each.loc.join(".")} ${each.code}`);
    expect(await told({ kind: "cat", lives: "x" })).toEqual(["body.pets.0.cat.lives int_type"]);
    expect(await told({ kind: "cat", lives: 1, tail: 1 })).toEqual([
      "body.pets.0.cat.tail extra_forbidden",
    ]);
    expect(await told({ kind: "dog", size: "big" })).toEqual(["body.pets.0.dog.big.barks missing"]);
    expect(await told({ kind: "dog", size: 1, age: null })).toEqual([
      "body.pets.0.dog.1.age int_type",
    ]);
    expect(await told({ kind: "dog", size: "big", barks: -1 })).toEqual([
      "body.pets.0.dog.big value_error",
    ]);
    expect(await told({ kind: "dog" })).toEqual(["body.pets.0.dog union_tag_not_found"]);
    expect(await told({ kind: null })).toEqual(["body.pets.0 union_tag_invalid"]);
    expect(await told([])).toEqual(["body.pets.0 model_attributes_type"]);
  });

  test("of a union comes from each of its branches, by their names", async () => {
    const cat = z.object({ kind: z.literal("cat") }).meta({ id: "Cat" });
    const dog = z.object({ kind: z.literal("dog"), barks: z.number() }).meta({ title: "Dog" });
    const schema = z.object({ pet: z.union([cat, dog, z.array(z.int())]) });
    const told = async (pet: unknown): Promise<string[]> =>
      (await issuesOf(schema, { pet })).map((each) => `${each.loc.join(".")} ${each.code}`);
    expect(await told({ kind: "fish" })).toEqual([
      "body.pet.Cat.kind literal_error",
      "body.pet.Dog.kind literal_error",
      "body.pet.Dog.barks missing",
      "body.pet.list[int] list_type",
    ]);
    expect(await told({ kind: "dog" })).toEqual([
      "body.pet.Cat.kind literal_error",
      "body.pet.Dog.barks missing",
      "body.pet.list[int] list_type",
    ]);
    expect(await told([1, "x"])).toEqual([
      "body.pet.Cat model_attributes_type",
      "body.pet.Dog model_attributes_type",
      "body.pet.list[int].1 int_type",
    ]);
  });

  test("of a union names what has no name by its type", async () => {
    const branches: readonly (readonly [string, z.ZodType])[] = [
      ["str", z.string().min(80)],
      ["float", z.number()],
      ["int", z.number().int()],
      ["bool", z.boolean()],
      ["datetime", z.date()],
      ["uuid", z.uuid()],
      ["dict[str, list[int]]", z.record(z.string(), z.array(z.int()))],
      ["tuple[int, str]", z.tuple([z.int(), z.string()])],
      ["set[float]", z.set(z.number())],
      ["literal['a',1]", z.literal(["a", 1])],
      ["enum['red']", z.enum(["red"])],
      ["object", z.object({}).optional()],
    ];
    const schema = z.object({ field: z.union(branches.map(([, each]) => each)) });
    const issues = await issuesOf(schema, { field: secret });
    expect(issues.map((each) => each.loc[2])).toEqual(branches.map(([name]) => name));
    expect(JSON.stringify(issues)).not.toContain(secret);
  });

  test("of a union that holds itself has an end", async () => {
    const Tree: z.ZodType = z.lazy(() => z.union([z.string(), z.array(Tree)]));
    const issues = await issuesOf(z.object({ tree: z.union([z.int(), Tree]) }), { tree: [[7]] });
    expect(issues.map((each) => each.loc.length)).toEqual([3, 4, 6, 8, 8]);
    expect(issues.at(-1)?.loc[2]).toBe("union[str, list[union[str, list[union[any, any]]]]]");
  });

  test("of a union with nothing else but null needs no name", async () => {
    const schema = z.object({ a: z.union([z.int(), z.null()]), b: z.int().nullable() });
    const issues = await issuesOf(schema, { a: "x", b: "x" });
    expect(issues.map((each) => each.loc.join("."))).toEqual(["body.a", "body.b"]);
  });

  test("of a set has the place of the member", async () => {
    const schema = z.object({
      tags: z.set(z.string()),
      pets: z.set(z.object({ name: z.string() })),
      few: z.set(z.int()).max(1),
    });
    const issues = await issuesOf(schema, {
      tags: ["a", 7, true],
      pets: [{ name: "a" }, { name: 7 }, {}],
      few: [1, 2],
    });
    expect(issues.map((each) => `${each.loc.join(".")} ${each.code}`)).toEqual([
      "body.tags.1 string_type",
      "body.tags.2 string_type",
      "body.pets.1.name string_type",
      "body.pets.2.name missing",
      "body.few too_long",
    ]);
  });

  test("of a part that only answers later is that of what holds it", async () => {
    const late = z.string().refine((each) => Promise.resolve(each === "a"), "Not a.");
    const told = async (schema: z.ZodType, sent: unknown): Promise<unknown> =>
      (await issuesOf(z.object({ field: schema }), { field: sent })).map((each) => each.loc[1]);
    expect(await told(z.set(late), ["b"])).toEqual(["field"]);
    expect(await told(z.tuple([late, late]), ["b"])).toEqual(["field"]);
  });

  test("of a check on a whole union is that of the union", async () => {
    const either = z.union([z.int(), z.string()]).refine((each) => each !== 7, "Not seven.");
    expect(await issuesOf(z.object({ either }), { either: 7 })).toMatchObject([
      { loc: ["body", "either"], code: "value_error", message: "Not seven." },
    ]);
  });

  test("of a branch that only answers later is told as well", async () => {
    const late = z.string().refine((each) => Promise.resolve(each === "a"), "Not a.");
    const issues = await issuesOf(z.object({ either: z.union([z.int(), late]) }), { either: "b" });
    expect(issues.length).toBeGreaterThan(0);
    expect(issues[0]?.loc.slice(0, 2)).toEqual(["body", "either"]);
  });
});
