import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = `
  import { registerHooks } from "node:module";
  registerHooks({
    resolve: (name, at, next) => {
      if (!/^(drizzle-orm|kysely|mysql2|pg)($|\\/)/.test(name)) return next(name, at);
      const [missing] = name.split("/");
      throw Object.assign(new Error("Cannot find package '" + missing + "'"), { code: "ERR_MODULE_NOT_FOUND" });
    },
  });
  const { get, martlet } = await import("martlet");
  const { database, kysely, sqlTag, transaction } = await import("martlet/db");
  const { testDatabase } = await import("martlet/db/testing");
  const db = database({ url: "sqlite:", dialect: "sqlite" });
  const sql = sqlTag(db);
  const read = get("/", { use: { sql: transaction(sql) } }, ({ sql }) => sql\`select \${5} as five\`.one());
  const drizzle = get("/drizzle", { use: { db } }, ({ db }) => db.all("select 1"));
  const tested = testDatabase(db);
  await tested.start();
  const report = ({ error }) => console.log(error.message);
  const app = martlet({ read, drizzle }, { report }).with({ overrides: [tested.override] });
  const ask = async (path) => console.log(await (await app.fetch(new Request("http://a" + path))).text());
  await ask("/");
  await ask("/drizzle");
  await app.stop();
  const needy = martlet({ read: get("/", { use: { kdb: kysely(db) } }, () => 1) });
  await needy.with({ overrides: [tested.override] }).start().catch((error) => console.log(error.message));
  await tested.stop();
`;

test("SQL by hand needs no Drizzle, and what does says so", async () => {
  const options = ["--conditions=@martlet/source", "--input-type=module", "--eval", script];
  const run = promisify(execFile)(process.execPath, options, { cwd: import.meta.dirname });
  const { stdout } = await run;
  expect(stdout).toContain('{"five":5}');
  const fault = (name: string) =>
    `M017 This database needs the package "${name}"\n  fix: npm install ${name}`;
  expect(stdout).toContain(fault("drizzle-orm"));
  expect(stdout).toContain(fault("kysely"));
}, 30_000);
