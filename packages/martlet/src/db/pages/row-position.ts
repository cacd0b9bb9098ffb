/**
 * Positions of rows: the texts of a row's keys.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Key, Position } from "./keyset.ts";

/** The column of a row that holds the texts of its keys, where it has one. */
export const positionName = "$position";

/** What of a row is shown: all but its position. */
export type Shown<Row> = Row extends { readonly $position: unknown } ? Omit<Row, "$position"> : Row;

/** Takes the position off a row. */
export function shown<Row extends object>(row: Row): Shown<Row> {
  const { [positionName]: _position, ...rest } = row as Row & { readonly $position?: unknown };
  // Without the one member that the type leaves out.
  return rest as unknown as Shown<Row>;
}

/** The texts of a row's keys. Throws M031 for a row that lacks one, or has less than all of it. */
export function textsOf(row: object, keys: readonly Key[]): Position["values"] {
  const given = (row as { readonly [positionName]?: unknown })[positionName];
  if (given === undefined) return keys.map((key) => textOf(row, key));
  // Some drivers parse JSON.
  const list = typeof given === "string" ? (JSON.parse(given) as unknown) : given;
  return list as Position["values"];
}

function textOf(row: object, { shape, property, isNullable }: Key): string | null {
  const value = (row as Readonly<Record<string, unknown>>)[property];
  if (value === null && isNullable) return null;
  if (value === null) {
    throw new Fault("M031", `"${shape.name}" is null in a row, and the order does not expect it`, {
      hint: `Say so in the order: ascending(…, { nullable: true }).`,
    });
  }
  const text = value === undefined ? undefined : shape.exact(value);
  if (text !== undefined) return text;
  const lack = value === undefined ? "is not in the rows" : "has more digits than its value shows";
  throw new Fault("M031", `"${shape.name}" ${lack}, so that no cursor can be made of it`, {
    hint: "Select the position beside the columns: db.select({ …, ...page.position }).",
  });
}
