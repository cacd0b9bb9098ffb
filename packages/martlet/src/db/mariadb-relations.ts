/**
 * Relations on MariaDB, which has no `lateral`: each is a subquery of its own among the columns.
 * Drizzle writes them for MySQL.
 *
 * @module
 */
import {
  aliasedTable,
  type AnyDBQueryConfig,
  type AnyRelation,
  buildRqbColumns,
  type BuildRelationalQueryResult,
  collectSubqueryAndUsedTables,
  commonStringChunks,
  getColumns,
  getTableAsAliasSQL,
  type RelationalWithSubqueries,
  relationExtrasToSQL,
  relationsFilterToSQL,
  relationsOrderToSQL,
  relationToSQL,
  type SchemaEntry,
  SQL,
  sql,
  type SQLChunk,
  StringChunk,
  type TableRelationalConfig,
  type TablesRelationalConfig,
} from "drizzle-orm";
import { MySqlDialect } from "drizzle-orm/mysql-core";

type Selection = BuildRelationalQueryResult["selection"];
type RootConfig = Parameters<MySqlDialect["buildRelationalQuery"]>[0];

/** A table whose relations are looked up, and where. */
interface Level {
  readonly table: SchemaEntry;
  readonly config: TableRelationalConfig;
  readonly asked: AnyDBQueryConfig;
  readonly depth: number;
  readonly schema: TablesRelationalConfig;
  readonly collector: RelationalWithSubqueries;
}

/** One value of a row, as SQL, and how it is read. */
interface Field {
  readonly value: SQL;
  readonly entry: Selection[number];
}

/** The SQL of MariaDB. */
export class MariaDbDialect extends MySqlDialect {
  constructor(...config: ConstructorParameters<typeof MySqlDialect>) {
    super(...config);
    const { relationalRows } = this.mapperGenerators;
    // An old server does not tell JSON from a text.
    this.mapperGenerators.relationalRows = (mapped) =>
      relationalRows({ ...mapped, parseJsonIfString: true });
  }

  /** Drizzle's own query of the table; its relations are added as if they were extra columns. */
  override buildRelationalQuery(root: RootConfig): BuildRelationalQueryResult {
    const asked = askedOf(root.queryConfig);
    const { schema, tableConfig: config, usedTables } = root;
    const collector = root.withSubqueries ?? {
      subqueries: new Map(),
      ...(usedTables && { usedTables }),
    };
    const table = aliasedTable(root.table, "d0");
    const fields = this.#relations({ table, config, asked, depth: 0, schema, collector });
    if (fields.length === 0) return super.buildRelationalQuery(root);
    const extras = Object.fromEntries(fields.map(({ value, entry }) => [entry.key, value]));
    const queryConfig = { ...asked, with: undefined, extras: { ...asked.extras, ...extras } };
    const built = super.buildRelationalQuery({
      ...root,
      // What was asked for, but for its type.
      queryConfig: queryConfig as unknown as Exclude<RootConfig["queryConfig"], true | undefined>,
      withSubqueries: collector,
    });
    const entries = new Map(fields.map(({ entry }) => [entry.key, entry]));
    return {
      ...built,
      selection: built.selection.map((entry) => entries.get(entry.key) ?? entry),
    };
  }

