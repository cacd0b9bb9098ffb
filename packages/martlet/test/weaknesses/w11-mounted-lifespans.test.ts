import { type App, dependency, get, martlet, mount, router } from "martlet";
import { describe, expect, test } from "vitest";
import { served } from "./served.ts";

/** An application that logs when it starts and stops, with an application below it. */
function logging(name: string, log: string[], below: object = {}): App<unknown> {
  const pool = dependency({ scope: "app" }, function* () {
    log.push(`${name} starts`);
    yield { name };
    log.push(`${name} stops`);
  });
  const which = get("/which", { use: { pool } }, ({ pool }) => pool.name);
  return martlet({ which, ...below });
}

describe("FastAPI does not run the lifespan of a mounted application; Martlet", () => {
  test("starts and stops it with the application around it, however deep", async () => {
    const log: string[] = [];
    const innermost = logging("innermost", log);
    const inner = logging("inner", log, { deep: mount("/deep", innermost) });
    const app = logging("outer", log, {
      admin: router("/admin", { inner: mount("/inner", inner) }),
    });
    await served(app, async (url) => {
      expect(log.toSorted()).toEqual(["inner starts", "innermost starts", "outer starts"]);
      for (const [path, name] of [
        ["/which", "outer"],
        ["/admin/inner/which", "inner"],
        ["/admin/inner/deep/which", "innermost"],
      ] as const) {
        expect(await (await fetch(`${url}${path}`)).json()).toBe(name);
      }
    });
    expect(log.slice(3).toSorted()).toEqual(["inner stops", "innermost stops", "outer stops"]);
  });

  test("does not start at all when a mounted application cannot", async () => {
    const broken = martlet(
      { ping: get("/ping", {}, () => "pong") },
      {
        lifespan: function* () {
          yield* [];
          throw new Error("no database");
        },
      },
    );
    const app = martlet({ broken: mount("/broken", broken) });
    await expect(served(app, () => Promise.resolve())).rejects.toThrow("no database");
  });
});
