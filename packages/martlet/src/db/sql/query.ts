/**
 * Queries: statements that are bound to an engine.
 *
 * @module
 */
import type { Result } from "../driver.ts";
import type { Engine, QueryOptions } from "../engine.ts";
import { compiled, Fragment, type Part, type SqlFragment } from "./fragment.ts";

/**
 * A statement that is made when one of its functions is called, or when it is awaited, each time
 * anew. It can be put into other statements too.
 */
export interface SqlQuery<Row> extends SqlFragment, PromiseLike<readonly Row[]> {
  /** All rows, as when it is awaited. */
  readonly all: () => Promise<readonly Row[]>;
  /** The one row that there is. @throws when there is none, or more than one */
  readonly one: () => Promise<Row>;
  /** The row, or `undefined` when there is none. @throws when there is more than one */
  readonly maybeOne: () => Promise<Row | undefined>;
  /** How many rows were changed. */
  readonly run: () => Promise<number>;
  /**
   * The same statement, kept prepared on each connection under this name, where the database can:
   * PostgreSQL plans it once. One name is for one text.
   */
  readonly prepared: (name: string) => SqlQuery<Row>;
}

/** A query of a template. */
export class BoundQuery<Row> extends Fragment implements SqlQuery<Row> {
  readonly #engine: Engine;
  readonly #options: QueryOptions;

  constructor(engine: Engine, parts: readonly Part[], options: QueryOptions) {
    super(parts);
    this.#engine = engine;
    this.#options = options;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is awaited like every query
  then<A = readonly Row[], B = never>(
    done?: ((rows: readonly Row[]) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    // oxlint-disable-next-line promise/no-callback-in-promise -- that is what it is
    return this.all().then(done, failed);
  }

  async all(): Promise<readonly Row[]> {
    return (await this.#query()).rows;
  }

  async one(): Promise<Row> {
    const { rows } = await this.#query();
    const [row] = rows;
    if (row === undefined) throw new Error("The statement gave no row where there must be one");
    return only(row, rows.length);
  }

  async maybeOne(): Promise<Row | undefined> {
    const { rows } = await this.#query();
    const [row] = rows;
    return row && only(row, rows.length);
  }

  async run(): Promise<number> {
    return (await this.#query()).rowCount;
  }

  prepared(name: string): SqlQuery<Row> {
    return new BoundQuery(this.#engine, Fragment.parts(this), { ...this.#options, name });
  }

  #query(): Promise<Result<Row>> {
    const { text, values } = compiled(this, this.#engine.dialect);
    return this.#engine.query<Row>(text, values, this.#options);
  }
}

function only<Row>(row: Row, count: number): Row {
  if (count > 1) throw new Error(`The statement gave ${count} rows where there must be one`);
  return row;
}
