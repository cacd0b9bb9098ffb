import { type ChildProcess, spawn, spawnSync, type StdioOptions } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "test/runtimes");
const modules = join(folder, "node_modules");
const bun = join(modules, "@oven/bun-linux-x64/bin/bun");
const deno = join(modules, "@deno/linux-x64-glibc/deno");
const workerd = join(modules, "@cloudflare/workerd-linux-64/bin/workerd");

/** A runtime: what is started, and where it tells its port. */
interface Runtime {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const runtimes: readonly Runtime[] = [
  { name: "Node 24", command: [join(modules, "node-24/bin/node"), "node.ts"] },
  { name: "Node 22.18, the oldest", command: [join(modules, "node-22/bin/node"), "node.ts"] },
  { name: "Node 26", command: [join(modules, "node-26/bin/node"), "node.ts"] },
  { name: "Bun", command: [bun, "run", "bun.ts"] },
  { name: "Deno", command: [deno, "run", "--allow-all", "deno.ts"] },
  { name: "workerd", command: [workerd, "serve", "worker.capnp", "--control-fd=3"] },
];

/** One request of the comparison. */
interface Case {
  readonly name: string;
  readonly path: string;
  readonly init?: () => RequestInit;
  readonly status: number;
  /** What the answer holds once work that goes on is done. */
  readonly awaited?: string;
}

const json =
  (body: string): (() => RequestInit) =>
  () => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });

function form(size: number): FormData {
  const data = new FormData();
  data.append("title", "Süß");
  data.append("photo", new File(["é".repeat(size)], "schwalbe ü.txt", { type: "text/plain" }));
  return data;
}

const item = '{"id":7,"name":"ä","at":"2026-02-28","more":true}';
const cases: readonly Case[] = [
  { name: "GET", path: "/items/7?tag=a&tag=b%20c", status: 200 },
  { name: "POST", path: "/items", init: json(item), status: 201 },
  { name: "an unknown path", path: "/nowhere", status: 404 },
  { name: "another method", path: "/items/7", init: () => ({ method: "DELETE" }), status: 405 },
  { name: "OPTIONS", path: "/items", init: () => ({ method: "OPTIONS" }), status: 204 },
  { name: "invalid input", path: "/items/x?tag=%ff", status: 422 },
  { name: "an invalid body", path: "/items", init: json('{"id":"7"}'), status: 422 },
  { name: "malformed JSON", path: "/items", init: json('{"id":'), status: 400 },
  {
    name: "another media type",
    path: "/items",
    init: () => ({ method: "POST", body: "text" }),
    status: 415,
  },
  {
    name: "a form",
    path: "/form",
    init: () => ({ method: "POST", body: new URLSearchParams({ name: "ä +&", age: "7" }) }),
    status: 200,
  },
  {
    name: "a multipart form",
    path: "/upload",
    init: () => ({ method: "POST", body: form(10) }),
    status: 200,
  },
  {
    name: "a file that is too large",
    path: "/upload",
    init: () => ({ method: "POST", body: form(501) }),
    status: 413,
  },
  {
    name: "a body that is too large",
    path: "/items",
    init: json(" ".repeat(1_048_577)),
    status: 413,
  },
  {
    name: "cookies and headers",
    path: "/cookies",
    init: () => ({ headers: { cookie: "a=b; seen=41", "x-trace": "ä" } }),
    status: 200,
  },
  { name: "the document", path: "/openapi.json", status: 200 },
  { name: "a stream", path: "/stream", status: 200 },
  { name: "HEAD", path: "/items/7", init: () => ({ method: "HEAD" }), status: 200 },
  { name: "HEAD of a stream", path: "/stream", init: () => ({ method: "HEAD" }), status: 200 },
  { name: "a redirect", path: "/away", status: 307 },
  { name: "no body", path: "/none", status: 204 },
  { name: "a failure", path: "/fails", status: 500 },
  { name: "work after the answer", path: "/work", init: json("{}"), status: 202 },
  { name: "what that work did", path: "/done", status: 200, awaited: "worked" },
];

