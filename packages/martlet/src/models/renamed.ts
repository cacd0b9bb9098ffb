/**
 * Models whose fields have other names on the wire than in the program.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import * as z from "zod";
import { answering } from "./answering.ts";
import { asIf, readAs } from "./as-if.ts";
import {
  type NamePath,
  type Naming,
  namingsOf,
  toProgram,
  toWire,
  type WireName,
} from "./names.ts";
import { changed, partsOf } from "./parts.ts";

/** Names on the wire for some fields of a model. */
export type WireNames<Shape> = { readonly [K in keyof Shape]?: WireName };

/** What one field is called on the wire. */
type NameOf<K, Names> = K extends keyof Names
  ? Names[K] extends string
    ? Names[K]
    : Names[K] extends readonly [infer First, ...unknown[]]
      ? First & string
      : never
  : K;

/** The fields that stand in nested objects. */
type Nested<Shape, Names> = {
  [K in keyof Shape & keyof Names]: Names[K] extends NamePath<infer Place>
    ? Nest<Place, Shape[K]>
    : never;
}[keyof Shape & keyof Names];

type Nest<Place, S> = Place extends readonly [infer Head extends string, ...infer Rest]
  ? Rest extends readonly []
    ? { [K in Head]: S }
    : { [K in Head]: z.ZodObject<Nest<Rest, S> & {}> }
  : never;

type Both<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void
  ? I
  : never;

/** The shape of a model as it is on the wire. */
export type WireShape<Shape, Names> = {
  [K in keyof Shape as NameOf<K, Names>]: Shape[K];
} & ([Nested<Shape, Names>] extends [never] ? {} : Both<Nested<Shape, Names>>);

/** A shape as one object of schemas. */
type Flat<T> = { [K in keyof T]: T[K] extends core.$ZodType ? T[K] : never };

/** The model that {@link renamed} makes: a codec between the wire's names and the program's. */
export type Renamed<M extends core.$ZodObject, Names> = z.ZodCodec<
  z.ZodObject<Flat<WireShape<M["_zod"]["def"]["shape"], Names>>>,
  M
>;

/**
 * A model whose fields have other names on the wire. The program sees the model's own; requests,
 * answers, the document, the client and the places of issues have those of the wire.
 *
 * A field may have a name, several names of which one is sent (the first is the one that is answered),
 * or a {@link path} into nested objects.
 *
 * @throws {Fault} M021 when two fields have one name, or a name is that of no field.
 *
 * @example
 * ```ts
 * import { martlet, post } from "martlet";
 * import { path, renamed } from "martlet/models";
 * import { testClient } from "martlet/testing";
 * import { z } from "zod";
 *
 * const User = renamed(z.object({ user_name: z.string(), zip: z.string(), city: z.string() }), {
 *   user_name: "userName",
 *   zip: ["zip", "postcode"],
 *   city: path("address", "city"),
 * });
 * const echo = post("/users", { body: User, returns: User }, ({ body }) => {
 *   return { ...body, user_name: body.user_name.toUpperCase() };
 * });
 * const client = testClient(martlet({ echo }));
 * const answer = await client.post("/users", {
 *   json: { userName: "ann", postcode: "3000", address: { city: "Bern" } },
 * });
 * expect(await answer.json()).toEqual({ userName: "ANN", zip: "3000", address: { city: "Bern" } });
 * ```
 */
export function renamed<
  M extends core.$ZodObject,
  const Names extends WireNames<M["_zod"]["def"]["shape"]>,
>(model: M, names: Names): Renamed<M, Names> {
  const { shape = {} } = partsOf(model);
  const namings = namingsOf(Object.keys(shape), names);
  // The names are those that the types are worked out of.
  return rename(model, namings) as unknown as Renamed<M, Names>;
}

/** The codec between a model and its names on the wire. */
export function rename(model: core.$ZodType, namings: readonly Naming[]): z.ZodCodec {
  const checks = checksOf(model);
  return z.codec(wireModel(model, namings), asIf(model) as z.ZodType, {
    decode: (wire, payload) => {
      const value = toProgram(wire as Record<string, unknown>, namings);
      const check = (issues: readonly core.$ZodRawIssue[]): unknown => {
        // Checks of the model speak of the program's names.
        payload.issues.push(...issues.map((each) => relocated(each, namings)));
        return value;
      };
      const checked = checks?._zod.run({ value, issues: [] }, {});
      if (checked === undefined) return value;
      return checked instanceof Promise
        ? checked.then(({ issues }) => check(issues))
        : check(checked.issues);
    },
    encode: (value) => toWire(value as Record<string, unknown>, namings) as never,
  });
}

