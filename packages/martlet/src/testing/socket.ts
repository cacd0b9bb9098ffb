/**
 * A connection of a test, both ends of it within the process.
 *
 * @module
 */
import type { PlatformSocket, PlatformSocketEvent } from "../client/index.ts";
import type { Answer, Connection, ConnectionEvents, Frame, Upgrade } from "../index.ts";

/** What a handshake came to. */
export interface Shaken {
  readonly answer: Answer;
  /** There is none when the handshake was refused. */
  readonly upgrade: Upgrade | undefined;
  /** What the test is to be failed with once all is over, if anything. */
  readonly failure: () => unknown;
}

type Listener = (event: PlatformSocketEvent) => void;

/** Both ends of a connection within the process: what the client holds, and what the server does. */
export class TestConnection implements PlatformSocket {
  binaryType = "arraybuffer";
  readonly #listeners = new Map<string, Listener[]>();
  #failure: (() => unknown) | undefined;
  #upgrade: Upgrade | undefined;
  #events: ConnectionEvents | undefined;
  #isOver = false;

  /** Opens the connection; without an upgrade it is lost. */
  open({ upgrade, answer, failure }: Shaken): void {
    const { "sec-websocket-protocol": protocol } = answer.headers;
    this.#upgrade = upgrade;
    this.#failure = failure;
    if (upgrade === undefined) return this.#end(1006, "");
    this.#events = upgrade.open(this.#server(typeof protocol === "string" ? protocol : undefined));
    return this.#tell("open", {});
  }

  readonly addEventListener = (type: string, listener: Listener): void => {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  };

  readonly send = (data: Frame): void => {
    if (this.#isOver) return;
    const { length } = typeof data === "string" ? new TextEncoder().encode(data) : data;
    if (length > (this.#upgrade?.maxMessage ?? 0)) this.#end(1009, "");
    else this.#events?.message(typeof data === "string" ? data : data.slice());
  };

  readonly close = (code = 1005, reason = ""): void => this.#end(code, reason);

  #server(protocol: string | undefined): Connection {
    return {
      protocol,
      send: async (frame) => {
        if (this.#isOver) return false;
        this.#tell("message", { data: typeof frame === "string" ? frame : frame.slice().buffer });
        return true;
      },
      waiting: () => 0,
      close: (code, reason) => this.#end(code, reason),
      pause: () => {},
      resume: () => {},
    };
  }

  /** Ends both ways; the client hears of it once everything is cleaned up. */
  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events?.closed(code, reason);
    void this.#settled().then(() =>
      this.#tell("close", { code, reason, error: this.#failure?.() }),
    );
  }

  async #settled(): Promise<void> {
    await this.#upgrade?.done;
  }

  #tell(type: string, event: PlatformSocketEvent): void {
    for (const each of this.#listeners.get(type) ?? []) each(event);
  }
}
