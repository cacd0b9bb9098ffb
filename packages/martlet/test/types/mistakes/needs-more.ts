// A dependency that a request cannot feed is used by a route.
import { get, type Param } from "martlet";
import { db } from "./shop.ts";

const flag: Param<boolean, { readonly argv: readonly string[] }> = {
  kind: "flag",
  phase: "input",
  describe: () => {},
  compile: () => (source) => source.argv.includes("--all"),
};

// right: export const list = get("/items", { use: { db } }, () => []);
export const list = get("/items", { use: { db, flag } }, () => []);
