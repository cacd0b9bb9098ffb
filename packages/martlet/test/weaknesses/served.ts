/**
 * An application behind a real server for the time of one test.
 *
 * @module
 */
import type { App } from "martlet";
import { listen } from "martlet/server";

/** Serves an application while `work` talks to it. */
export async function served<Result>(
  app: App<unknown>,
  work: (url: string, port: number) => Promise<Result>,
): Promise<Result> {
  const server = await listen(app, { port: 0 });
  try {
    return await work(server.url, server.port);
  } finally {
    await server.stop();
  }
}
