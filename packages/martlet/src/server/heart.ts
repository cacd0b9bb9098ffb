/**
 * The heartbeat of WebSockets: a client that is gone without a word is found and cut.
 *
 * @module
 */
import type { WebSocket } from "ws";

/** Pings the clients of a server, and cuts those that do not answer. */
export class Heart {
  readonly #period: number;
  /** Those that are watched, with whether they have given a sign of life since the last beat. */
  readonly #alive = new Map<WebSocket, boolean>();
  #timer: NodeJS.Timeout | undefined;

  /** `period` is in milliseconds; 0 for a heart that does not beat. */
  constructor(period: number) {
    this.#period = period;
  }

  watch(socket: WebSocket): void {
    if (this.#period <= 0) return;
    this.#alive.set(socket, true);
    const live = (): void => void this.#alive.set(socket, true);
    socket.on("pong", live).on("ping", live).on("message", live);
    socket.once("close", () => {
      this.#alive.delete(socket);
      if (this.#alive.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
    this.#timer ??= setInterval(() => this.#beat(), this.#period).unref();
  }

  #beat(): void {
    for (const [socket, isAlive] of this.#alive) {
      // One that is held back by its handler could not have answered.
      if (!isAlive && !socket.isPaused) socket.terminate();
      else {
        this.#alive.set(socket, false);
        socket.ping();
      }
    }
  }
}
