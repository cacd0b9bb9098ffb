/**
 * Starts everything, says so, and serves until it is told to stop.
 *
 * @module
 */
import process from "node:process";
import { Fault, Faults } from "martlet";
import { serve } from "martlet/server";
import { app } from "./app.ts";
import { banner } from "./banner.ts";
import { config } from "./settings.ts";

try {
  const { port, host, databaseUrl } = config.load();
  const server = await serve(app, { port, host, signals: ["SIGINT", "SIGTERM", "SIGHUP"] });
  process.stdout.write(
    banner({
      url: server.url,
      databaseUrl: databaseUrl.reveal(),
      routes: app.routes().filter((each) => !each.hidden).length,
      took: performance.now(),
      isTerminal: process.stdout.isTTY,
    }),
  );
} catch (error) {
  process.stderr.write(`\nConduit cannot start: ${reason(error)}\n`);
  process.exitCode = 1;
}

function reason(error: unknown): string {
  if (error instanceof Fault || error instanceof Faults) return error.message;
  const { code, port } = error as { readonly code?: unknown; readonly port?: unknown };
  if (code === "EADDRINUSE") {
    return `port ${String(port)} is in use. Stop what listens there, or choose another: PORT=8001 npm start`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