  #relations(level: Level): readonly Field[] {
    return Object.entries(level.asked.with ?? {}).flatMap(([key, asked]) => {
      const relation = level.config.relations[key];
      // Drizzle has the words for one that it does not know.
      return asked && relation !== undefined ? this.#relation(level, { key, asked, relation }) : [];
    });
  }

  #relation(outer: Level, { key, asked, relation }: Asked): Field {
    const { collector, schema } = outer;
    const depth = outer.depth + 1;
    collectSubqueryAndUsedTables(collector, relation.targetTable);
    collectSubqueryAndUsedTables(collector, relation.throughTable);
    const level: Level = {
      ...outer,
      table: aliasedTable(relation.targetTable, `d${depth}`),
      config: schema[relation.targetTableName] as TableRelationalConfig,
      asked: askedOf(asked),
      depth,
    };
    const through =
      relation.throughTable && aliasedTable(relation.throughTable, `tr${outer.depth}`);
    const fields = [...this.#columns(level), ...this.#relations(level)];
    const pairs = fields.map(
      ({ value, entry }) => sql`${new StringChunk(this.escapeString(entry.key))}, ${value}`,
    );
    const object = sql`json_object(${sql.join(pairs, sql`, `)})`;
    const rows = rowsOf(outer, level, { relation, through });
    const isOne = relation.relationType === "one";
    const query = isOne ? this.#one(object, level, rows) : this.#many(object, level, rows);
    return {
      value: sql`(${query})`,
      entry: {
        field: level.table,
        fieldType: "Nested",
        key,
        selection: fields.map(({ entry }) => entry),
        isArray: !isOne,
        isOptional: isOptional(relation) || level.asked.where !== undefined,
      },
    };
  }

  #one(object: SQL, level: Level, rows: SQL): SQL {
    const order = orderOf(level);
    return sql`select ${object} from ${rows}${order && sql` order by ${order}`} limit 1`;
  }

  #many(object: SQL, { asked, ...level }: Level, rows: SQL): SQL {
    const order = orderOf({ asked, ...level });
    const { offset } = asked;
    // There is no offset without a limit.
    const limit = asked.limit ?? (offset === undefined ? undefined : sql`18446744073709551615`);
    const bounds = [
      order && sql` order by ${order}`,
      limit !== undefined && sql` limit ${limit}`,
      offset !== undefined && sql` offset ${offset}`,
    ].filter((bound) => bound instanceof SQL);
    const list = sql`json_arrayagg(${sql.join([object, ...bounds])})`;
    return sql`select coalesce(${list}, json_array()) from ${rows}`;
  }

  /** Drizzle's columns, each as `value as name`, without the name. */
  #columns({ table, config, asked, depth }: Level): readonly Field[] {
    const reference = sql.identifier(`d${depth}`);
    const selection: Selection = [];
    const chunks: SQLChunk[] = [];
    const columns = getColumns(config.table as never);
    buildRqbColumns(
      reference,
      columns,
      selection,
      true,
      config.name,
      this.codecs,
      chunks,
      asked.columns,
    );
    const extras = asked.extras && relationExtrasToSQL(table, asked.extras, this.codecs, true);
    const values = [...partsOf(chunks), ...partsOf(extras?.sql ?? [])];
    return [...selection, ...(extras?.selection ?? [])].map((entry, place) => ({
      value: unnamed(values[place] ?? []),
      entry,
    }));
  }
}

/** A relation that is asked for. */
interface Asked {
  readonly key: string;
  readonly asked: AnyDBQueryConfig | true;
  readonly relation: AnyRelation;
}

function askedOf(config: unknown): AnyDBQueryConfig {
  // `true` asks for everything.
  return typeof config === "object" && config !== null ? config : {};
}

function isOptional(relation: AnyRelation): boolean {
  return "optional" in relation && relation.optional === true;
}

/** Where the rows of a relation come from, as `table where condition`. */
function rowsOf(
  outer: Level,
  { table, config, asked, schema, collector }: Level,
  { relation, through }: { relation: AnyRelation; through: SchemaEntry | undefined },
): SQL {
  const { filter, joinCondition } = relationToSQL(relation, outer.table, table, through);
  const wanted =
    "where" in asked
      ? relationsFilterToSQL(table, asked.where, config.relations, schema, collector).sql
      : undefined;
  const conditions = [wanted, filter].filter((chunks) => chunks !== undefined && chunks.length > 0);
  const where = sql.join(
    conditions.map((chunks) => sql`(${new SQL(chunks ?? [])})`),
    sql` and `,
  );
  const join =
    through &&
    sql` inner join ${new SQL(getTableAsAliasSQL(through))} on ${new SQL(joinCondition ?? [])}`;
  return sql`${new SQL(getTableAsAliasSQL(table))}${join}${conditions.length > 0 ? sql` where ${where}` : undefined}`;
}

function orderOf({ table, config, asked, schema, collector }: Level): SQL | undefined {
  if (asked.orderBy === undefined) return undefined;
  const order = relationsOrderToSQL(table, asked.orderBy, config.relations, schema, collector);
  return order && new SQL(order);
}

/** What stands between commas. */
function partsOf(chunks: readonly SQLChunk[]): readonly (readonly SQLChunk[])[] {
  if (chunks.length === 0) return [];
  const parts: SQLChunk[][] = [[]];
  for (const chunk of chunks) {
    if (chunk === commonStringChunks[", "]) parts.push([]);
    else parts.at(-1)?.push(chunk);
  }
  return parts;
}

/** `value as name` without ` as name`, however deep that is. */
function unnamed(chunks: readonly SQLChunk[]): SQL {
  const [only] = chunks;
  if (chunks.length === 1 && only instanceof SQL) return unnamed(only.queryChunks);
  const last = chunks.at(-2);
  const closes = last === commonStringChunks[") as "];
  return new SQL([...chunks.slice(0, -2), ...(closes ? [commonStringChunks[")"]] : [])]);
}