/** The checks of a whole model, on a value that is its already. */
function checksOf(model: core.$ZodType): core.$ZodType | undefined {
  const { checks = [] } = partsOf(model);
  return checks.length === 0 ? undefined : changed(z.any(), { checks });
}

function relocated(issue: core.$ZodRawIssue, namings: readonly Naming[]): core.$ZodRawIssue {
  const [first, ...rest] = issue.path ?? [];
  const place = namings.find(({ name }) => name === first)?.place;
  return place === undefined ? issue : { ...issue, path: [...place, ...rest] };
}

/** The model of what is on the wire. */
function wireModel(model: core.$ZodType, namings: readonly Naming[]): z.ZodType {
  const { shape = {} } = partsOf(model);
  const tree: Tree = {};
  for (const { name, place } of namings) plant(tree, place, shape[name] as core.$ZodType);
  const wire = changed(model, { shape: shapeOf(tree), checks: [] });
  const chosen = namings.filter(({ others }) => others.length > 0);
  return (chosen.length === 0 ? wire : choosing(wire, chosen)) as z.ZodType;
}

/** Schemas by name, nested as on the wire. */
interface Tree {
  [name: string]: core.$ZodType | Tree;
}

function plant(tree: Tree, place: readonly string[], schema: core.$ZodType): void {
  const [head, ...rest] = place as [string, ...string[]];
  if (rest.length === 0) tree[head] = schema;
  else plant((tree[head] ??= {}) as Tree, rest, schema);
}

function shapeOf(tree: Tree): Record<string, core.$ZodType> {
  const members = Object.entries(tree).map(([name, each]) => [name, schemaOf(each)] as const);
  return Object.fromEntries(members);
}

/** An object that need not be there when nothing within has to be. */
function schemaOf(each: core.$ZodType | Tree): core.$ZodType {
  if ("_zod" in each) return each as core.$ZodType;
  const shape = shapeOf(each);
  const object = z.object(shape);
  const isFree = Object.values(shape).every(({ _zod }) => _zod.optin !== undefined);
  return isFree ? object.prefault({}) : object;
}

/** Takes the first of several names that is sent; what is wrong is told of the name that was. */
function choosing(wire: core.$ZodType, chosen: readonly Naming[]): core.$ZodType {
  const read = readAs(wire, (input, payload) => {
    const { value, sent } = choose(input, chosen);
    const settle = (result: core.ParsePayload): unknown => {
      for (const each of result.issues) payload.issues.push(renamedIssue(each, sent));
      return result.value;
    };
    const result = wire._zod.run({ value, issues: [] }, {});
    return result instanceof Promise ? result.then(settle) : settle(result);
  });
  const out = asIf(documented(wire, chosen));
  return answering(new z.ZodPipe({ type: "pipe", in: read, out }), wire);
}

/** What was sent, under the names that the model knows, and the names under which it was. */
function choose(
  input: unknown,
  chosen: readonly Naming[],
): { readonly value: unknown; readonly sent: ReadonlyMap<PropertyKey, string> } {
  const sent = new Map<PropertyKey, string>();
  if (!isRecord(input)) return { value: input, sent };
  const value = { ...input };
  for (const { place, others } of chosen) {
    const [name] = place as readonly [string];
    const found = [name, ...others].find((each) => each in input);
    for (const each of others) delete value[each];
    if (found === undefined || found === name) continue;
    value[name] = input[found];
    sent.set(name, found);
  }
  return { value, sent };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function renamedIssue(
  issue: core.$ZodRawIssue,
  sent: ReadonlyMap<PropertyKey, string>,
): core.$ZodRawIssue {
  const [name, ...rest] = issue.path ?? [];
  const found = name === undefined ? undefined : sent.get(name);
  return found === undefined ? issue : { ...issue, path: [found, ...rest] };
}

/** The document shows the other names as what they are: taken, but not to be written any more. */
function documented(wire: core.$ZodType, chosen: readonly Naming[]): core.$ZodType {
  const { shape = {} } = partsOf(wire);
  const others = chosen.flatMap(({ place: [name = ""], others: names }) =>
    names.map((other) => {
      const innerType = shape[name] as z.ZodType;
      const meta = { deprecated: true, description: `Another name of \`${name}\`.` };
      return [other, new z.ZodOptional({ type: "optional", innerType }).meta(meta)] as const;
    }),
  );
  return changed(wire, { shape: { ...shape, ...Object.fromEntries(others) } });
}
