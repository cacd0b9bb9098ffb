/**
 * Kysely on an engine: its connections, and its transactions.
 *
 * @module
 */
import type {
  AccessMode,
  IsolationLevel,
  Kysely,
  KyselyPlugin,
  Transaction,
  TransactionBuilder,
} from "kysely";
import type { Dependency } from "../../index.ts";
import { derived } from "../derived.ts";
import type { Isolation } from "../driver.ts";
import type { Engine, TransactionOptions } from "../engine.ts";
import type { AlwaysPossible } from "../database.ts";
import { loadKysely } from "../packages.ts";
import { dialectOver } from "./driver.ts";

/** What Kysely is told. */
export interface KyselyOptions {
  /** What changes queries and results: `new CamelCasePlugin()`. @default none */
  readonly plugins?: readonly KyselyPlugin[];
}

/** A Kysely database whose statements and transactions are those of an engine. */
export type KyselyDatabase<Tables> = Kysely<Tables> & {
  /** What stands below. */
  readonly $engine: Engine;
};

/**
 * Makes a Kysely database on an engine, for tools and tests.
 *
 * @example
 * ```ts no-run
 * import { dependency } from "martlet";
 * import { database, kyselyOver } from "martlet/db";
 *
 * const db = database({ url: "embedded:" });
 * const counted = dependency({ use: { engine: db.engine }, scope: "app" }, async ({ engine }) => {
 *   const kysely = await kyselyOver<{ items: { id: number } }>(engine);
 *   return kysely.selectFrom("items").select("id").execute();
 * });
 * ```
 *
 * @throws Fault M017 when the package `kysely` is missing
 */
export async function kyselyOver<Tables>(
  engine: Engine,
  { plugins = [] }: KyselyOptions = {},
): Promise<KyselyDatabase<Tables>> {
  const of = await loadKysely();
  const made = (isInTransaction: boolean): Kysely<Tables> =>
    new of.Kysely<Tables>({
      dialect: dialectOver(engine, of, { isInTransaction }),
      plugins: [...plugins],
    });
  return joined(engine, { outside: made(false), inside: made(true) });
}

/**
 * Makes a dependency of which the value is a Kysely database, on a database and in its transactions.
 * `transaction().execute()` is a transaction of the database, which everything in it is part of, and
 * a savepoint inside of another one. `startTransaction()`, `connection()` and `stream()` are refused.
 *
 * @example
 * ```ts no-run
 * import type { Generated } from "kysely";
 * import { get, martlet } from "martlet";
 * import { database, kysely } from "martlet/db";
 *
 * interface Tables {
 *   readonly items: { readonly id: Generated<number>; readonly name: string };
 * }
 *
 * const kdb = kysely<Tables>(database({ url: "embedded:" }));
 * const list = get("/items", { use: { kdb } }, ({ kdb }) =>
 *   kdb.selectFrom("items").selectAll().orderBy("id").limit(20).execute(),
 * );
 * export const app = martlet({ list });
 * ```
 *
 * @throws Fault M017 at start, when the package `kysely` is missing
 */
export function kysely<Tables>(
  db: Dependency<{ readonly $engine: Engine }, {}, unknown>,
  options: KyselyOptions = {},
): Dependency<KyselyDatabase<Tables>, {}, AlwaysPossible> {
  // What may happen to the statements of a database may happen to these.
  const known = db as Dependency<{ readonly $engine: Engine }, {}, AlwaysPossible>;
  return derived(known, "kysely", ({ $engine }) => kyselyOver<Tables>($engine, options));
}

/** One database as Kysely knows it: outside of a transaction, and in one that the engine has begun. */
interface Both<Tables> {
  readonly outside: Kysely<Tables>;
  readonly inside: Kysely<Tables>;
}

/** Gives the transactions of a Kysely database, and of the copies that are made of it, to the engine. */
function joined<Tables>(engine: Engine, { outside, inside }: Both<Tables>): KyselyDatabase<Tables> {
  const copy = {
    withPlugin: outside.withPlugin.bind(outside),
    withoutPlugins: outside.withoutPlugins.bind(outside),
    withSchema: outside.withSchema.bind(outside),
  };
  const itself = (): Kysely<Tables> => outside;
  return Object.assign(outside, {
    $engine: engine,
    transaction: () => new EngineTransactionBuilder(engine, inside, {}),
    startTransaction: () => refuse("startTransaction()"),
    connection: () => refuse("connection()"),
    withPlugin: (plugin: KyselyPlugin) =>
      joined(engine, {
        outside: copy.withPlugin(plugin),
        inside: inside.withPlugin(plugin),
      }),
    withoutPlugins: () =>
      joined(engine, { outside: copy.withoutPlugins(), inside: inside.withoutPlugins() }),
    withSchema: (schema: string) =>
      joined(engine, { outside: copy.withSchema(schema), inside: inside.withSchema(schema) }),
    // Of these, only the types differ.
    $extendTables: itself,
    $omitTables: itself,
    $pickTables: itself,
    withTables: itself,
  });
}

function refuse(what: string): never {
  throw new Error(
    `${what} keeps what others are to be part of to itself: use transaction().execute()`,
  );
}

/** What Kysely's own builder can do, with the engine's transactions. */
class EngineTransactionBuilder<Tables> implements Pick<
  TransactionBuilder<Tables>,
  "setAccessMode" | "setIsolationLevel" | "execute"
> {
  readonly #engine: Engine;
  readonly #inside: Kysely<Tables>;
  readonly #options: TransactionOptions;

  constructor(engine: Engine, inside: Kysely<Tables>, options: TransactionOptions) {
    this.#engine = engine;
    this.#inside = inside;
    this.#options = options;
  }

  setAccessMode(mode: AccessMode): TransactionBuilder<Tables> {
    return this.#with({ readOnly: mode === "read only" });
  }

  setIsolationLevel(level: IsolationLevel): TransactionBuilder<Tables> {
    return this.#with({ isolation: isolationOf(level) });
  }

  execute<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    // Kysely sees to it that its transaction is not used after its end; the rest is the engine's.
    const run = (): Promise<T> => this.#inside.transaction().execute(work);
    return this.#engine.transaction(run, this.#options);
  }

  #with(options: TransactionOptions): TransactionBuilder<Tables> {
    const all = { ...this.#options, ...options };
    // Kysely's class has private fields, which nobody but itself can see.
    return new EngineTransactionBuilder(
      this.#engine,
      this.#inside,
      all,
    ) as unknown as TransactionBuilder<Tables>;
  }
}

function isolationOf(level: IsolationLevel): Isolation {
  switch (level) {
    case "read committed":
    case "repeatable read":
    case "serializable":
      return level;
    case "read uncommitted":
      // Nothing that is not committed is read, whatever is asked for.
      return "read committed";
    case "snapshot":
      throw new Error('"snapshot" is an isolation of SQL Server: "repeatable read" is its like');
  }
}
