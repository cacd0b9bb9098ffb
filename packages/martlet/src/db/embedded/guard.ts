/**
 * The guard of a server: a process of its own that ends the server when the application is gone,
 * however it went.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { signalTo } from "../processes.ts";
import type { Home } from "./home.ts";

/** Waits for the end of its input, which the system closes with the application. */
const script = `read -r _
kill -INT "$1" || exit 0
[ -n "$2" ] || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" || break; sleep 0.2; done
rm -rf "$2"`;

/** Sets a guard beside a server. What it gives takes the guard away. */
export function guard(pid: number, home: Home): () => void {
  const args = [String(pid), home.isTemporary ? home.path : ""];
  const watch = spawn("/bin/sh", ["-c", script, "martlet-guard", ...args], {
    ...home.account,
    cwd: "/",
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Where there is no shell, the server is ended here, or as an orphan at the next start.
  watch.on("error", () => undefined);
  watch.stdin.on("error", () => undefined);
  watch.unref();
  // Node's is a socket, which its type does not tell: it must not keep the process alive.
  (watch.stdin as unknown as { unref: () => void }).unref();
  const last = (): void => signalTo(pid, "SIGINT");
  process.on("exit", last);
  return () => {
    process.off("exit", last);
    watch.kill("SIGKILL");
  };
}
