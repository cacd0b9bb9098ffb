import process from "node:process";
import { app } from "./app.ts";

/** What is used of Deno. */
interface Deno {
  readonly serve: (
    options: {
      readonly port: number;
      readonly hostname: string;
      readonly onListen: (address: { readonly port: number }) => void;
    },
    handle: (request: Request) => Promise<Response>,
  ) => unknown;
}

const { Deno: deno } = globalThis as unknown as { Deno: Deno };
const onListen = ({ port }: { readonly port: number }): void => {
  process.stdout.write(`${port}\n`);
};
deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, app.fetch);
