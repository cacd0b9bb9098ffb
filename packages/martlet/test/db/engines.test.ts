import { describe } from "vitest";
import { contract } from "./contract.ts";
import { embedded, postgres } from "./engines.ts";

for (const { title, url, isSkipped } of [postgres, embedded]) {
  describe.skipIf(isSkipped)(`${title}, through Drizzle,`, { timeout: 120_000 }, () => {
    contract(url);
  });
}
