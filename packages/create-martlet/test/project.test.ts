/**
 * The project that the template makes, used as people use it: with the framework as it is published,
 * its own scripts, and a server.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

interface Manifest {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const execute = promisify(execFile);
const root = join(import.meta.dirname, "../../..");
const main = join(import.meta.dirname, "../src/main.ts");
const parent = mkdtempSync(join(tmpdir(), "create-martlet-"));
const project = join(parent, "my-api");
const modules = join(project, "node_modules");
const env = {
  PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
  PORT: "0",
};
let server: ChildProcess | undefined;

beforeAll(async () => {
  await execute(process.execPath, [main, "my-api"], { cwd: parent });
  const compiled = compile(join(modules, "martlet/dist"));
  for (const name of ["package.json", "assets"]) {
    cpSync(join(root, "packages/martlet", name), join(modules, "martlet", name), {
      recursive: true,
    });
  }
  for (const name of ["zod", "typescript", "@types/node", "@fastify/busboy", ".bin/tsc"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  await compiled;
}, 60_000);

afterAll(() => {
  server?.kill();
  rmSync(parent, { recursive: true, force: true });
});

/** The framework as it is published. Its types are checked elsewhere: here only the result counts. */
async function compile(target: string): Promise<void> {
  const tsc = join(root, "node_modules/.bin/tsc");
  const args = ["-p", join(root, "packages/martlet"), "--noCheck", "--outDir", target];
  await execute(tsc, args, { env }).catch((error: unknown) => {
    if (!existsSync(join(target, "index.js"))) throw error;
  });
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

test("its types are right, and its tests pass", { timeout: 60_000 }, async () => {
  const { stdout } = await execute(process.execPath, ["--run", "check"], { cwd: project, env });
  expect(stdout).toMatch(/^(?:ℹ|#) pass 3$/m);
  expect(stdout).toMatch(/^(?:ℹ|#) fail 0$/m);
});

test("a mistake in its types is found", { timeout: 60_000 }, async () => {
  const app = readFileSync(join(project, "src/app.ts"), "utf8");
  const wrong = join(project, "src/wrong.ts");
  writeFileSync(wrong, app.replace("return body;", "return { name: 1 };"));
  const failed = execute(process.execPath, ["--run", "check"], { cwd: project, env });
  await expect(failed).rejects.toMatchObject({ stdout: expect.stringContaining("src/wrong.ts") });
  rmSync(wrong);
});

test("it serves until it is told to stop", { timeout: 60_000 }, async () => {
  const [node, ...args] = manifestOf(project).scripts["dev"]?.split(" ") ?? [];
  expect(node).toBe("node");
  server = spawn(process.execPath, args, {
    cwd: project,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(server, "close");
  const url = await printedUrl(server);
  const swift = { name: "swift", wingspan: 42 };
  expect(await (await fetch(`${url}/birds?limit=1`)).json()).toEqual([swift]);
  const again = await fetch(`${url}/birds`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(swift),
  });
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: "bird-exists", name: "swift" });
  expect((await fetch(`${url}/docs`)).status).toBe(200);
  server.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
  await expect(fetch(`${url}/birds`)).rejects.toThrow("fetch failed");
});

/** The address of what a process has printed. */
async function printedUrl({ stdout }: ChildProcess): Promise<string> {
  let output = "";
  stdout?.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(20)) {
    const url = /(http:\S+)\/docs\n/.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`It did not start: ${output}`);
}

test("it asks for the versions that the framework is tested with", () => {
  const { dependencies, devDependencies } = manifestOf(project);
  const { version } = manifestOf(join(root, "packages/martlet"));
  const tested = {
    ...manifestOf(join(root, "packages/martlet")).devDependencies,
    ...manifestOf(root).devDependencies,
    martlet: version,
  };
  const asked = { ...dependencies, ...devDependencies };
  expect(Object.keys(asked)).toEqual(["martlet", "zod", "@types/node", "typescript"]);
  expect(tested).toMatchObject(
    Object.fromEntries(Object.entries(asked).map(([name, range]) => [name, range.slice(1)])),
  );
});

test("what is published has the whole template", { timeout: 30_000 }, async () => {
  const directory = join(import.meta.dirname, "..");
  const npm = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"];
  const { stdout } = await execute("npm", npm, { cwd: directory });
  const [packed] = Object.values(JSON.parse(stdout) as readonly { files: { path: string }[] }[]);
  const paths = packed?.files.map(({ path }) => path) ?? [];
  expect(paths.filter((path) => path.startsWith("template/")).sort()).toEqual([
    "template/.env.example",
    "template/AGENTS.md",
    "template/README.md",
    "template/gitignore",
    "template/package.json",
    "template/src/app.ts",
    "template/src/main.ts",
    "template/test/app.test.ts",
    "template/tsconfig.json",
  ]);
});
