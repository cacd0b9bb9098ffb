/**
 * Models of filters: what a client may ask of a column, bounded by what the column can hold.
 *
 * @module
 */
import * as z from "zod";
import { Fault } from "../../index.ts";
import type { ColumnShape, ProgramType, ValueType } from "./column-shape.ts";
import { type FilterOperator, kindOf, operatorTexts } from "./filter-operator.ts";

/** How much a client may ask for at once. */
export interface FilterLimits {
  /** The values of a list. */
  readonly maxItems: number;
  /** The characters of a text. */
  readonly maxLength: number;
}

/** A column as a client knows it. */
export interface NamedColumn {
  readonly name: string;
  readonly shape: ColumnShape;
  /** The model of its values, in the place of the column's own. */
  readonly model: z.ZodType | undefined;
}

/** The model of one operator's parameter. Throws M031 for an operator that the column has not. */
export function operatorModel(
  { name, shape, model }: NamedColumn,
  operator: FilterOperator,
  limits: FilterLimits,
): z.ZodType {
  refuseOther(name, operator, shape);
  const description = operatorTexts[operator].replace("…", `\`${name}\``);
  const value = (): z.ZodType => model ?? valueModel(shape, limits);
  return parameterModel(operator, value, limits).optional().describe(description);
}

function parameterModel(
  operator: FilterOperator,
  value: () => z.ZodType,
  { maxItems, maxLength }: FilterLimits,
): z.ZodType {
  switch (kindOf(operator)) {
    case "truth":
      return z.boolean();
    case "text":
      return z.string().min(1).max(maxLength);
    case "list":
      return z.array(value()).min(1).max(maxItems);
    case "one":
      return value();
  }
}

const ofOrders: ReadonlySet<FilterOperator> = new Set(["gt", "gte", "lt", "lte"]);

function refuseOther(name: string, operator: FilterOperator, shape: ColumnShape): void {
  const isLess =
    (kindOf(operator) === "text" && shape.type !== "text") ||
    (ofOrders.has(operator) && (shape.type === "boolean" || !shape.isOrdered));
  if (!(operator in operatorTexts) || isLess) {
    throw new Fault("M031", `"${name}" cannot be filtered by "${operator}"`, {
      hint: "Texts have contains, startsWith and endsWith; what has an order has gt, gte, lt and lte.",
    });
  }
}

/** The model of a column's values. */
function valueModel(shape: ColumnShape, limits: FilterLimits): z.ZodType {
  if (shape.values !== undefined) return z.enum([...shape.values]);
  return models[shape.data](shape, limits);
}

const models: Readonly<
  Record<ProgramType, (shape: ColumnShape, limits: FilterLimits) => z.ZodType>
> = {
  number: ({ type, range }) =>
    type === "integer" && range !== undefined
      ? z.int().min(Number(range[0])).max(Number(range[1]))
      : z.number(),
  bigint: ({ range: [min, max] = wide }) => z.bigint().min(min).max(max),
  boolean: () => z.boolean(),
  // The first year that all databases know.
  date: () => z.date().min(new Date("0001-01-02T00:00:00Z")),
  string: textModel,
};

const wide = [-(10n ** 38n), 10n ** 38n] as const;

function textModel(shape: ColumnShape, { maxLength }: FilterLimits): z.ZodType {
  if (shape.type === "text") return z.string().max(Math.min(shape.length ?? maxLength, maxLength));
  const model = texts[shape.type];
  if (model !== undefined) return model(shape);
  throw new Fault("M031", `"${shape.name}" cannot be filtered by without a model`, {
    hint: "Give `models` a model of its values that takes nothing which the database refuses.",
  });
}

const outOfRange = "This is out of range.";

const texts: Partial<Record<ValueType, (shape: ColumnShape) => z.ZodType>> = {
  uuid: () => z.uuid(),
  bigint: (shape) =>
    z
      .string()
      .regex(/^-?\d{1,20}$/)
      .refine(isWithin(shape), outOfRange),
  decimal: () => z.string().regex(/^-?\d{1,35}(?:\.\d{1,30})?$/),
  date: () => z.iso.date().refine(isKnown, outOfRange),
  time: () => z.iso.time(),
  timestamp: () => z.iso.datetime({ offset: true, local: true }).refine(isKnown, outOfRange),
};

function isWithin({ range: [min, max] = wide }: ColumnShape): (text: string) => boolean {
  // All that is wrong with a value is looked at, also when it is no number.
  return (text) => !/^-?\d+$/.test(text) || (BigInt(text) >= min && BigInt(text) <= max);
}

function isKnown(text: string): boolean {
  return text >= "0001-01-02";
}
