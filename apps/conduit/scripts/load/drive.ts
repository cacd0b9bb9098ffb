/**
 * The driver of a load: so many connections, each of which does one thing after the other.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { Caller } from "./caller.ts";
import { type Act, acts, type Actor, type World } from "./mix.ts";
import { isExpected, type LoadReport } from "./report.ts";

/** How an application is loaded. */
export interface DriveOptions {
  /** `"http://127.0.0.1:8000"` */
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  /** Where the choices of all callers begin: the same number, the same choices. @default 1 */
  readonly seed?: number;
}

/** Several connections share one account: people do have two windows, and a hash takes its time. */
const accounts = 16;

/** Loads an application, and tells what came of it. */
export async function drive(options: DriveOptions): Promise<LoadReport> {
  const { connections, seed = 1 } = options;
  const people = await register(options.url, Math.min(accounts, Math.max(2, connections)));
  const world = await explore(options.url, people);
  const tally = new Tally();
  const actors = Array.from({ length: connections }, (_, index) => {
    const person = people[index % people.length] as Person;
    const caller = new Caller(options.url);
    caller.token = person.token;
    const { username } = person;
    const random = randomFrom(seed * 1000 + index);
    return { caller, world, username, slugs: [], comments: [], random };
  });
  const from = performance.now();
  const end = from + options.seconds * 1000;
  await Promise.all(actors.map((actor) => goOn(actor, end, tally)));
  return tally.report((performance.now() - from) / 1000);
}

/** An account. */
interface Person {
  readonly username: string;
  readonly token: string;
}

async function register(url: string, count: number): Promise<readonly Person[]> {
  const run = randomBytes(4).toString("hex");
  const caller = new Caller(url);
  const people: Person[] = [];
  for (let index = 0; index < count; index += 1) {
    const username = `load-${run}-${index}`;
    const user = { username, email: `${username}@example.com`, password: run.repeat(2) };
    const { status, body, text } = await caller.call("POST /users", { user });
    if (status !== 201) throw new Error(`Nobody can register: ${status} ${text}`);
    people.push({ username, token: (body["user"] as { token: string }).token });
  }
  caller.close();
  return people;
}

/** What there is to begin with. Where nothing is, somebody writes something. */
async function explore(url: string, people: readonly Person[]): Promise<World> {
  const caller = new Caller(url);
  caller.token = people[0]?.token;
  const first = { title: "A beginning", description: "Of a load.", body: "It has to begin." };
  await caller.call("POST /articles", { article: { ...first, tagList: ["load"] } });
  const { body } = await caller.call("GET /articles?limit=100");
  const { articles } = body as { articles: { slug: string; author: { username: string } }[] };
  const tags = (await caller.call("GET /tags")).body["tags"] as string[];
  caller.close();
  const authors = articles.map((each) => each.author.username);
  return {
    slugs: articles.map((each) => each.slug),
    usernames: [...new Set([...people.map((each) => each.username), ...authors])],
    tags: tags.slice(0, 50),
  };
}

/** Does one thing after the other until the time is over. */
async function goOn(actor: Actor, end: number, tally: Tally): Promise<void> {
  while (performance.now() < end) {
    const act = choose(actor.random());
    const from = performance.now();
    try {
      const { status, text } = await act.run(actor);
      tally.add(act, status, performance.now() - from);
      if (!isExpected(status)) tally.astonish(`${act.name}: ${status} ${text.slice(0, 200)}`);
    } catch (error) {
      tally.fail(`${act.name}: ${String(error)}`);
    }
  }
  actor.caller.close();
}

const allWeights = acts.reduce((sum, each) => sum + each.weight, 0);

function choose(random: number): Act {
  let left = random * allWeights;
  // The number is below the sum, so one is found.
  return acts.find((each) => (left -= each.weight) < 0) as Act;
}

/** Counts what happens. */
class Tally {
  readonly #latencies: number[] = [];
  readonly #statuses = new Map<number, number>();
  readonly #acts = new Map<string, number>();
  readonly #errors: string[] = [];
  readonly #astonishing: string[] = [];

  add({ name }: Act, status: number, took: number): void {
    this.#latencies.push(took);
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#acts.set(name, (this.#acts.get(name) ?? 0) + 1);
  }

  fail(error: string): void {
    this.#errors.push(error);
  }

  astonish(answer: string): void {
    if (this.#astonishing.length < 10) this.#astonishing.push(answer);
  }

  report(seconds: number): LoadReport {
    return {
      seconds,
      latencies: this.#latencies.toSorted((one, other) => one - other),
      statuses: this.#statuses,
      acts: this.#acts,
      errors: this.#errors,
      astonishing: this.#astonishing,
    };
  }
}

/** Random numbers from a seed (mulberry32): good enough to choose by, and the same each time. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
