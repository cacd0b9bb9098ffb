/**
 * One caller: a connection that is kept, and a token.
 *
 * @module
 */
import { Agent, request } from "node:http";

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** As JSON; empty when there is nothing. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls an application on one connection, one request after the other. */
export class Caller {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** @default none, a stranger */
  token: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Sends a request: `call("GET /tags")`. Throws when the connection breaks. */
  call(operation: string, json?: object): Promise<Answer> {
    const [method = "", path = ""] = operation.split(" ");
    const payload = json === undefined ? undefined : JSON.stringify(json);
    const headers = {
      ...(this.token !== undefined && { authorization: `Token ${this.token}` }),
      ...(payload !== undefined && {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(payload),
      }),
    };
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.#agent, timeout: 60_000 };
      const sent = request(`${this.#url}/api${path}`, options, (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => void (text += chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          resolve({ status: incoming.statusCode ?? 0, text, body: parse(text) });
        });
      });
      sent.on("timeout", () => sent.destroy(new Error("No answer within a minute")));
      sent.on("error", reject);
      sent.end(payload);
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#agent.destroy();
  }
}

/** Every answer of the application is an object, or nothing. */
function parse(text: string): Answer["body"] {
  return text === "" ? {} : JSON.parse(text);
}
