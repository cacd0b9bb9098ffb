import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { comesTrue } from "../db/process.ts";
import { type Emptied, onPostgres } from "../db/migrations/targets.ts";
import { Project } from "./project.ts";
import type { Done } from "./session.ts";

/** The file of a database with one table, which has a column called so. */
function declared(column: string): string {
  return `
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { database } from "martlet/db";

const birds = pgTable("birds", { id: integer().primaryKey(), name: text("${column}").notNull() });
export const db = database({
  url: process.env.DATABASE_URL ?? "",
  schema: { birds },
  seed: (db) => db.insert(birds).values([{ id: 1, name: "martlet" }]),
});
`;
}

/** What is said, without what is another at every time. */
function plain(output: string): string {
  return output.replaceAll(/\d{14}/g, "<time>").replaceAll(/\d+ ms/g, "<n> ms");
}

describe.skipIf(onPostgres.isSkipped)("martlet db", { timeout: 60_000 }, () => {
  let database: Emptied;
  beforeAll(async () => {
    database = await onPostgres.make();
  });
  afterAll(() => database.drop());

  test("goes from the first revision to a checked rename", async () => {
    using project = new Project(
      { "src/database.ts": declared("name"), "src/later.ts": declared("title") },
      { DATABASE_URL: database.url },
    );
    const run = async (args: string) => {
      const { exitCode, output, errors } = await project.run(args);
      return { exitCode, errors, output: plain(output) };
    };
    const said = async (args: string): Promise<string> => (await run(args)).output;
    expect(await said("db status")).toBe("there are no migrations yet\n");
    expect((await run("db upgrade")).errors).toMatch(/^M018 There are no migrations in/);
    expect(await run("db revision birds")).toEqual({
      exitCode: 0,
      output: "wrote migrations/<time>_birds (1 statement)\n",
      errors: "",
    });
    expect(await said("db upgrade --dry-run")).toContain('CREATE TABLE "birds"');
    expect(await said("db status")).toBe("pending       <time>_birds\n");
    expect(await said("db upgrade")).toBe("applied <time>_birds (<n> ms)\n");
    expect(await said("db upgrade")).toBe("nothing is pending\n");
    expect(await said("db seed")).toBe("seeded\n");
    const twice = await run("db seed");
    expect(twice).toMatchObject({ exitCode: 1, output: "" });
    expect(twice.errors).toMatch(/duplicate key value violates unique constraint/);

    const later = "--database src/later.ts";
    const check = await run(`db check --offline ${later}`);
    expect(check.exitCode).toBe(1);
    expect(check.output).toMatch(/^drift: The schema has changes.*\n {2}fix: .*\n1 finding\n$/);
    expect(await run(`db revision title ${later}`)).toEqual({
      exitCode: 1,
      output: "",
      errors: [
        "M027 A name is new, or something was renamed",
        "  the column birds.title: --rename birds.name:birds.title, or --new birds.title",
        "  fix: Add one of the options for each.\n",
      ].join("\n"),
    });
    expect(await said(`db revision title --rename birds.name:birds.title ${later}`)).toBe(
      [
        "wrote migrations/<time>_title (1 statement)",
        "  breaking: renames the column birds.name, which the running release may still use\n",
      ].join("\n"),
    );
    const { output } = await project.run("db upgrade title --json");
    expect(JSON.parse(output)).toMatchObject({ applied: [{ direction: "up", statements: 1 }] });
    expect(await database.query("select title from birds")).toEqual([{ title: "martlet" }]);
    expect(await run(`db check ${later}`)).toMatchObject({
      exitCode: 0,
      output: "the migrations are in order\n",
    });

    expect(await said("db downgrade --dry-run")).toContain('RENAME COLUMN "title" TO "name"');
    expect(await said("db downgrade")).toBe("undid <time>_title (<n> ms)\n");
    expect((await said(`db reset --seed ${later}`)).match(/undid|applied|seeded/g)).toEqual([
      "undid",
      "applied",
      "applied",
      "seeded",
    ]);
    expect(await said("db stamp birds")).toBe("1 of 2 count as applied\n");
    expect(await said("db sql")).toContain('RENAME COLUMN "name" TO "title"');
    expect(await said("db status")).toMatch(
      /^applied {7}<time>_birds .*\npending {7}<time>_title\n$/,
    );
    expect((await run("db stamp")).exitCode).toBe(2);
    expect((await run("db downgrade birds --all")).exitCode).toBe(2);
    expect((await run(`db revision more --rename name ${later}`)).errors).toMatch(
      /^"name" is no rename/,
    );
    expect(await said("db downgrade --all")).toBe("undid <time>_birds (<n> ms)\n");
  });

  test("is a program with an exit code, text on one stream and errors on the other", async () => {
    using project = new Project(
      { "src/database.ts": declared("name") },
      { DATABASE_URL: database.url },
    );
    const run = (args: string, env?: Readonly<Record<string, string>>): Promise<Done> =>
      project.start(args, env).done;
    expect(await run("db revision birds")).toMatchObject({ exitCode: 0, errors: "" });
    const upgraded = await run("db upgrade --json");
    expect(upgraded).toMatchObject({ exitCode: 0, errors: "" });
    expect(JSON.parse(upgraded.output)).toMatchObject({ applied: [{ statements: 1 }] });
    const reset = await run("db reset --json", { NODE_ENV: "production" });
    expect(reset).toMatchObject({ exitCode: 1, errors: "" });
    expect(JSON.parse(reset.output)).toEqual({
      error: {
        code: "M029",
        message: "A reset removes all data, and this is production",
        trail: [],
        hint: "Make a backup, then say so with --yes.",
      },
    });
    expect(await run("db upgrade nowhere")).toMatchObject({ exitCode: 1, output: "" });
    expect(await run("db fly")).toMatchObject({ exitCode: 2, output: "" });
    expect((await run("--help", { FORCE_COLOR: "1" })).output).toContain("\u001B[");
  });

  test("cancels what runs when it is interrupted, and keeps nothing of it", async () => {
    using project = new Project(
      {
        "src/database.ts": declared("name"),
        "migrations/20260101000000_slow/up.sql":
          "create table slow (id int)\n--> next\nselect pg_sleep(60)\n",
      },
      { DATABASE_URL: database.url },
    );
    await database.query("drop table if exists martlet_migrations");
    const { done, kill } = project.start("db upgrade");
    const isAsleep = async (): Promise<boolean> =>
      (
        await database.query(
          "select 1 from pg_stat_activity where query = 'select pg_sleep(60)' and datname = current_database()",
        )
      ).length > 0;
    expect(await comesTrue(isAsleep)).toBe(true);
    kill("SIGINT");
    const { exitCode, errors } = await done;
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^M026 The migration 20260101000000_slow did not go through: /);
    expect(errors).toContain("statement 2 of 2: select pg_sleep(60)");
    expect(await database.query("select to_regclass('slow') as slow")).toEqual([{ slow: null }]);
  });
});

