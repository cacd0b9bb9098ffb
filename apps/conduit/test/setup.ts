/**
 * The database servers of all tests of this application: an embedded PostgreSQL in a temporary
 * directory, started once, and the one at 127.0.0.1:5432 where there is one.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import type { TestProject } from "vitest/node";

/** A server that tests make databases on. */
export interface DatabaseServer {
  readonly name: string;
  /** A database of it, from which others are made. */
  readonly url: string;
  /** Whether it is not there, and need not be. */
  readonly isSkipped: boolean;
}

declare module "vitest" {
  interface ProvidedContext {
    servers: readonly DatabaseServer[];
  }
}

/** Starts the embedded server, and gives what stops it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const script = fileURLToPath(new URL("./embedded.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@martlet/source", script], {
    stdio: ["pipe", "pipe", "inherit"],
    // Ctrl-C is for the tests, which end it then.
    detached: true,
  });
  const ended = once(child, "exit");
  const [url = ""] = (await Promise.race([once(child.stdout, "data"), ended])).map(String);
  provide("servers", [
    { name: "the embedded PostgreSQL", url: url.trim(), isSkipped: false },
    await service(),
  ]);
  return async () => {
    child.stdin.end();
    await ended;
  };
}

/** PostgreSQL at its usual place, which trusts `postgres` or `root`. */
async function service(): Promise<DatabaseServer> {
  const name = "PostgreSQL at 127.0.0.1:5432";
  const urls = ["postgres", "root"].map((user) => `postgres://${user}@127.0.0.1:5432/postgres`);
  for (const url of urls) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
    try {
      await client.connect();
      return { name, url, isSkipped: false };
    } catch {
      // The next one.
    } finally {
      await client.end();
    }
  }
  const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
  return { name: `${name} (there is none)`, url: urls[0] ?? "", isSkipped: !isRequired };
}
