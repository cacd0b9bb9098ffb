/**
 * The types of models that are made of tables.
 *
 * @module
 */
import type { Table, View } from "drizzle-orm";
import type * as z from "zod";
import type { Coded } from "./coded.ts";
import type { PrivateColumn } from "./private-columns.ts";

/** What a model is made of: a table, or for reading a view. */
export type Source = Table | View;

/** The columns of a table or view. */
export type ColumnsOf<T> = T extends Table
  ? T["_"]["columns"]
  : T extends View
    ? T["_"]["selectedFields"]
    : never;

/** What the model is for. */
export type Purpose = "select" | "insert" | "update";

/** The schemas that are the same whatever else a column is. */
interface Scalars {
  readonly boolean: z.ZodBoolean;
  readonly "number int8": z.ZodInt;
  readonly "number int16": z.ZodInt;
  readonly "number int24": z.ZodInt;
  readonly "number int32": z.ZodInt;
  readonly "number int53": z.ZodInt;
  readonly "number uint8": z.ZodInt;
  readonly "number uint16": z.ZodInt;
  readonly "number uint24": z.ZodInt;
  readonly "number uint32": z.ZodInt;
  readonly "number uint53": z.ZodInt;
  readonly "number year": z.ZodInt;
  readonly number: z.ZodNumber;
  readonly "number unsigned": z.ZodNumber;
  readonly "number float": z.ZodNumber;
  readonly "number ufloat": z.ZodNumber;
  readonly "number double": z.ZodNumber;
  readonly "number udouble": z.ZodNumber;
  readonly "bigint int64": Coded<bigint, string | number>;
  readonly "bigint uint64": Coded<bigint, string | number>;
  readonly string: z.ZodString;
  readonly "string uuid": z.ZodGUID;
  readonly "string binary": z.ZodString;
  readonly "string sparsevec": z.ZodString;
  readonly "string int64": z.ZodType<string, string | number>;
  readonly "string uint64": z.ZodType<string, string | number>;
  readonly "string numeric": z.ZodType<string, string | number>;
  readonly "string unumeric": z.ZodType<string, string | number>;
  readonly "string date": z.ZodType<string, string>;
  readonly "string datetime": z.ZodType<string, string>;
  readonly "string timestamp": z.ZodType<string, string>;
  readonly "string time": z.ZodType<string, string>;
  readonly "string interval": z.ZodType<string, string>;
  readonly "string inet": z.ZodType<string, string>;
  readonly "string cidr": z.ZodType<string, string>;
  readonly "string macaddr": z.ZodType<string, string>;
  readonly "string macaddr8": z.ZodType<string, string>;
  // A column of days and one of moments are alike to Drizzle: JSON has text of either.
  readonly "object date": z.ZodType<Date, Date>;
  readonly "object buffer": Coded<Buffer>;
}

/** What Drizzle's types know of a column. */
interface Config {
  readonly dataType: string;
  readonly data: unknown;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated: unknown;
  readonly identity: unknown;
}

/** The schema of a column's values, `null` left aside. */
export type FieldOf<C extends Config, P extends Purpose> = C["dataType"] extends keyof Scalars
  ? C["data"] extends Uint8Array
    ? Coded<Buffer>
    : Listed<Scalars[C["dataType"]], C["data"]>
  : C["dataType"] extends "string enum"
    ? EnumOf<C["data"]>
    : P extends "select"
      ? z.ZodType<C["data"], C["data"]>
      : UncheckedField<C>;

/** Lists as deep as the data are. */
type Listed<S extends z.ZodType, Data> = Data extends readonly (infer Item)[]
  ? z.ZodArray<Listed<S, Item>>
  : S;

type EnumOf<Data> = [Data] extends [readonly (infer Item)[]]
  ? z.ZodArray<EnumOf<Item>>
  : z.ZodEnum<{ readonly [K in Data & string]: K }>;

/**
 * What a client sends as JSON is JSON, whatever `$type` says of it: that is a promise to the compiler
 * which nobody keeps, until a schema is given. Shapes are what they are.
 */
type UncheckedField<C extends Config> = C["dataType"] extends "object json"
  ? JsonOf<C["data"]>
  : C["dataType"] extends "custom"
    ? z.ZodType
    : z.ZodType<C["data"], C["data"]>;

/** Lists of JSON as deep as the column has dimensions. */
type JsonOf<Data> = unknown extends Data
  ? z.ZodType<z.core.util.JSONType>
  : Data extends readonly (infer Item)[]
    ? unknown extends Item
      ? z.ZodArray<JsonOf<Item>>
      : z.ZodType<z.core.util.JSONType>
    : z.ZodType<z.core.util.JSONType>;

/** How a column stands in a model, once its values are described. */
type Standing<S extends z.ZodType, C extends Config, P extends Purpose> = P extends "select"
  ? Nullable<S, C>
  : P extends "update"
    ? z.ZodOptional<Nullable<S, C>>
    : [C["notNull"], C["hasDefault"]] extends [true, false]
      ? S
      : z.ZodOptional<Nullable<S, C>>;

type Nullable<S extends z.ZodType, C extends Config> = C["notNull"] extends true
  ? S
  : z.ZodNullable<S>;

/** The names of the columns that may be in a model. */
export type NameIn<T, P extends Purpose> = [PrivateColumn<T>] extends [never]
  ? NameFor<ColumnsOf<T>, P>
  : Exclude<NameFor<ColumnsOf<T>, P>, PrivateColumn<T>>;

type NameFor<Columns, P extends Purpose> = P extends "select"
  ? keyof Columns & string
  : keyof { [K in keyof Columns as Writable<Columns[K], K>]: 1 } & string;

type Writable<C, Name> = C extends {
  readonly _: { readonly generated: undefined; readonly identity: undefined | "byDefault" };
}
  ? Name
  : never;

/** The schemas of columns before anything is refined. */
export type Fields<T, P extends Purpose> = {
  readonly [K in NameIn<T, P>]: ColumnsOf<T>[K] extends { readonly _: infer C extends Config }
    ? FieldOf<C, P>
    : z.ZodType;
};

/** Another schema for a column, or a function that makes one of that which it has. */
export type Refinements<T, P extends Purpose> = {
  readonly [K in keyof Fields<T, P>]?: z.ZodType | ((field: Fields<T, P>[K]) => z.ZodType);
};

/** The schema that a refinement makes. */
type Refined<R> = R extends z.ZodType
  ? R
  : R extends (...fields: never[]) => infer Made
    ? Extract<Made, z.ZodType>
    : z.ZodType;

/** The shape of a model. */
export type ModelShape<T, P extends Purpose, Name extends PropertyKey, R> = ShapeOf<
  ColumnsOf<T>,
  P,
  Name,
  // Without refinements the compiler takes all that there could be.
  Refinements<T, P> extends R ? {} : R
>;

type ShapeOf<Columns, P extends Purpose, Name extends PropertyKey, R> = {
  [K in Name & keyof Columns]: Columns[K] extends { readonly _: infer C extends Config }
    ? Standing<K extends keyof R ? Refined<R[K]> : FieldOf<C, P>, C, P>
    : K extends keyof R
      ? Refined<R[K]>
      : z.ZodType;
};

/** A model that is made of a table: an object schema of Zod. */
export type TableModel<T, P extends Purpose, Name extends PropertyKey, R> = z.ZodObject<
  ModelShape<T, P, Name, R>
>;

/** The columns of a table that a model has. */
export type ChosenColumns<M extends z.ZodObject, T extends Source> = Pick<
  ColumnsOf<T>,
  keyof M["shape"] & keyof ColumnsOf<T>
>;
