/**
 * Statements that a process was killed in: whether they took effect all the same.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import { bare } from "./statements.ts";
import type { Line } from "./target.ts";

/**
 * What a database says of a definition that is there already, or of something that has gone already.
 * PostgreSQL's are SQLSTATEs, MySQL's are numbers.
 */
const already: { readonly [D in Dialect]: (error: DriverError) => boolean } = {
  postgresql: ({ code }) =>
    /^(?:42P07|42701|42710|42P06|42723|42703|42P01|42704|42883|3F000)$/.test(String(code)),
  mysql: ({ errno }) =>
    [
      1007, 1008, 1022, 1050, 1051, 1054, 1060, 1061, 1068, 1091, 1146, 1304, 1305, 1359, 1360,
      1826,
    ].includes(Number(errno)),
  sqlite: ({ message }) => /already exists|duplicate column|no such/i.test(String(message)),
};

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
}

/** Whether an error says that a definition has taken effect before. */
export function isAlreadyDone(error: unknown, statement: string, dialect: Dialect): boolean {
  if (!(error instanceof Error)) return false;
  const isDefinition = /^\s*(?:create|alter|drop|rename)\b/i.test(bare(statement, dialect));
  return isDefinition && already[dialect](error);
}

/** The index that a statement makes without blocking others, and on which table. */
const concurrently =
  /^\s*(?:--[^\n]*\n\s*)*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(?<index>"[^"]+"|[\w$]+)\s+on\s+(?:only\s+)?(?<table>(?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)/i;

/** What there is of an index that a statement makes. */
export type IndexState = "absent" | "built";

/**
 * Looks for the index that `create index concurrently` makes. When it was interrupted, or failed, one
 * is left that is in nobody's use and in the way: it is dropped.
 */
export async function clearIndex(line: Line, statement: string): Promise<IndexState> {
  const { index, table } = concurrently.exec(statement)?.groups ?? {};
  if (line.dialect !== "postgresql" || index === undefined || table === undefined) return "absent";
  const [found] = await line.run(
    `select format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where i.indrelid = to_regclass($1) and c.relname = $2`,
    [table, nameOf(index)],
  );
  if (found === undefined) return "absent";
  if (found["valid"] === true) return "built";
  await line.run(`drop index concurrently ${String(found["name"])}`);
  return "absent";
}

/** A name without its quotes; PostgreSQL reads others in lower case. */
function nameOf(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1) : text.toLowerCase();
}