/** The headers that an application decides; the others are the server's own business. */
const compared = ["content-type", "allow", "location", "x-trace", "cache-control", "set-cookie"];

/** What a runtime does otherwise. */
const excluded: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  workerd: {
    "cookies and headers": "it reads the bytes of headers as UTF-8",
    "what that work did": "work after an answer needs the waitUntil() of its own contract",
  },
};

/** Everything of an answer that must be the same everywhere. */
async function take(url: string, { path, init, awaited = "" }: Case): Promise<object> {
  for (let left = 40; ; left -= 1) {
    const answer = await fetch(url + path, { redirect: "manual", ...init?.() });
    const headers = compared.map((name) => [name, answer.headers.get(name)]);
    const body = Buffer.from(await answer.arrayBuffer()).toString("latin1");
    if (body.includes(awaited) || left === 0) return { status: answer.status, headers, body };
    await wait(25);
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts a runtime and waits until it tells its port. */
async function start({ name, command: [program, ...args] }: Runtime): Promise<Started> {
  const stdio: StdioOptions = ["ignore", "pipe", "pipe", "pipe"];
  const child = spawn(program, args, { cwd: folder, stdio });
  let said = "";
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += String(chunk)));
  const port = await new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += String(chunk);
      const found = /^(\d+)$/m.exec(said) ?? /"port":(\d+)/.exec(said);
      if (found !== null) resolve(Number(found[1]));
    };
    child.stdout?.on("data", hear);
    (child.stdio[3] as Readable).on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}:\n${errors}`)));
  });
  return { child, url: `http://127.0.0.1:${port}` };
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
}

/** Builds the package when it is older than its source. */
function build(): void {
  const src = join(root, "packages/martlet/src");
  const built = join(root, "packages/martlet/dist/index.js");
  const newest = globSync("**/*.ts", { cwd: src }).map((each) => statSync(join(src, each)).mtimeMs);
  if (existsSync(built) && statSync(built).mtimeMs > Math.max(...newest)) return;
  run("npm", ["run", "build", "-w", "martlet"], root);
}

/** A worker is one file: its `import.meta.url` is nothing, which the bundle must not read. */
function bundle(): void {
  const options = ["--target=node", "--format=esm", "--outfile=bundle/worker.js"];
  const define = ["--define", 'import.meta.url="file:///worker.js"'];
  run(bun, ["build", "worker.ts", ...options, ...define], folder);
}

const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
const isHere = process.platform === "linux" && process.arch === "x64";
const isInstalled = runtimes.every(({ command: [program] }) => existsSync(program));
const isRun = isHere && (isInstalled || isRequired);
const reason = isHere ? "run npm run setup:runtimes" : "they come for Linux x64 alone";

describe.skipIf(!isRun)(`the built package on other runtimes${isRun ? "" : ` (${reason})`}`, () => {
  const started: Started[] = [];
  let answers: readonly (readonly object[])[];

  beforeAll(async () => {
    if (!isInstalled) run("npm", ["ci", "--ignore-scripts"], folder);
    build();
    bundle();
    for (const runtime of runtimes) started.push(await start(runtime));
    answers = await Promise.all(
      started.map(async ({ url }) => {
        const taken: object[] = [];
        for (const each of cases) taken.push(await take(url, each));
        return taken;
      }),
    );
  }, 180_000);
  afterAll(() => {
    for (const { child } of started) child.kill("SIGKILL");
  });

  test("answers as it should on Node 24", () => {
    expect(answers[0]?.map((each) => (each as { status: number }).status)).toEqual(
      cases.map((each) => each.status),
    );
    expect(JSON.stringify(answers[0])).not.toContain("secret");
  });

  test.for(runtimes.slice(1).map((each, index) => [each.name, index + 1] as const))(
    "answers byte for byte the same on %s",
    ([name, index]) => {
      const named = (all: readonly object[] = []): object =>
        Object.fromEntries(
          all.flatMap((each, at) => {
            const { name: what = "" } = cases[at] ?? {};
            return excluded[name]?.[what] === undefined ? [[what, each]] : [];
          }),
        );
      expect(named(answers[index])).toEqual(named(answers[0]));
    },
  );
});
