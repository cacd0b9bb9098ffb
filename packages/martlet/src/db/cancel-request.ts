/**
 * Cancel requests: asking a PostgreSQL server to give up what a connection runs.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";

/** How long, in milliseconds, a server is waited for. */
const patience = 2000;

/** The first words of the two messages that come without a session. */
const [sslRequest, cancelRequest] = [80_877_103, 80_877_102];

/** Where a server is, and which of its sessions is meant. */
export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | ConnectionOptions;
  readonly processId: number;
  readonly secretKey: number;
}

/** Sends a cancel request (PostgreSQL protocol 3.0), and waits until the server has taken it. Never throws. */
export async function sendCancel(target: CancelTarget): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { host, port, ssl } = target;
  const socket = host.startsWith("/")
    ? connect(`${host}/.s.PGSQL.${port}`)
    : connect({ host, port });
  socket.setTimeout(patience, () => socket.destroy());
  socket.once("close", () => resolve());
  // Nothing can be done about it: the statement ends by its own time limit.
  socket.once("error", () => undefined);
  socket.once("connect", () => {
    if (ssl === false) tell(socket, target);
    else encrypt(socket, { host, options: ssl === true ? {} : ssl }, (safe) => tell(safe, target));
  });
  return promise;
}

/** The server says nothing, and closes the connection when it has passed the request on. */
function tell(socket: Socket, { processId, secretKey }: CancelTarget): void {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(cancelRequest ?? 0, 4);
  message.writeInt32BE(processId, 8);
  message.writeInt32BE(secretKey, 12);
  socket.write(message);
  socket.resume();
}

function encrypt(
  socket: Socket,
  { host, options }: { readonly host: string; readonly options: ConnectionOptions },
  then: (safe: Socket) => void,
): void {
  const message = Buffer.alloc(8);
  message.writeInt32BE(8, 0);
  message.writeInt32BE(sslRequest ?? 0, 4);
  socket.write(message);
  socket.once("data", (answer: Buffer) => {
    if (answer[0] !== "S".charCodeAt(0)) return void socket.destroy();
    const safe = connectTls({ ...options, socket, servername: options.servername ?? host });
    safe.once("error", () => socket.destroy());
    safe.once("secureConnect", () => then(safe));
    safe.once("close", () => socket.destroy());
  });
}
