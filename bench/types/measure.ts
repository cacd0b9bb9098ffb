/**
 * Measures one framework's application: compiled from source with its client, then its client
 * alone against the application's declarations, as another package of a monorepo sees it.
 *
 * @module
 */
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { compile, declareMartlet, type Figures, write } from "./compiler.ts";
import type { Files, Peer, Size } from "./routes.ts";

/** The declarations of an application, and the client that reads them. */
export interface Declared {
  /** Size of all declaration files, in kilobytes. */
  readonly size: number;
  /** Errors of the emit: a type that cannot be named or is too long. */
  readonly errors: readonly string[];
  readonly client: Figures;
}

/** Where one application is written, and the paths to Martlet's declarations. */
export interface Place {
  readonly folder: string;
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

/** A folder for applications, with Martlet's declarations in it. */
export function place(folder: string): Place {
  return { folder, paths: declareMartlet(folder) };
}

/** The figures of an application of this size with its client. */
export function measure(peer: Peer, size: Size, { folder, paths }: Place): Figures {
  const client = peer.client?.(size, "./app.ts");
  const files: Files = { ...peer.app(size), ...(client !== undefined && { "client.ts": client }) };
  const roots = client === undefined ? ["app.ts"] : ["app.ts", "client.ts"];
  const project = { folder: join(folder, nameOf(peer)), options: { noEmit: true, paths }, roots };
  write(project, files);
  return compile(project.folder);
}

/** The figures of the client alone, against what the compiler emits for the application. */
export function measureDeclared(peer: Peer, size: Size, { folder, paths }: Place): Declared {
  const home = join(folder, `${nameOf(peer)}-declared`);
  const output = join(home, "declared");
  const emit = { declaration: true, emitDeclarationOnly: true, outDir: output, paths };
  write({ folder: join(home, "app"), options: emit, roots: ["app.ts"] }, peer.app(size));
  const { errors } = compile(join(home, "app"));
  const text = peer.client?.(size, "../declared/app.js") ?? "";
  const options = { noEmit: true, paths };
  write({ folder: join(home, "client"), options, roots: ["client.ts"] }, { "client.ts": text });
  return { size: kilobytes(output), errors, client: compile(join(home, "client")) };
}

function nameOf({ name }: Peer): string {
  return name.toLowerCase().replaceAll(/\W+/g, "-");
}

function kilobytes(folder: string): number {
  const files = globSync("**/*.d.ts", { cwd: folder });
  return files.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0) / 1024;
}
