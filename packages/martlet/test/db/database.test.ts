import type { EmptyRelations } from "drizzle-orm";
import { dependency, type Fault, get, martlet } from "martlet";
import { database, type DatabaseOptions, type Dialect } from "martlet/db";
import { Secret } from "martlet/settings";
import { override } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { openDatabase } from "./opened.ts";

/** What opening a database fails with. */
async function failure<D extends Dialect = "postgresql">(
  options: DatabaseOptions<EmptyRelations, {}, D>,
): Promise<Fault> {
  const opened = await openDatabase(options).catch((error: unknown) => error);
  return opened as Fault;
}

describe("a database URL", () => {
  test("with another scheme is refused with the schemes there are", async () => {
    const fault = await failure({ url: "oracle://root:hunter2@localhost/shop", name: "shop" });
    expect(fault.message).toMatchInlineSnapshot(`
      "M015 The database URL has a scheme that is not known, "oracle:"
        at shop
        fix: Write postgres://user:password@host:5432/name, mysql://user:password@host:3306/name, sqlite:./file, embedded:./directory or pglite:./directory."
    `);
    expect(fault.code).toBe("M015");
  });

  test.each(["", "localhost:5432/shop", "/var/lib/shop"])("%j is refused", async (url) => {
    const fault = await failure({ url });
    expect(fault.message).toMatch(
      /^M015 The database URL has (no scheme|a scheme that is not known, "localhost:")/,
    );
  });

  test("that cannot be read is not told, for it holds a password", async () => {
    const fault = await failure({ url: "postgres://root:hunter2@[/shop" });
    expect(fault.message).toMatchInlineSnapshot(`
      "M015 The database URL cannot be read; its user name and password must be percent-encoded
        at database
        fix: Write postgres://user:password@host:5432/name, mysql://user:password@host:3306/name, sqlite:./file, embedded:./directory or pglite:./directory."
    `);
    expect(fault.cause).toBeUndefined();
  });

  test.each([
    ["mysql://localhost/shop", undefined, "leads to mysql, and the database is postgresql"],
    ["pglite:", "mysql", "leads to postgresql, and the database is mysql"],
    ["sqlite::memory:", "mysql", "leads to sqlite, and the database is mysql"],
  ] as const)("has to be of the dialect of the database (%s)", async (url, dialect, message) => {
    const fault = await failure({ url, ...(dialect && { dialect }) });
    expect(fault.code).toBe("M015");
    expect(fault.message).toContain(message);
  });

  test.each([
    ["mysql://localhost/shop?charset=latin1", 'has a parameter that is not known, "charset"'],
    ["mariadb://localhost/shop?ssl-mode=perhaps", 'has an "ssl-mode" that is not known'],
    ["mysql://localhost/shop?ssl=please", 'has an "ssl" that is neither'],
    ["mysql://localhost/shop?ssl-ca=/no/such.pem", 'has an "ssl-ca" that cannot be read'],
    ["mysql://10.0.0.7/shop?ssl=true", "has an address, and asks whose its certificate is"],
    ["mysql://[::1]/shop?ssl-mode=verify_identity", "has an address"],
    ["mysql://[/shop", "cannot be read"],
  ])("of MySQL is refused with what is wrong (%s)", async (url, message) => {
    const fault = await failure({ url, dialect: "mysql" });
    expect(fault.code).toBe("M015");
    expect(fault.message).toContain(message);
  });

  test("of SQLite has no query", async () => {
    const fault = await failure({ url: "sqlite:./file?mode=ro", dialect: "sqlite" });
    expect(fault.message).toContain("M015 The database URL has a query, and sqlite: takes none");
  });

  test.each(["sqlite:memory", "sqlite::memory:", "sqlite://memory"])(
    "of SQLite may be in memory (%s)",
    async (url) => {
      const { db, close } = await openDatabase({ url, dialect: "sqlite" });
      expect(await db.all("select file from pragma_database_list")).toEqual([{ file: "" }]);
      await close();
    },
  );

  test("where nobody answers is told without its password", async () => {
    const error = await failure({ url: "postgres://root:hunter2@127.0.0.1:1/shop?x=hunter2" });
    expect(error.message).toBe(
      "The database postgres://127.0.0.1:1/shop cannot be reached: connect ECONNREFUSED 127.0.0.1:1",
    );
    expect(error.cause).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("may come from the settings when the application starts", async () => {
    const settings = dependency({ scope: "app" }, () => ({ url: new Secret("oracle://secret") }));
    const fault = openDatabase({ use: { settings }, url: ({ settings }) => settings.url });
    await expect(fault).rejects.toThrow('"oracle:"');
  });

  test("is read anew where the settings are replaced", async () => {
    const settings = dependency({ scope: "app" }, () => ({ url: "sqlserver:" }));
    const db = database({ use: { settings }, url: ({ settings }) => settings.url });
    const route = get("/", { use: { db } }, () => null);
    const app = martlet({ route }, { overrides: [override(settings, () => ({ url: "oracle:" }))] });
    await expect(app.start()).rejects.toThrow('"oracle:"');
  });

  test("may not come from a request", () => {
    const request = dependency({ query: {} }, () => "oracle:");
    const db = database({ use: { request }, url: ({ request }) => request });
    const app = martlet({ route: get("/", { use: { db } }, () => null) });
    expect(() => app.ready()).toThrow('M007 An app-scoped dependency uses "request"');
  });
});
