import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { closing } from "../../../scripts/closing-line.ts";
import { examples } from "../../../scripts/doctest.ts";
import {
  breaches,
  layerOf,
  sourceFiles,
  tableBreaches,
  withTable,
} from "../../../scripts/layers.ts";

const root = join(import.meta.dirname, "../../..");

/** Files from their paths and texts, as `breaches` reads them. */
function house(files: Readonly<Record<string, string>>): string[] {
  return breaches(Object.entries(files).map(([path, text]) => ({ path, text })));
}

describe("the house", () => {
  test("is in order", () => {
    expect(breaches(sourceFiles(root))).toEqual([]);
  });

  test("has every file of the source, and no other, in the table of ARCHITECTURE.md", () => {
    const architecture = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
    expect(tableBreaches(architecture, sourceFiles(root))).toEqual([]);
  });
});

describe("what is read together", () => {
  test("stays within its number of lines", () => {
    const long = (lines: number): string => "\n".repeat(lines - 1).concat("export {};");
    const files = Object.fromEntries(
      ["app.ts", "plan.ts", "callable.ts", "scope.ts", "routing/tree.ts", "routing/route.ts"].map(
        (path) => [path, long(400)],
      ),
    );
    files["http/request.ts"] = long(51);
    expect(house(files)).toEqual(["the spine has 2451 lines, more than 2450"]);
  });
});

describe("layers", () => {
  test("may import their own and lower ones", () => {
    const found = house({
      "errors.ts": 'import type { Flat } from "./standard.ts";\n',
      "standard.ts": "export type Flat = 1;\n",
      "openapi/document.ts": "export {};\n",
      "params/query.ts": 'import { Invalid } from "./param.ts";\n',
      "params/param.ts": 'import type { Document } from "../openapi/document.ts";\n',
      "db/dialects/postgres.ts": 'import { dependency } from "../../index.ts";\n',
      "jobs/index.ts": 'import { database } from "../db/index.ts";\n',
      "cli/main.ts": 'const check = await import("../check/index.ts");\n',
      "client/index.ts": 'import type { Contract } from "../index.ts";\n',
    });
    expect(found).toEqual([]);
  });

  test.each([
    ["a value", 'import { compile } from "../plan.ts";\n'],
    ["a type", 'import type { Plan } from "../plan.ts";\n'],
    ["names over several lines", 'import {\n  type Plan,\n  compile,\n} from "../plan.ts";\n'],
    ["a re-export", 'export { compile } from "../plan.ts";\n'],
    ["a side effect", 'import "../plan.ts";\n'],
    ["an inline type", 'type Plan = import("../plan.ts").Plan;\n'],
  ])("refuse %s of a higher layer", (_what, text) => {
    expect(house({ "params/query.ts": `/** Text. */\n${text}`, "plan.ts": "" })).toEqual([
      "params/query.ts:2 imports ../plan.ts: layer 1 may not import layer 2",
    ]);
  });

  test("do not read comments", () => {
    expect(
      house({ "text.ts": '/**\nimport { app } from "./app.ts";\n*/\n// import("./app.ts")\n' }),
    ).toEqual([]);
  });

  test("refuse the core a subpath, and itself by name", () => {
    expect(
      house({ "app.ts": 'import { serve } from "./server/index.ts";\nimport "martlet/db";\n' }),
    ).toEqual([
      "app.ts:1 imports ./server/index.ts: layer 6 may not import layer 7",
      "app.ts:2 imports martlet/db: the package does not import itself by name",
    ]);
  });

  test("refuse a file without a layer", () => {
    expect(house({ "helpers.ts": "" })).toEqual([
      "helpers.ts is in no layer: see the table in scripts/layers.ts",
    ]);
  });

  test("know the types of an OpenAPI document from what builds one", () => {
    expect([layerOf("openapi/document.ts"), layerOf("openapi/build.ts")]).toEqual([0, 5]);
  });
});

describe("subpaths", () => {
  test.each([
    ["auth/session.ts", "../cache/memory.ts", "only cache/index.ts is public"],
    ["auth/session.ts", "../jobs/index.ts", "there is no declared edge from auth to jobs"],
    ["cache/store.ts", "../db/index.ts", "there is no declared edge from cache to db"],
    ["static/files.ts", "../http/request.ts", "a subpath builds on the public core, ../index.ts"],
    [
      "client/call.ts",
      "../index.ts",
      "the client takes types only, so that nothing of the server ships",
    ],
    [
      "cli/main.ts",
      "../check/index.ts",
      "the command line loads a subpath when it is asked for, by import()",
    ],
    ["db/pool.ts", "../../scripts/api.ts", "it is outside of the package's source"],
  ])("refuse %s to import %s", (path, specifier, reason) => {
    expect(house({ [path]: `import { one } from "${specifier}";\n` })).toEqual([
      `${path}:1 imports ${specifier}: ${reason}`,
    ]);
  });
});

