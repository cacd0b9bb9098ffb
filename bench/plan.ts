/**
 * `npm run bench:plan`: what a plan costs over calling the same validated functions by hand, for
 * three parameters and two dependencies. Fails when that is over the budget.
 *
 * @module
 */
import { dependency, get, Invalid, type Param, Scope } from "martlet";
import { z } from "zod";
import { Lifespan } from "../packages/martlet/src/lifespan.ts";
import { compile } from "../packages/martlet/src/plan.ts";
import { compare, least, median } from "./rounds.ts";

/** Microseconds over the same work by hand. */
const budget = 1.5;

/** What the yardstick takes where the budget was set, in microseconds: others are given more. */
const yardstickThere = 1;

interface Source {
  readonly params: Readonly<Record<string, string>>;
  readonly query: ReadonlyMap<string, readonly string[]>;
}

interface Items {
  readonly read: (id: number) => { readonly id: number };
}

const path = { id: z.int().positive() };
const query = { limit: z.int().min(1).max(100).default(20), search: z.string().optional() };

const openItems = (): Items => ({ read: (id) => ({ id }) });
const findUser = ({ items }: { readonly items: Items }): { readonly name: string } => ({
  name: `user-${items.read(7).id}`,
});
interface Arguments {
  readonly id: number;
  readonly limit: number;
  readonly search: string | undefined;
  readonly items: Items;
  readonly user: { readonly name: string };
}
const handler = ({ id, limit, search, items, user }: Arguments): object => ({
  ...items.read(id),
  limit,
  search,
  owner: user.name,
});

const items = dependency({}, openItems);
const user = dependency({ use: { items } }, findUser);
const route = get("/items/{id}", { path, query, use: { items, user } }, handler);
const { callable } = route["~route"];

const lifespan = new Lifespan({ overrides: new Map(), report: refuse });
const plan = compile([callable], { lifespan, overrides: new Map(), report: refuse });

const source: Source = {
  params: { id: "42" },
  query: new Map([
    ["limit", ["10"]],
    ["search", ["swift"]],
  ]),
};

function refuse(fault: Error): never {
  throw fault;
}

/** The reader of one parameter, as a plan has it. */
function readerOf(name: string): (source: never, scope: Scope) => unknown {
  const param = callable.params[name] as Param<unknown, never>;
  return param.compile(name, {
    slot: () => () => undefined,
    shared: (_key, create) => create(),
    scopes: [],
    throws: () => {},
    fault: (code, message) => refuse(new Error(`${code} ${message}`)),
  });
}

const [readId, readLimit, readSearch] = [readerOf("id"), readerOf("limit"), readerOf("search")];

function byHand(scope: Scope): unknown {
  const id = readId(source as never, scope);
  const limit = readLimit(source as never, scope);
  const search = readSearch(source as never, scope);
  if (id instanceof Invalid || limit instanceof Invalid || search instanceof Invalid) return id;
  const items = openItems();
  return handler({ id, limit, search, items, user: findUser({ items }) } as Arguments);
}

/** Work of the same kind, which never changes: it tells how fast the computer is just now. */
function yardstick(round: number): number {
  const values = new Map<string, unknown>();
  for (const name of ["id", "limit", "search", "items", "user"]) values.set(name, { round, name });
  return JSON.stringify([...values.values()]).length;
}

function times(work: (round: number) => unknown): (calls: number) => unknown {
  return (calls) => {
    let last: unknown;
    for (let round = 0; round < calls; round += 1) last = work(round);
    return last;
  };
}

const byPlan = JSON.stringify(plan.run(source, new Scope()));
if (byPlan !== JSON.stringify(byHand(new Scope()))) throw new Error(`the plan gives ${byPlan}`);

const taken = await compare(
  {
    hand: times(() => byHand(new Scope())),
    plan: times(() => plan.run(source, new Scope())),
    yardstick: times(yardstick),
  },
  { rounds: 40, calls: 20_000 },
);
const over = taken.plan.map((each, round) => each - (taken.hand[round] ?? 0));
const slowness = Math.max(1, least(taken.yardstick) / yardstickThere);
const figure = least(taken.plan) - least(taken.hand);

console.log("three parameters and two dependencies, CPU time of a call");
console.log(`  plan over by hand    x${(least(taken.plan) / least(taken.hand)).toFixed(2)}`);
console.log(
  `  difference           ${figure.toFixed(2)} us (median ${median(over).toFixed(2)} us)`,
);
console.log(`  budget               ${(budget * slowness).toFixed(2)} us`);
console.log(`  by hand              ${least(taken.hand).toFixed(2)} us`);
console.log(`  yardstick            ${least(taken.yardstick).toFixed(2)} us`);
if (!(figure <= budget * slowness)) {
  console.error(`A plan costs ${figure.toFixed(2)} us, more than ${budget} us.`);
  process.exitCode = 1;
}
