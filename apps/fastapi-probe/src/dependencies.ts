/** Dependencies: their order, their sharing and what runs after the answer. */
import { Answer, background, dependency, get, HttpProblem, post, problem, router } from "martlet";
import { z } from "zod";
import { Item } from "./models.ts";

const log = dependency({ scope: "app" }, (): string[] => []);

const a = dependency({ use: { log } }, async function* ({ log }) {
  log.push("a+");
  try {
    yield "a";
  } catch (error) {
    log.push(`a!${error instanceof HttpProblem ? "HTTPException" : (error as Error).name}`);
    throw error;
  } finally {
    log.push("a-");
  }
});
const b = dependency({ use: { log, a } }, async function* ({ log, a }) {
  log.push("b+");
  try {
    yield `${a}b`;
  } finally {
    log.push("b-");
  }
});
const c = dependency({ use: { log, b, a } }, ({ log, b, a }) => {
  log.push("c");
  return b + a;
});
const fn = dependency({ use: { log }, scope: "handler" }, async function* ({ log }) {
  log.push("fn+");
  try {
    yield "fn";
  } finally {
    log.push("fn-");
  }
});

const handled = { background, log };
const work = ({
  background,
  log,
}: {
  background: (task: () => unknown) => void;
  log: string[];
}) => {
  background(() => log.push("bg"));
  log.push("handler");
};

export const read = get("/d/log", { use: { log } }, ({ log }) => log);
export const reset = get("/d/reset", { use: { log } }, ({ log }) => {
  log.length = 0;
  return "ok";
});
export const chain = get("/d/chain", { use: { c, a, ...handled } }, ({ c, a, ...rest }) => {
  work(rest);
  return { c, a };
});
export const scope = get("/d/scope", { use: { fn, a, ...handled } }, ({ fn, a, ...rest }) => {
  work(rest);
  return fn + a;
});
const Tea = problem(418, "tea");
export const raise = get("/d/raise", { use: { a, ...handled }, throws: [Tea] }, (args) => {
  work(args);
  throw new Tea();
});

class RuntimeError extends Error {
  override readonly name = "RuntimeError";
}
export const boom = get("/d/boom", { use: { a, log } }, ({ log }) => {
  log.push("handler");
  throw new RuntimeError("x");
});
export const stream = get("/d/stream", { use: { a, log } }, ({ log }) => {
  async function* chunks(): AsyncGenerator<string> {
    for (const index of [0, 1]) {
      log.push(`chunk${index}`);
      yield `${index}\n`;
    }
  }
  return new Answer(200, {}, chunks());
});

const counter = dependency({ scope: "app" }, () => ({ n: 0 }));
const count = dependency({ use: { counter } }, ({ counter }) => (counter.n += 1));
const fresh = dependency({ use: { counter }, cache: false }, ({ counter }) => (counter.n += 1));
export const cache = get("/d/cache", { use: { x: count, y: count, z: fresh } }, ({ x, y, z }) => ({
  same: x === y,
  fresh: z !== x,
}));

const common = dependency(
  {
    query: {
      q: z.string().nullable().default(null),
      skip: z.int().default(0),
      limit: z.int().max(50).default(10),
    },
  },
  (page) => page,
);
export const shared = get("/d/class", { use: { common } }, ({ common }) => common);

const WrongKey = problem(400, "wrong-key");
const needKey = dependency(
  { header: { xKey: z.string() }, use: { log }, throws: [WrongKey] },
  ({ xKey, log }) => {
    if (xKey !== "k") throw new WrongKey({}, { detail: "X-Key header invalid" });
    log.push("key-ok");
  },
);
export const order = get(
  "/d/order/{n}",
  { path: { n: z.int() }, query: { q: z.int() }, use: { needKey, common } },
  ({ n }) => ({ n }),
);
export const bodyAuth = post(
  "/d/bodyauth",
  { body: Item, use: { needKey }, returns: Item },
  ({ body }) => body,
);

const started = dependency({ scope: "app" }, function* () {
  const events = ["startup"];
  yield { shared: "from-lifespan", events };
  events.push("shutdown");
});
export const lifespan = get("/d/lifespan", { use: { started } }, ({ started }) => started);

const x = get("/x", {}, () => "x");
const sub = router("/sub", { x }, { use: { needKey }, tags: ["sub"] });
export const api = router("/api", { sub });
export const api2 = router("/api2", { sub }, { tags: ["again"] });
