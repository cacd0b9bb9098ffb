/**
 * `npm run bench:http`: CPU time of a request in Martlet, in node:http by hand and in Fastify. Each
 * server is a process of its own, tested before it is timed; rounds go by turns over all of them.
 * `--rounds=20` for steadier figures, `--only=W2` for one request. Node's own options reach the
 * servers, so that `node --cpu-prof --conditions=@martlet/source bench/http.ts` leaves a profile of
 * each.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Connections, open } from "./http/load.ts";
import { type Workload, workloads } from "./http/work.ts";
import { least, median } from "./rounds.ts";

/** CPU time of a request over that of others. Fastify's is an aim, and fails nothing. */
const budget = { raw: 1.15, fastify: 0.8 } as const;

const names = ["raw", "fastify", "martlet"] as const;
type Name = (typeof names)[number];

const said = process.argv.join(" ");
const rounds = Number(/--rounds=(\d+)/.exec(said)?.[1] ?? 10);
const only = /--only=(\w+)/.exec(said)?.[1] ?? "";
const requests = 4000;
const connections = 32;

interface Server {
  readonly name: Name;
  readonly child: ChildProcess;
  readonly port: number;
  readonly connections: Connections;
}

interface Message {
  readonly port?: number;
  readonly cpu?: { readonly user: number; readonly system: number };
}

const isPinned = availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0;

async function startServer(name: Name): Promise<Server> {
  const script = [...process.execArgv, join(import.meta.dirname, "http/server.ts"), name];
  const command = [process.execPath, ...script];
  const [file = "", ...args] = isPinned ? ["taskset", "-c", "0", ...command] : command;
  const child = spawn(file, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const { port = 0 } = await told(child);
  return { name, child, port, connections: await open(port, connections) };
}

function told(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`The server ended: ${code}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as Message);
    });
  });
}

async function cpuOf({ child }: Server): Promise<number> {
  const answer = told(child);
  child.send("cpu");
  const { cpu = { user: 0, system: 0 } } = await answer;
  return cpu.user + cpu.system;
}

/** Whether a server does the work: answers what it should, filters it, and refuses what is wrong. */
async function test({ name, port }: Server): Promise<void> {
  for (const { method, target, body, status, answer, wrong } of workloads) {
    const ask = (at: string, sent: unknown): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}${at}`, {
        method,
        ...(sent !== undefined && {
          headers: { "content-type": "application/json" },
          body: JSON.stringify(sent),
        }),
      });
    const response = await ask(target, body);
    strictEqual(response.status, status, `${name} ${target}`);
    deepStrictEqual(await response.json(), answer, `${name} ${target}`);
    if (wrong === undefined) continue;
    const refused = await ask(wrong.target ?? target, wrong.body ?? body);
    strictEqual(Math.floor(refused.status / 100), 4, `${name} refuses ${target}`);
  }
}

type Times = Readonly<Record<Name, readonly number[]>>;

/** CPU microseconds of a request, by server and round. */
async function time(servers: readonly Server[], workload: Workload): Promise<Times> {
  const times: Record<Name, number[]> = { raw: [], fastify: [], martlet: [] };
  for (let round = -3; round < rounds; round += 1) {
    for (const server of servers) {
      const before = await cpuOf(server);
      await server.connections.send(workload, requests);
      const taken = (await cpuOf(server)) - before;
      if (round >= 0) times[server.name].push(taken / requests);
    }
  }
  return times;
}

/** The ratio of the least of each, and the median of the rounds' ratios. */
function ratio(times: Times, other: "raw" | "fastify"): { least: number; median: number } {
  const each = times.martlet.map((own, round) => own / (times[other][round] ?? Number.NaN));
  return { least: least(times.martlet) / least(times[other]), median: median(each) };
}

if (isPinned) spawnSync("taskset", ["-cp", "1", String(process.pid)]);
const servers = await Promise.all(names.map(startServer));
for (const server of servers) await test(server);

console.log("CPU time of a request in Martlet, over (least of all rounds / median of rounds):");
for (const workload of workloads.filter(({ name }) => name.startsWith(only))) {
  const times = await time(servers, workload);
  const cells = (["raw", "fastify"] as const).map((other) => {
    const { least, median } = ratio(times, other);
    const isOver = least > budget[other] ? ` (over ${budget[other]})` : "";
    if (other === "raw" && isOver !== "") process.exitCode = 1;
    return `${other} x${least.toFixed(2)} / x${median.toFixed(2)}${isOver}`;
  });
  console.log(`  ${workload.name.padEnd(18)} ${cells.join("   ")}`);
}
for (const { child, connections } of servers) {
  connections.close();
  child.disconnect();
}
