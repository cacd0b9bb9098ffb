/**
 * Queries: statements as `pg` is told them.
 *
 * @module
 */
import type { QueryConfig } from "pg";
import type { Statement } from "./driver.ts";

/** More names than an application has by itself. */
const most = 2000;

/** The longest time that a timer of Node.js can be set to, in milliseconds. */
const longest = 2 ** 31 - 1;

/** A query that is given up after so many milliseconds. */
interface TimedQuery extends QueryConfig {
  query_timeout?: number;
}

/** Makes queries of statements. */
export class Queries {
  readonly #hasNames: boolean;
  /** What does not change from one run of a prepared statement to the next, by its name. */
  readonly #fixed = new Map<string, QueryConfig>();

  /** `hasNames` is false behind a pooler: a name is known to one session of the server alone. */
  constructor(hasNames: boolean) {
    this.#hasNames = hasNames;
  }

  /** The query of a statement. */
  of(statement: Statement): QueryConfig {
    const { name, values, timeout } = statement;
    // `pg` copies a query, and that takes its time for every member that is the query's own.
    const query: TimedQuery =
      name !== undefined && this.#hasNames
        ? Object.create(this.#prepared(name, statement))
        : fixed(statement);
    if (values !== undefined) query.values = values as unknown[];
    // No number, and none that is larger, would mean the pool's.
    if (timeout !== undefined) query.query_timeout = Math.min(timeout, longest);
    return query;
  }

  #prepared(name: string, statement: Statement): QueryConfig {
    const known = this.#fixed.get(name);
    if (known?.text === statement.text && known.types === statement.special) return known;
    if (this.#fixed.size >= most) this.#fixed.clear();
    const made = { ...fixed(statement), name };
    this.#fixed.set(name, made);
    return made;
  }
}

function fixed({ text, arrays, special }: Statement): QueryConfig {
  // What is special to `pg` is how it reads values.
  const types = special as QueryConfig["types"];
  return { text, ...(arrays === true && { rowMode: "array" }), ...(types && { types }) };
}
