/**
 * `npm run bench:types`: what the types of an application cost in Martlet and in its peers, as one
 * table, and Martlet's budget. `--martlet-only` leaves the peers out.
 *
 * @module
 */
import { join } from "node:path";
import { breaches, growth, type Measured, perRoute } from "./budget.ts";
import { generated } from "./compiler.ts";
import { measure, measureDeclared, place, type Place } from "./measure.ts";
import { elysia, elysiaChain } from "./peers/elysia.ts";
import { hono, honoChain } from "./peers/hono.ts";
import { martlet } from "./peers/martlet.ts";
import { orpc } from "./peers/orpc.ts";
import { schemas } from "./peers/schemas.ts";
import type { Peer } from "./routes.ts";

const size = { modules: 25, routes: 20, calls: 40 };
const twice = { ...size, modules: 50 };
const routes = size.modules * size.routes;

const where = place(join(generated, "run"));

const columns = [
  "",
  "instantiations",
  "a route, above schemas",
  "types",
  "MB",
  "CPU s",
  "x1000/500",
  ".d.ts kB",
  "client, .d.ts",
  "errors",
];

function measureAll(peer: Peer, where: Place, alone?: Measured): Measured {
  const app = measure(peer, size, where);
  const measured = {
    routes,
    schemas: alone?.schemas ?? app,
    app,
    twice: measure(peer, twice, where),
  };
  if (peer.client === undefined) return measured;
  return { ...measured, declared: measureDeclared(peer, size, where) };
}

function row({ name }: Peer, measured: Measured): string[] {
  const { app, twice, declared } = measured;
  const errors = [app, twice, declared, declared?.client].flatMap((each) => each?.errors ?? []);
  return [
    name,
    thousands(app.instantiations),
    app === measured.schemas ? "" : perRoute(measured).toFixed(0),
    thousands(app.types),
    app.memory.toFixed(0),
    app.cpu.toFixed(1),
    twice === undefined ? "" : growth(app, twice).toFixed(2),
    declared === undefined ? "" : declared.size.toFixed(0),
    declared === undefined ? "" : thousands(declared.client.instantiations),
    errors.length === 0 ? "0" : `${errors.length}: ${codes(errors)}`,
  ];
}

function codes(errors: readonly string[]): string {
  return [...new Set(errors.map((each) => /TS\d+/.exec(each)?.[0]))].join(" ");
}

function thousands(count: number): string {
  return count < 10_000 ? `${(count / 1000).toFixed(1)} k` : `${(count / 1000).toFixed(0)} k`;
}

function print(cells: readonly string[]): void {
  const [name = "", ...rest] = cells;
  const padded = rest.map((cell, index) => cell.padStart((columns[index + 1] ?? "").length));
  console.log(`| ${[name.padEnd(18), ...padded].join(" | ")} |`);
}

print(columns);
print(columns.map((each) => "-".repeat(Math.max(each.length, 3))));
const alone = measureAll(schemas, where);
print(row(schemas, alone));
const own = measureAll(martlet, where, alone);
print(row(martlet, own));
if (!process.argv.includes("--martlet-only")) {
  for (const peer of [orpc, hono, honoChain, elysia, elysiaChain]) {
    print(row(peer, measureAll(peer, where, alone)));
  }
}
const found = breaches(own);
for (const each of found) console.error(each);
process.exitCode = found.length > 0 ? 1 : 0;
