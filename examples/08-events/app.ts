/**
 * A stream of events that clients may leave and come back to: each goes on where it was.
 *
 * @module
 */
import { EventEmitter, on } from "node:events";
import { dependency, events, get, martlet, post, signal } from "martlet";
import { z } from "zod";

const Message = z.object({ by: z.string().min(1), text: z.string().min(1).max(1000) });
type Message = z.infer<typeof Message>;

/** What was said, and who hears of it. In an application with several processes, a table and `LISTEN`. */
class Room {
  /** The last messages; the first of them has the number `begin`. */
  readonly #messages: Message[] = [];
  readonly #bus = new EventEmitter().setMaxListeners(0);
  #begin = 0;

  say(message: Message): void {
    this.#messages.push(message);
    if (this.#messages.length > 1000) {
      this.#messages.shift();
      this.#begin += 1;
    }
    this.#bus.emit("said");
  }

  /** Every message after the one with the number `last`, and each to come. */
  async *listen(last: number, signal: AbortSignal): AsyncGenerator<[number: number, Message]> {
    // Listened to from now on, so that nothing is missed while the first ones are sent.
    const said = on(this.#bus, "said", { signal });
    let next = Math.max(last + 1, this.#begin);
    for (;;) {
      for (const each of this.#messages.slice(next - this.#begin)) {
        yield [next, each];
        next += 1;
      }
      await said.next();
    }
  }
}

const room = dependency({ scope: "app" }, () => new Room());

const say = post(
  "/messages",
  { body: Message, use: { room }, returns: Message, status: 201 },
  ({ body, room }) => {
    room.say(body);
    return body;
  },
);

const listen = get(
  "/messages",
  {
    header: { lastEventId: z.int().default(-1) },
    use: { room, signal },
    returns: events({ message: Message }),
  },
  async function* ({ lastEventId, room, signal }) {
    for await (const [id, data] of room.listen(lastEventId, signal)) {
      yield { event: "message", data, id: String(id) };
    }
  },
);

/** The application. */
export const app = martlet({ say, listen });
