/**
 * `martlet/db/models`: models made of Drizzle's tables.
 *
 * @module
 */
export type { Coded } from "./coded.ts";
export { type ChosenNames, columnNamesOf, columnsOf } from "./columns-of.ts";
export type {
  ChosenColumns,
  ColumnsOf,
  FieldOf,
  Fields,
  ModelShape,
  NameIn,
  Purpose,
  Refinements,
  Source,
  TableModel,
} from "./model-shape.ts";
export { type PrivateColumn, privateColumns, type WithPrivateColumns } from "./private-columns.ts";
export { insertModel, selectModel, type TableModelOptions, updateModel } from "./table-model.ts";
