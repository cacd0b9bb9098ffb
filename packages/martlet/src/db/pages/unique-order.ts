/**
 * Orders without ties: what makes every row's place its own.
 *
 * @module
 */
import type { AnyColumn } from "drizzle-orm";
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { loadTableConfig, type TableConfig } from "../packages.ts";
import { isDrizzle } from "./column.ts";
import type { Drizzle } from "./keys.ts";
import type { Key } from "./keyset.ts";

/**
 * Refuses an order in which two rows may have one place: a page between them would leave one out, or
 * show it twice. Throws M031.
 */
export async function refuseTies(
  keys: readonly Key[],
  { dialect, drizzle }: { readonly dialect: Dialect; readonly drizzle: Drizzle | undefined },
): Promise<void> {
  if (keys.some(({ isUnique }) => isUnique)) return;
  if (drizzle !== undefined && (await areUniqueTogether(keys, dialect, drizzle))) return;
  const names = keys.map(({ shape }) => shape.name).join(", ");
  throw new Fault("M031", `Several rows may have one place in the order by ${names}`, {
    hint: "End the order with a unique column, such as the primary key; `{ unique: true }` says that one is.",
  });
}

/** Whether the columns of a primary key, or of a unique constraint or index, are all in the order. */
async function areUniqueTogether(
  keys: readonly Key[],
  dialect: Dialect,
  { getColumnTable, is, Table }: Drizzle,
): Promise<boolean> {
  const columns = keys.filter(({ isNullable }) => !isNullable).map(({ column }) => column);
  const tables = new Set(columns.filter(isDrizzle).map((column) => getColumnTable(column)));
  for (const table of [...tables].filter((each) => is(each, Table))) {
    const config = await loadTableConfig(dialect, table);
    const ordered = columns.filter((each) => isDrizzle(each) && getColumnTable(each) === table);
    const names = new Set(ordered.map(({ name }) => name));
    if (uniqueSets(config).some((set) => set.every((name) => names.has(name)))) return true;
  }
  return false;
}

function uniqueSets(config: TableConfig): readonly (readonly string[])[] {
  const { primaryKeys, uniqueConstraints, indexes } = config;
  const whole = indexes.filter(({ config }) => config.unique && config.where === undefined);
  return [
    ...primaryKeys.map(({ columns }) => columns.map(({ name }) => name)),
    ...uniqueConstraints.map(({ columns }) => columns.map(({ name }) => name)),
    // An expression is of no use here.
    ...whole.flatMap(({ config: { columns } }) => {
      const named = columns.filter((each): each is AnyColumn => "name" in each);
      return named.length === columns.length ? [named.map(({ name }) => name)] : [];
    }),
  ];
}
