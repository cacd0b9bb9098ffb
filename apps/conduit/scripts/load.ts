/**
 * Mixed load for a while, and what came of it: `npm run load -- --seconds 30 --connections 64`.
 * Starts the application on a database of its own, or takes one that runs, with `--url`. Fails on any
 * 5xx, on any other status that nothing in the mix leads to, and on any connection that breaks.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { drive } from "./load/drive.ts";
import { failuresOf, textOf } from "./load/report.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    seconds: { type: "string", default: "30" },
    connections: { type: "string", default: "64" },
  },
});

const [seconds, connections] = [Number(values.seconds), Number(values.connections)];
if (!(seconds > 0 && Number.isInteger(connections) && connections > 0)) {
  process.stderr.write("--seconds and --connections have to be numbers above 0\n");
  process.exit(2);
}

try {
  if (values.url === undefined) await withOwn((url) => load(url));
  else await load(values.url.replace(/\/$/, ""));
} catch (error) {
  process.stderr.write(`The load did not begin: ${String(error)}\n`);
  process.exitCode = 1;
}

async function load(url: string): Promise<void> {
  process.stdout.write(`\n  ${connections} connections for ${seconds} s at ${url}\n\n`);
  const report = await drive({ url, seconds, connections });
  process.stdout.write(textOf(report));
  if (failuresOf(report).length > 0) process.exitCode = 1;
}

/** Starts the application in a process of its own, as in production, and ends it afterwards. */
async function withOwn(work: (url: string) => Promise<void>): Promise<void> {
  const main = join(import.meta.dirname, "../src/main.ts");
  const child = spawn(process.execPath, ["--conditions=@martlet/source", main], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      APP_KEY: randomBytes(32).toString("base64url"),
      SEED: "true",
      PORT: "0",
      DATABASE_URL: process.env["DATABASE_URL"] ?? "embedded:memory",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  try {
    await work(await addressOf(child));
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

/** The address that the application prints once it is ready. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let printed = "";
  for await (const chunk of stdout ?? []) {
    printed += String(chunk);
    const url = /API\s+(\S+)\/api[^]*Ctrl-C/.exec(printed)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The application did not start:\n${printed}`);
}
