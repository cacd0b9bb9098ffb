import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { breaches, budget, perRoute } from "../../../../bench/types/budget.ts";
import { generated } from "../../../../bench/types/compiler.ts";
import { measure, measureDeclared, place } from "../../../../bench/types/measure.ts";
import { martlet } from "../../../../bench/types/peers/martlet.ts";
import { schemas } from "../../../../bench/types/peers/schemas.ts";

/** A fifth of what `npm run bench:types` measures: the limits for a route are the same. */
const size = { modules: 5, routes: 20, calls: 10 };

mkdirSync(generated, { recursive: true });
const folder = mkdtempSync(join(generated, "test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the types of 100 routes", () => {
  const where = place(folder);
  const measured = {
    routes: size.modules * size.routes,
    schemas: measure(schemas, size, where),
    app: measure(martlet, size, where),
    declared: measureDeclared(martlet, size, where),
  };

  test("compile, can be declared, and stay within the budget", () => {
    expect(breaches(measured)).toEqual([]);
  });

  test("are measured at all", () => {
    expect(perRoute(measured)).toBeGreaterThan(budget.route / 10);
    expect(measured.declared.size).toBeGreaterThan(10);
    expect(measured.declared.client.instantiations).toBeGreaterThan(100);
  });
});
