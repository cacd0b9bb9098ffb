/**
 * All commands. A new one is a file of its own and a line here.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { check } from "./db/check.ts";
import { downgrade } from "./db/downgrade.ts";
import { reset } from "./db/reset.ts";
import { revision } from "./db/revision.ts";
import { seed } from "./db/seed.ts";
import { sql } from "./db/sql.ts";
import { stamp } from "./db/stamp.ts";
import { status } from "./db/status.ts";
import { upgrade } from "./db/upgrade.ts";

/** The commands, in the order in which `--help` names them. */
export const commands: readonly Command[] = [
  revision,
  upgrade,
  downgrade,
  status,
  check,
  sql,
  stamp,
  reset,
  seed,
];
