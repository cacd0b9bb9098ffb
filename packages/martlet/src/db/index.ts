/**
 * `martlet/db`: the application's database, opened at start and closed at stop.
 *
 * @module
 */
export type { Call, CallSource } from "./call.ts";
export {
  database,
  type DatabaseDependency,
  type DatabaseOptions,
  type DatabaseUrl,
} from "./database.ts";
export { type DatabaseError, databaseError } from "./database-error.ts";
export type { DatabaseErrorKind } from "./errors/reading.ts";
export type { DatabaseOf } from "./dialects.ts";
export type {
  Beginning,
  Connection,
  Dialect,
  Driver,
  Isolation,
  PoolState,
  Result,
  Statement,
} from "./driver.ts";
export type { Database, EngineClient } from "./drizzle.ts";
export type { MysqlClient, MysqlDatabase } from "./drizzle-mysql.ts";
export type { SqliteDatabase, SqliteRun } from "./drizzle-sqlite.ts";
export {
  Engine,
  type EngineOptions,
  type QueryOptions,
  type TransactionOptions,
} from "./engine.ts";
export { explain, type ExplainOptions } from "./explain/explain.ts";
export type { ExplainedQuery } from "./explain/explained-query.ts";
export type { PlanStep, QueryPlan } from "./explain/query-plan.ts";
export type { Health } from "./health.ts";
export { kysely, type KyselyDatabase, type KyselyOptions, kyselyOver } from "./kysely/kysely.ts";
export type { Task } from "./level.ts";
export type { Metrics } from "./metrics.ts";
export type { MigrationFinding } from "./migrations/check.ts";
export type { DowngradeOptions } from "./migrations/downgrade.ts";
export {
  type Migrations,
  migrations,
  type MigrationsOptions,
  type ResetOptions,
  type SqlOptions,
} from "./migrations/migrations.ts";
export type { Addition, Rename, RenameKind } from "./migrations/rename.ts";
export type { ReviewKind, ReviewNote } from "./migrations/review.ts";
export type { Revision, RevisionOptions } from "./migrations/revision.ts";
export type { RunOptions } from "./migrations/run.ts";
export type { MigrationSource, MigrationSourceOptions } from "./migrations/source.ts";
export type { MigrationProgress, MigrationState, MigrationStatus } from "./migrations/status.ts";
export type { MigrationStep } from "./migrations/step.ts";
export type { MigrationTarget } from "./migrations/target.ts";
export type { UpgradeOptions } from "./migrations/upgrade.ts";
export type { OpenOptions } from "./opening.ts";
export {
  column,
  type ColumnOptions,
  type PageColumn,
  type PlainColumn,
  type PlainType,
} from "./pages/column.ts";
export type { PlainValues } from "./pages/column-shape.ts";
export {
  type ColumnsOf,
  cursorPage,
  type CursorPageDependency,
  type CursorPageModel,
  cursorPageOf,
  type CursorPageOptions,
  type PageOrder,
  type SortedBy,
} from "./pages/cursor-page.ts";
export type {
  CursorPage,
  CursorPageOf,
  DrizzlePageSql,
  PageSql,
  PageText,
  PlainCursorPage,
} from "./pages/cursor-page-value.ts";
export type { CursorSecret } from "./pages/cursor-secret.ts";
export type {
  Comparison,
  FilterOperator,
  ListOperator,
  TextOperator,
} from "./pages/filter-operator.ts";
export {
  type AllowedFilters,
  type ColumnValue,
  type Filter,
  type FilterColumns,
  type FilterDependency,
  filters,
  type FiltersOptions,
  type FilterText,
  type FilterValues,
  type OperatorOf,
  type PlainFilter,
} from "./pages/filters.ts";
export type { BoundValue, TemplateTag } from "./pages/fragment.ts";
export {
  offsetPage,
  type OffsetPage,
  type OffsetPageOptions,
  type PageModel,
  pageOf,
  type PageOf,
} from "./pages/offset-page.ts";
export {
  ascending,
  type ColumnOf,
  descending,
  type Ordered,
  type Ordering,
  type OrderingOptions,
} from "./pages/ordering.ts";
export type { PageSizes } from "./pages/page-size.ts";
export type { Shown } from "./pages/row-position.ts";
export {
  type PlainSorting,
  type Sort,
  sorting,
  type Sorting,
  type SortingDependency,
  type SortingOptions,
  type SortOrder,
} from "./pages/sorting.ts";
export type { Notice, PoolOptions } from "./pool.ts";
export {
  ConflictRetry,
  ConstraintViolated,
  databaseProblem,
  type DatabaseProblemOptions,
  DatabaseReadOnly,
  DatabaseTimeout,
  DatabaseUnavailable,
  Duplicate,
  OutcomeNotKnown,
  StillReferenced,
  StorageFull,
  UnknownReference,
} from "./problems.ts";
export {
  fragment,
  type FragmentTag,
  type SqlFragment,
  type SqlPieces,
  type SqlValue,
} from "./sql/fragment.ts";
export type { SqlQuery } from "./sql/query.ts";
export { sqlOver, type SqlTag, sqlTag, type SqlTagOptions } from "./sql/tag.ts";
export { prepared } from "./prepared.ts";
export type { StatementEvent, Watch } from "./statement-event.ts";
export { transaction, type TransactionDependencyOptions } from "./transaction.ts";
export { statementChannel, type StatementMessage } from "./watch/channel.ts";
export type { Origin } from "./watch/origin.ts";
export type { Origins } from "./watch/origins.ts";
export { type Recorded, recordStatements } from "./watch/recording.ts";
export type { RepeatedStatement, RepeatsAction } from "./watch/repeats.ts";
export type { SlowStatement } from "./watch/slow-log.ts";
export type { WatchOptions } from "./watch/watches.ts";
