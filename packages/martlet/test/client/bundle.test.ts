import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

test("the client is smaller than 4 kB, minified and compressed, and brings nothing along", async () => {
  const input = join(import.meta.dirname, "../../src/client/index.ts");
  const build = await rolldown({ input, platform: "browser", logLevel: "silent" });
  const { output } = await build.generate({ format: "esm", minify: true });
  await build.close();
  const [chunk, ...later] = output;
  expect(chunk.imports).toEqual([]);
  // What reads streams is loaded by those who do.
  expect(later.map((each) => each.fileName)).toEqual([expect.stringMatching(/^stream-/)]);
  const modules = output
    .flatMap((each) => ("modules" in each ? Object.keys(each.modules) : []))
    .filter((each) => !/\/src\/client\//.test(each));
  expect(modules.filter((each) => !each.startsWith("\0"))).toEqual([]);
  expect(chunk.code).not.toMatch(/\b(?:node:|zod|process|Buffer|require)\b/);
  expect(gzipSync(chunk.code, { level: 9 }).length).toBeLessThan(4096);
});