describe("finding the database", { timeout: 60_000 }, () => {
  const good = declared("name");

  async function refused(project: Project, args = "db revision x"): Promise<string> {
    const { exitCode, output, errors } = await project.run(args);
    expect([exitCode, output]).toEqual([1, ""]);
    return errors;
  }

  test("looks in the usual places, in package.json, and where it is told to", async () => {
    using project = new Project({ "db.ts": good });
    expect((await project.run("db revision one --empty")).exitCode).toBe(0);
    project.write({
      "package.json": '{ "type": "module", "martlet": { "database": "lib/two.ts#second" } }',
      "lib/two.ts": good.replace("export const db =", "export const second ="),
      "lib/below/.keep": "",
    });
    expect((await project.run("db revision two --empty")).exitCode).toBe(0);
    expect((await project.run("db revision three --empty --database db.ts")).exitCode).toBe(0);
    expect(project.list("migrations")).toHaveLength(3);
  });

  test("tells that there is none", async () => {
    using project = new Project({});
    expect(await refused(project)).toMatch(/^M030 No database was found\n {2}fix: .*--database/);
    expect(await refused(project, "db status --database src/nothing.ts")).toMatch(
      /^M030 There is no file src\/nothing\.ts, as --database says/,
    );
  });

  test("tells what is wrong with its file", async () => {
    using project = new Project({
      "src/database.ts": "enum Kind { a }\nexport const db = Kind.a;\n",
      "other.ts": "export const db = 1;\nexport const dependency = () => 2;\n",
      "missing.ts": 'import "./nowhere.ts";\n',
      "several.ts": `${good.replace("export const db", "export const one")}\nexport const two = one;\n`,
    });
    expect(await refused(project)).toMatch(
      /^M030 src\/database\.ts cannot be loaded: [^]*fix: Node only leaves types out/,
    );
    expect(await refused(project, "db check --database other.ts")).toMatch(
      /^M030 other\.ts exports no database\n {2}fix: .*It exports db, dependency\./,
    );
    expect(await refused(project, "db check --database other.ts#db")).toMatch(
      /^M030 "db" in other\.ts is no database/,
    );
    expect(await refused(project, "db check --database other.ts#nope")).toMatch(
      /^M030 other\.ts exports no "nope"/,
    );
    expect(await refused(project, "db check --database missing.ts")).toMatch(
      /^M030 missing\.ts cannot be loaded: [^]*fix: Install the package, or write a relative import/,
    );
    expect(await refused(project, "db check --database several.ts")).toMatch(
      /^M030 several\.ts exports several databases\n {2}fix: Name one: --database several\.ts#one\./,
    );
  });

  test("tells that nobody answers, without the password", async () => {
    using project = new Project(
      { "src/database.ts": good },
      { DATABASE_URL: "postgres://root:hunter2@127.0.0.1:1/shop" },
    );
    const { exitCode, errors } = await project.run("db status");
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/The database postgres:\/\/127\.0\.0\.1:1\/shop cannot be reached/);
    expect(errors).not.toContain("hunter2");
  });
});
