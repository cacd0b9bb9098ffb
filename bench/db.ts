/**
 * `npm run bench:db`: CPU time of an operation in this process, against `pg` by hand with prepared
 * statements. All are tested before they are timed; rounds go by turns over all of them.
 * `--quick` for a minute's figures, `--json` to end with a line for machines. `DATABASE_URL` says
 * where; without it, an embedded PostgreSQL is started.
 *
 * @module
 */
import { deepStrictEqual } from "node:assert/strict";
import { dependency, martlet } from "martlet";
import { type Database, database } from "martlet/db";
import { Pool } from "pg";
import {
  built,
  byHand,
  drizzleAlone,
  inCalls,
  kysely,
  onEngine,
  prepared,
  type Subject,
} from "./db/subjects.ts";
import { drop, make, relations } from "./db/tables.ts";
import { compare, least } from "./rounds.ts";

/** CPU time of Martlet with prepared statements over that of `pg` by hand. */
const budget = 1.15;
const [isQuick, isJson] = ["--quick", "--json"].map((each) => process.argv.includes(each));
const concurrency = 16;
const max = 8;

const db = database({
  url: process.env["DATABASE_URL"] ?? "embedded:memory",
  relations,
  pool: { max },
});
let found: Database<typeof relations> | undefined;
const keep = dependency({ use: { db }, scope: "app" }, ({ db }) => void (found = db));
const app = martlet({}, { lifespan: keep });
await app.start();
const opened = found as unknown as Database<typeof relations>;
for (const text of make) await opened.execute(text);
const { host, port, user, password, database: name, connectionString } = opened.$client.options;
const target =
  connectionString === undefined
    ? { host, port, user, password, database: name }
    : { connectionString };
const pools = Array.from({ length: 4 }, () => new Pool({ ...target, max }));
const [p1, p2, p3, p4] = pools as [Pool, Pool, Pool, Pool];

const subjects = {
  "pg by hand": byHand(p1),
  martlet: inCalls(prepared(opened, "by themselves"), opened),
  "martlet sql": inCalls(onEngine(opened), opened),
  "martlet built": inCalls(built(opened), opened),
  "drizzle prepared": prepared(drizzleAlone(p2), "anew"),
  "drizzle built": built(drizzleAlone(p3)),
  kysely: kysely(p4),
} satisfies Record<string, Subject>;
type Name = keyof typeof subjects;
const names = Object.keys(subjects) as Name[];

/** What an operation is for one of many turns. */
const operations = {
  get: (subject: Subject, turn: number) => subject.get((turn % 1000) + 1),
  list: (subject: Subject, turn: number) => subject.list(turn % 900),
  insert: (subject: Subject, turn: number) => subject.insert(`Title ${turn}`),
  transaction: (subject: Subject, turn: number) => subject.change((turn % 1000) + 1),
} as const;

for (const each of names) await test(each);
const rows: { name: string; cpuUs: number; ratio: number }[] = [];
for (const [operation, run] of Object.entries(operations)) await measure(operation, run);
await Promise.all(pools.map((each) => each.end()));
await opened.execute(drop);
await app.stop();
if (isJson) console.log(JSON.stringify({ rows }));

/** All of them give the same. */
async function test(each: Name): Promise<void> {
  const subject: Subject = subjects[each];
  const one = await subject.get(5);
  deepStrictEqual([one?.id, one?.title], [5, "Article 5"], each);
  const list = await subject.list(10);
  const told = list.map(({ id, author, tags }) => [
    id,
    author.name,
    tags.map((tag) => tag.name).toSorted(),
  ]);
  const wanted = (await subjects["pg by hand"].list(10)).map(({ id, author, tags }) => [
    id,
    author.name,
    tags.map((tag) => tag.name).toSorted(),
  ]);
  deepStrictEqual(told, wanted, each);
  deepStrictEqual((await subject.insert("x")) > 100_000, true, each);
  const before = await subject.change(7);
  deepStrictEqual(await subject.change(7), before + 1, each);
}

async function measure(
  operation: string,
  run: (subject: Subject, turn: number) => Promise<unknown>,
): Promise<void> {
  const works = Object.fromEntries(
    names.map((each) => [
      each,
      async (calls: number) => {
        let turn = 0;
        const worker = async (): Promise<void> => {
          while (turn < calls) await run(subjects[each], (turn += 1));
        };
        await Promise.all(Array.from({ length: concurrency }, worker));
      },
    ]),
  ) as Record<Name, (calls: number) => Promise<void>>;
  const calls = operation === "list" ? 300 : 600;
  const taken = await compare(works, { rounds: isQuick ? 6 : 16, calls });
  const yardstick = least(taken["pg by hand"]);
  console.log(`\n${operation}: CPU time in the client, and as a part of pg by hand`);
  for (const each of names) {
    const cpu = least(taken[each]);
    const ratio = cpu / yardstick;
    console.log(`  ${each.padEnd(20)} ${cpu.toFixed(0).padStart(6)} us   x${ratio.toFixed(2)}`);
    rows.push({ name: `${each} ${operation}`, cpuUs: round(cpu), ratio: round(ratio) });
    if (each === "martlet" && ratio > budget) {
      console.error(`  martlet takes more than ${budget} times as long`);
      if (!isJson) process.exitCode = 1;
    }
  }
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}
