/**
 * The packages that only some databases need, loaded when one of those is opened.
 *
 * @module
 */
import type * as pglite from "@electric-sql/pglite";
import type * as orm from "drizzle-orm";
import type * as drizzle from "drizzle-orm/node-postgres";
import type pg from "pg";
import { Fault } from "../index.ts";
import type { Dialect } from "./driver.ts";
import { codeOf } from "./files.ts";

/** Drizzle for connections that look like `pg`'s. */
export function loadDrizzle(): Promise<typeof drizzle> {
  return load("drizzle-orm", () => import("drizzle-orm/node-postgres"));
}

/** What is common to all of Drizzle. */
export function loadDrizzleCore(): Promise<typeof orm> {
  return load("drizzle-orm", () => import("drizzle-orm"));
}

/** The driver. It is CommonJS, whose exports come as the default one. */
export async function loadPg(): Promise<typeof pg> {
  return (await load("pg", () => import("pg"))).default;
}

/** PostgreSQL as WebAssembly. */
export function loadPglite(): Promise<typeof pglite> {
  return load("@electric-sql/pglite", () => import("@electric-sql/pglite"));
}

/** What compares two schemas; the packages that it needs are those of Drizzle. */
export function loadKit(dialect: Dialect): Promise<unknown> {
  const kits: { readonly [D in Dialect]: () => Promise<unknown> } = {
    postgresql: () => import("drizzle-kit/payload/postgres"),
    mysql: () => import("drizzle-kit/payload/mysql"),
    sqlite: () => import("drizzle-kit/payload/sqlite"),
  };
  return load("drizzle-kit", kits[dialect]);
}

async function load<Module>(name: string, loading: () => Promise<Module>): Promise<Module> {
  try {
    return await loading();
  } catch (error) {
    if (!isMissing(name, error)) throw error;
    throw new Fault("M017", `This database needs the package "${name}"`, {
      hint: `npm install ${name}`,
      cause: error,
    });
  }
}

function isMissing(name: string, error: unknown): boolean {
  return codeOf(error) === "ERR_MODULE_NOT_FOUND" && String(error).includes(`'${name}'`);
}