describe("files", () => {
  test("never go round in a circle, not even with types", () => {
    const found = house({
      "plan.ts": 'import { call } from "./callable.ts";\n',
      "callable.ts": 'import type { Lifespan } from "./lifespan.ts";\n',
      "lifespan.ts": 'import type { Plan } from "./plan.ts";\n',
    });
    expect(found).toEqual(["a circle: plan.ts -> callable.ts -> lifespan.ts -> plan.ts"]);
  });

  test("have at most 400 lines", () => {
    expect(house({ "plan.ts": "//\n".repeat(400), "text.ts": "//\n".repeat(401) })).toEqual([
      "text.ts has 401 lines, more than 400",
    ]);
  });
});

describe("the table of files", () => {
  const file = { path: "scope.ts", text: "/**\n * Scope. What one call holds. More.\n */\n" };
  const head = "## Table of files\n\n| layer | file | what |\n|---|---|---|\n";

  test("accepts a line for each file", () => {
    expect(tableBreaches(`${head}| 0 | \`scope.ts\` | what one call holds |\n`, [file])).toEqual(
      [],
    );
  });

  test("refuses a missing, a stale and an empty line, and a wrong layer", () => {
    expect(tableBreaches(head, [file])).toEqual([
      "scope.ts is not in the table: run `npm run table`",
    ]);
    expect(tableBreaches(`${head}| 0 | \`gone.ts\` | was |\n`, [])).toEqual([
      "gone.ts is in the table but not there",
    ]);
    expect(tableBreaches(`${head}| 3 | \`scope.ts\` | holds |\n`, [file])).toEqual([
      "scope.ts is in layer 0, not 3",
    ]);
    expect(tableBreaches(`${head}| 0 | \`scope.ts\` | |\n`, [file])).toEqual([
      "scope.ts is in the table without what it is",
    ]);
  });

  test("is brought up to date from what files say, and keeps what it said", () => {
    const old = `# A\n\n${head}| 2 | \`plan.ts\` | the heart |\n| 9 | \`gone.ts\` | was |\n\n## More\n`;
    expect(withTable(old, [{ path: "plan.ts", text: "" }, file])).toBe(
      `# A\n\n${head}| 0 | \`scope.ts\` | Scope. What one call holds |\n| 2 | \`plan.ts\` | the heart |\n\n## More\n`,
    );
  });
});

describe("examples in comments and pages", () => {
  const page = ["Text.", "```ts", 'import { a } from "./a.ts";', "a();", "```", "", "```ts no-run"];

  test("stay on their lines and import from where they were written", () => {
    const [first, second] = examples("apps/shop/src/b.ts", [...page, "x;", "```", ""].join("\n"));
    expect(first?.code.split("\n").slice(2, 4)).toEqual([
      'import { a } from "../../../../apps/shop/src/a.ts";',
      "a();",
    ]);
    expect([first?.line, first?.isRun]).toEqual([3, true]);
    expect([second?.line, second?.isRun]).toEqual([8, false]);
  });

  test("are those in `ts` fences, also within a doc comment", () => {
    const text = ["/**", " * ```ts", " * one();", " *", " * ```", " * ```tsx", " * ```", " */", ""];
    const found = examples("packages/a/src/a.ts", text.join("\n"));
    expect(found.map((each) => each.code.split("\n").slice(2))).toEqual([["one();", "", ""]]);
  });
});

describe("the closing line", () => {
  const clean = { passed: 3, failed: 0, skipped: 0, left: [] };

  test("counts", () => {
    expect(closing(clean, 0)).toBe("3 passed, 0 failed");
  });

  test("names what was skipped, above", () => {
    const left = ["cache (no Redis)", "photos > in a browser (no Chromium)"];
    expect(closing({ ...clean, skipped: 5, left }, 0)).toBe(
      "skipped: cache (no Redis); photos > in a browser (no Chromium)\n3 passed, 0 failed, 5 skipped",
    );
  });

  test("never says less than the exit code", () => {
    expect(closing(clean, 1)).toBe("3 passed, 1 failed");
  });
});
