/**
 * PGlite, PostgreSQL as WebAssembly in this process, behind `pg` itself: every value is written and
 * read as it is with a server.
 *
 * @module
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Duplex } from "node:stream";
import type { PGlite } from "@electric-sql/pglite";
import { lock } from "./lock.ts";
import { loadPglite } from "./packages.ts";
import { openPool, type Opened, type PoolSettings, withEnd } from "./pool.ts";

/** Opens the database in a directory, or one in memory. */
export async function openPglite(
  directory: string | undefined,
  settings: PoolSettings,
): Promise<Opened> {
  const { PGlite } = await loadPglite();
  if (directory !== undefined) mkdirSync(dirname(directory), { recursive: true });
  const locked = directory === undefined ? undefined : await lock(`${directory}.lock`);
  let lite: PGlite | undefined;
  const end = async (): Promise<void> => {
    try {
      await lite?.close();
    } finally {
      locked?.release();
    }
  };
  return withEnd(end, async () => {
    lite = await PGlite.create(directory === undefined ? {} : { dataDir: directory });
    const session = new Session(lite);
    const target = {
      stream: () => new SessionStream(session),
      host: "pglite",
      user: "postgres",
      database: "postgres",
      ssl: false,
      // It has one session: whoever comes second waits in the pool.
      max: 1,
    };
    return openPool(target, directory ?? "in memory", settings);
  });
}

const [query, sync, terminate] = ["Q", "S", "X"].map((letter) => letter.charCodeAt(0));
/** AuthenticationOk, then ReadyForQuery outside of a transaction. */
const welcome = Buffer.from("5200000008000000005a0000000549", "hex");

/** The one session of a PGlite, which takes turns. */
class Session {
  readonly #lite: PGlite;
  #last: Promise<unknown> = Promise.resolve();

  constructor(lite: PGlite) {
    this.#lite = lite;
  }

  /** Sends messages of the protocol and gives the answer's. */
  send(messages: Uint8Array): Promise<Uint8Array> {
    const answer = this.#last.then(() => this.#lite.execProtocolRaw(messages));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Leaves nothing of the connection before: no open transaction, no prepared statement. */
  async reset(): Promise<void> {
    await this.send(Buffer.from([sync ?? 0, 0, 0, 0, 4]));
    for (const text of ["rollback", "discard all"]) {
      const body = Buffer.from(`${text}\0`);
      const head = Buffer.alloc(5);
      head[0] = query ?? 0;
      head.writeInt32BE(body.length + 4, 1);
      await this.send(Buffer.concat([head, body]));
    }
  }
}

/** A session as the socket that `pg` expects. */
class SessionStream extends Duplex {
  readonly #session: Session;
  #isOpen = false;
  #held: Uint8Array[] = [];

  constructor(session: Session) {
    super();
    this.#session = session;
  }

  connect(): this {
    queueMicrotask(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    void this.#take(chunk, done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  async #take(message: Buffer, done: (error?: Error) => void): Promise<void> {
    try {
      const answer = await this.#answer(message);
      if (answer !== undefined && !this.destroyed) this.push(answer);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Each chunk is one message; PGlite wants all of them up to the one that it answers to. */
  async #answer(message: Buffer): Promise<Uint8Array | undefined> {
    if (!this.#isOpen) {
      this.#isOpen = true;
      await this.#session.reset();
      return welcome;
    }
    if (message[0] === terminate) return undefined;
    this.#held.push(message);
    if (message[0] !== query && message[0] !== sync) return undefined;
    const messages = Buffer.concat(this.#held);
    this.#held = [];
    return this.#session.send(messages);
  }
}
