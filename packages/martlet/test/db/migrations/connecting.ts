/**
 * Engines on any of the databases that are migrated.
 *
 * @module
 */
import type { Engine } from "martlet/db";
import { mysqlEngine, sqliteEngine } from "../dialect-engines.ts";
import { openDatabase } from "../opened.ts";

/** An engine that is open. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly close: () => Promise<void>;
}

/** Opens the engine of a URL. */
export async function open(url: string): Promise<OpenedEngine> {
  const [, scheme, rest = ""] = /^(\w+):(.*)$/.exec(url) ?? [];
  if (scheme === "postgres") {
    const { db, close } = await openDatabase({ url, pool: { max: 2 }, notice: () => undefined });
    return { engine: db.$engine, close };
  }
  const engine = await (scheme === "mysql" ? mysqlEngine(url) : sqliteEngine(rest));
  return { engine, close: () => engine.close() };
}
