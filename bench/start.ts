/**
 * `npm run bench:start`: how long a process takes to its first answer, for a small application and
 * for one of 500 routes. Packages and application are compiled JavaScript, as they are deployed.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, type Project, write } from "./types/compiler.ts";
import { martlet } from "./types/peers/martlet.ts";
import type { Files } from "./types/routes.ts";

/** CPU milliseconds to the first answer. */
const budget = { small: 300, large: 700 } as const;

/** What the bare server takes where the budget was set, in CPU milliseconds: others are given more. */
const bareThere = 160;

const runs = 5;
const root = join(import.meta.dirname, "..");
const folder = join(import.meta.dirname, ".generated/start");

/** What one process took, in milliseconds. */
interface Start {
  readonly cpu: number;
  readonly wall: number;
}

const emit = { rewriteRelativeImportExtensions: true, noCheck: true };

/** The package as it is installed, as far as the applications need it. */
function install(): void {
  const source = join(root, "packages/martlet/src");
  const home = join(folder, "node_modules/martlet");
  const entries = ["index.ts", "auth/index.ts", "server/index.ts"];
  const options = { ...emit, rootDir: source, outDir: home };
  build({
    folder: join(folder, "package"),
    roots: entries.map((path) => join(source, path)),
    options,
  });
  const exports = {
    ".": "./index.js",
    "./auth": "./auth/index.js",
    "./server": "./server/index.js",
  };
  const manifest = { name: "martlet", type: "module", exports };
  writeFileSync(join(home, "package.json"), JSON.stringify(manifest));
}

function build(project: Project, files: Files = {}): void {
  write(project, files);
  const { errors } = compile(project.folder);
  if (errors.length > 0) throw new Error(errors.join("\n"));
}

const small: Files = {
  "app.ts": `import { get, martlet } from "martlet";
import { z } from "zod";

const read = get("/items/{id}", { path: { id: z.int() } }, ({ id }) => ({ id }));
export const app = martlet({ read });
`,
};

/** Listens, asks for one answer over a socket, and tells what that took since the process began. */
function mainOf(request: string, imports: string): string {
  return `import { connect } from "node:net";
${imports}

const server = await listen(app, { port: 0 });
const socket = connect(server.port, "127.0.0.1");
socket.write("GET ${request} HTTP/1.1\\r\\nhost: localhost\\r\\nauthorization: Bearer ada\\r\\n\\r\\n");
socket.once("data", (answer) => {
  const wall = performance.now();
  const { user, system } = process.cpuUsage();
  const status = String(answer).slice(9, 12);
  console.log(JSON.stringify({ status, wall, cpu: (user + system) / 1000 }));
  process.exit(0);
});
`;
}

/** node:http and Zod, which every application here needs, and nothing else. */
const bare = `import { createServer } from "node:http";
import { z } from "zod";

const id = z.int();
const server = createServer((request, response) => {
  response.end(JSON.stringify({ id: id.parse(Number(request.url.slice(7))) }));
});
export const listen = () =>
  new Promise((resolve) => server.listen(0, () => resolve({ port: server.address().port })));
`;

function prepare(name: string, files: Files, request: string): string {
  const home = join(folder, name);
  const project = { folder: join(home, "source"), roots: ["app.ts"] };
  build({ ...project, options: { ...emit, outDir: home, rootDir: project.folder } }, files);
  const imports = 'import { listen } from "martlet/server";\nimport { app } from "./app.js";';
  writeFileSync(join(home, "main.js"), mainOf(request, imports));
  return join(home, "main.js");
}

function run(file: string, environment: NodeJS.ProcessEnv): Start {
  const { stdout, stderr } = spawnSync(process.execPath, [file], {
    encoding: "utf8",
    env: { ...process.env, NODE_COMPILE_CACHE: undefined, ...environment },
  });
  const answer = stdout.startsWith("{")
    ? (JSON.parse(stdout) as Start & { status: string })
    : undefined;
  if (answer?.status !== "200") throw new Error(`${file} answered ${stdout} ${stderr}`);
  return answer;
}

/** The least of several runs, in turns with the others. */
function measure(files: Readonly<Record<string, string>>, environment = {}): Record<string, Start> {
  const starts: Record<string, Start> = {};
  for (let round = 0; round < runs; round += 1) {
    for (const [name, file] of Object.entries(files)) {
      const { cpu, wall } = run(file, environment);
      const best = starts[name] ?? { cpu, wall };
      starts[name] = { cpu: Math.min(best.cpu, cpu), wall: Math.min(best.wall, wall) };
    }
  }
  return starts;
}

rmSync(folder, { recursive: true, force: true });
install();
writeFileSync(join(folder, "bare-server.js"), bare);
const imports = 'import { listen } from "./bare-server.js";\nconst app = undefined;';
writeFileSync(join(folder, "bare.js"), mainOf("/items/7", imports));
const files = {
  bare: join(folder, "bare.js"),
  small: prepare("small", small, "/items/7"),
  large: prepare("large", martlet.app({ modules: 25, routes: 20, calls: 0 }), "/m24/r17/7"),
};
const plain = measure(files);
const cached = measure(files, { NODE_COMPILE_CACHE: join(folder, "cache") });

const slowness = Math.max(1, (plain["bare"]?.cpu ?? 0) / bareThere);
console.log("to the first answer, milliseconds      CPU    wall   CPU over bare");
for (const [how, starts] of Object.entries({ plain, "with a compile cache": cached })) {
  for (const [name, { cpu, wall }] of Object.entries(starts)) {
    const over = cpu / (starts["bare"]?.cpu ?? Number.NaN);
    const cells = [cpu.toFixed(0).padStart(7), wall.toFixed(0).padStart(7), over.toFixed(2)];
    console.log(`${`${name}, ${how}`.padEnd(34)} ${cells.join(" ")}`);
  }
}
for (const [name, limit] of Object.entries(budget)) {
  const { cpu } = plain[name] as Start;
  if (cpu <= limit * slowness) continue;
  console.error(`The ${name} application starts in ${cpu.toFixed(0)} ms, more than ${limit} ms.`);
  process.exitCode = 1;
}
