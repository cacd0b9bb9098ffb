/**
 * A chat: rooms of typed sockets in one process. Who opens a room sees what was said last, and
 * everybody in it hears what anybody says.
 *
 * @module
 */
import { dependency, get, html, martlet, problem, router, type Socket, websocket } from "martlet";
import { z } from "zod";

/** What a client sends. */
const Say = z.object({ text: z.string().trim().min(1).max(500) });
/** What a client hears. */
const Said = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("said"), by: z.string(), text: z.string() }),
  z.object({ kind: z.literal("came"), by: z.string() }),
  z.object({ kind: z.literal("left"), by: z.string() }),
]);
type Said = z.infer<typeof Said>;

/** There is somebody of that name already. */
const NameTaken = problem(409, "name-taken");

/** The people in one room. */
class Room {
  readonly #people = new Map<string, Socket<unknown, Said>>();
  readonly #history: Said[] = [];

  join(name: string, socket: Socket<unknown, Said>): void {
    if (this.#people.has(name)) throw new NameTaken();
    for (const each of this.#history) void socket.send(each);
    this.#people.set(name, socket);
    this.tell({ kind: "came", by: name });
  }

  leave(name: string): void {
    this.#people.delete(name);
    this.tell({ kind: "left", by: name });
  }

  /** Nobody waits for the slowest: one that lets too much pile up is closed with 1013. */
  tell(said: Said): void {
    if (said.kind === "said") this.#history.push(said);
    if (this.#history.length > 20) this.#history.shift();
    for (const each of this.#people.values()) void each.send(said);
  }
}

const Name = z.enum(["lobby", "tea", "coffee"]);
const rooms = dependency(
  { scope: "app" },
  () => new Map(Name.options.map((each) => [each, new Room()])),
);

/** The room of the path. */
const room = dependency({ path: { id: Name }, use: { rooms } }, ({ id, rooms }) => rooms.get(id)!);

const talk = websocket(
  "/{id}",
  {
    query: { name: z.string().min(1).max(20) },
    use: { room },
    receives: Say,
    sends: Said,
    throws: [NameTaken],
  },
  async ({ name, room, socket }) => {
    room.join(name, socket);
    try {
      for await (const { text } of socket) room.tell({ kind: "said", by: name, text });
    } finally {
      room.leave(name);
    }
  },
);

const page = get("/", { hidden: true }, () =>
  html(`<!doctype html><title>Chat</title><ul></ul><form><input autofocus></form><script>
const socket = new WebSocket("/rooms/lobby?name=" + Math.random().toString(36).slice(2, 7));
const tell = (text) => document.querySelector("ul").appendChild(document.createElement("li")).append(text);
socket.onmessage = ({ data }) => tell(Object.values(JSON.parse(data)).join(" "));
socket.onclose = ({ code, reason }) => tell("closed: " + code + " " + reason);
document.forms[0].onsubmit = (event) => {
  event.preventDefault();
  socket.send(JSON.stringify({ text: event.target[0].value }));
  event.target.reset();
};
</script>`),
);

/** The application. */
export const app = martlet({ page, rooms: router("/rooms", { talk }) }, { title: "Chat" });
