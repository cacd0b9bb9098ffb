/**
 * An application with a database, as a process of its own: it answers every line of SQL on its
 * input with a line of JSON. SIGINT and SIGTERM stop it, after one more query.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { sql } from "drizzle-orm";
import { HttpProblem, martlet, onError, post } from "martlet";
import { database } from "martlet/db";
import { z } from "zod";

/** What it says, a line each. */
export type Said =
  | { readonly is: "ready" | "stopped" }
  | { readonly is: "rows"; readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly is: "error"; readonly message: string };

function say(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

const db = database({ url: process.argv[2] ?? "" });
const query = post("/", { body: z.string(), use: { db } }, ({ body, db }) =>
  db.execute(sql.raw(body), "objects"),
);
const told = onError(HttpProblem, (problem) => {
  say(failure(problem.cause));
  return problem;
});
const app = martlet({ query }, { errors: [told], report: ({ error }) => say(failure(error)) });

function failure(error: unknown): Said {
  const { cause, message } = error as Error;
  return { is: "error", message: cause instanceof Error ? cause.message : message };
}

async function answer(text: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(text);
  const response = await app.fetch(new Request("http://db/", { method: "POST", headers, body }));
  if (response.ok) say({ is: "rows", rows: (await response.json()) as [] });
}

async function stop(): Promise<void> {
  await answer("select 'last' as query");
  await app.stop();
  say({ is: "stopped" });
  process.exit();
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop());
await app.start();
say({ is: "ready" });
for await (const line of createInterface({ input: process.stdin })) await answer(line);
