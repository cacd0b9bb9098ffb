/**
 * The ways into an application: through web requests, and through a server. The same tests run on
 * each, for an application must not behave differently behind another.
 *
 * @module
 */
import type { App } from "martlet";
import { listen } from "martlet/server";

/** An application that can be called. */
export interface Entrance extends AsyncDisposable {
  readonly call: (path: string, init?: RequestInit) => Promise<Response>;
}

/** A way in. */
export interface Front {
  readonly name: string;
  readonly open: (app: App<unknown>) => Promise<Entrance>;
}

/** All ways in. */
export const fronts: readonly Front[] = [
  {
    name: "app.fetch",
    open: async (app) => ({
      call: async (path, init) => app.fetch(new Request(`http://localhost${path}`, init)),
      [Symbol.asyncDispose]: () => app.stop(),
    }),
  },
  {
    name: "node:http",
    open: async (app) => {
      const server = await listen(app, { port: 0 });
      return {
        call: async (path, init) => fetch(server.url + path, init),
        [Symbol.asyncDispose]: async () => void (await server.stop()),
      };
    },
  },
];
