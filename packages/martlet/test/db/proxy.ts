/**
 * A wire to a database that can be cut, held, or taken away: what happens to networks and servers.
 *
 * @module
 */
import { connect, createServer, type Server, type Socket } from "node:net";

/** A port of this machine that leads to another one. */
export interface Wire {
  readonly port: number;
  /** Ends all connections, and refuses new ones until it is mended. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
  /** Passes nothing on any more, and takes new connections that nobody answers on. */
  readonly hold: (isHeld: boolean) => void;
  /** Passes everything on after so many milliseconds, as to a server that is far away. */
  readonly delay: (milliseconds: number) => void;
  readonly close: () => Promise<void>;
}

/** Lays a wire to a port of this machine. */
export async function wireTo(target: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isHeld = false;
  let distance = 0;
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => {
        if (isHeld) return;
        if (distance === 0) to.write(data);
        else setTimeout(() => to.write(data), distance);
      });
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await listen(server, 0);
  const { port } = server.address() as { port: number };
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const each of sockets) each.destroy();
    await closed;
  };
  return {
    port,
    cut,
    mend: () => listen(server, port),
    hold: (held) => void (isHeld = held),
    delay: (milliseconds) => void (distance = milliseconds),
    close: async () => {
      if (server.listening) await cut();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => void server.listen(port, "127.0.0.1", resolve));
}
