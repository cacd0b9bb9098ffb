/**
 * `martlet/db/testing`: databases for tests, and rows to put into them.
 *
 * @module
 */
export { Draw, Draws } from "./draws.ts";
export {
  factory,
  type Factory,
  type FactoryFields,
  type FactoryPlace,
  type Related,
} from "./factory.ts";
export type { Template } from "./fresh-database.ts";
export { type TestHook, type TestHooks, useTestDatabase } from "./hooks.ts";
export {
  type TemplateDatabase,
  templateDatabase,
  type TemplateDatabaseOptions,
} from "./template-database.ts";
export { type TestDatabase, testDatabase, type TestDatabaseOptions } from "./test-database.ts";
