/**
 * Streams as they arrive: JSON Lines and server-sent events, item by item, wherever the network cuts
 * them into pieces. One that ends in the middle of an item fails.
 *
 * @module
 */

/** An event of which the types are no longer of interest. */
interface AnyEvent {
  readonly event: string;
  readonly data: unknown;
  readonly id: string;
}

type Bytes = ReadableStream<Uint8Array>;

/** The items of JSON Lines. */
export async function* itemsOf(body: Bytes): AsyncIterable<unknown> {
  for await (const line of linesOf(body)) if (line !== "") yield JSON.parse(line);
}

/** Events, as https://html.spec.whatwg.org/multipage/server-sent-events.html, section 9.2.6, says. */
export async function* eventsOf(body: Bytes): AsyncIterable<AnyEvent> {
  let lines: string[] = [];
  let id = "";
  for await (const line of linesOf(body)) {
    if (line !== "") {
      lines.push(line);
      continue;
    }
    const fields = new Map<string, string>();
    for (const [name, value] of lines.map(fieldOf)) {
      const data = name === "data" ? fields.get(name) : undefined;
      fields.set(name, data === undefined ? value : `${data}\n${value}`);
    }
    const told = fields.get("id") ?? id;
    if (!told.includes("\0")) id = told;
    const data = fields.get("data");
    if (data !== undefined) {
      yield { event: fields.get("event") || "message", data: jsonOrText(data), id };
    }
    lines = [];
  }
  if (lines.length > 0) throw cutShort();
}

/** A comment has no name. */
function fieldOf(line: string): readonly [name: string, value: string] {
  const [name = "", ...rest] = line.split(":");
  return [name, rest.join(":").replace(/^ /, "")];
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function* linesOf(body: Bytes): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  // What comes next may be the second half of a line break.
  let held = "";
  try {
    for (let isOver = false; !isOver;) {
      const { done, value } = await reader.read();
      const text = held + decoder.decode(value, { stream: !done });
      held = !done && text.endsWith("\r") ? "\r" : "";
      const lines = text.slice(0, text.length - held.length).split(/\r\n?|\n/);
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? "";
      yield* lines;
      isOver = done;
    }
    if (rest !== "") throw cutShort();
  } finally {
    // Whoever stops early needs no more of it; one that has failed has nothing to cancel.
    reader.cancel().catch(() => undefined);
  }
}

function cutShort(): Error {
  return new Error("The stream ended in the middle of an item");
}
