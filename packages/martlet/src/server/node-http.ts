/**
 * node:http as it is loaded here: without the facade that an import makes of it, which reads every
 * member and so loads a whole web client that no server needs (`npm run bench:start`).
 *
 * @module
 */
import type * as nodeHttp from "node:http";
import process from "node:process";

/** The module node:http. */
export const http: typeof nodeHttp = process.getBuiltinModule("node:http");
