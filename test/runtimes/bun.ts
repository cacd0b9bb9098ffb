import process from "node:process";
import { app } from "./app.ts";

/** What is used of Bun. */
interface Bun {
  readonly serve: (options: {
    readonly port: number;
    readonly hostname: string;
    readonly fetch: (request: Request) => Promise<Response>;
  }) => { readonly port: number };
}

const { Bun: bun } = globalThis as unknown as { Bun: Bun };
const server = bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
process.stdout.write(`${server.port}\n`);
