/**
 * `martlet/db`: the application's database, opened at start and closed at stop.
 *
 * @module
 */
export { type Database, database, type DatabaseOptions, type DatabaseUrl } from "./database.ts";
export type { Notice, PoolOptions } from "./pool.ts";
