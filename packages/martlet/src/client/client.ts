/**
 * The client: an application's routes as functions, over HTTP or in one process.
 *
 * @module
 */
import type { Document } from "../index.ts";
import type { AnyApp, Client } from "./calls.ts";
import { type Contract, type ContractOperation, contractOf } from "./contract.ts";
import { type GivenUp, type Limits, within } from "./deadline.ts";
import { nearest } from "./near.ts";
import {
  type CallOptions,
  type ClientOptions,
  type SocketCallOptions,
  valueOf,
} from "./options.ts";
import { globalSocket } from "./platform.ts";
import { type Arguments, outgoing } from "./request.ts";
import { type AnyAnswer, answerOf, failure } from "./response.ts";
import { type AnySocket, overWebSocket } from "./socket.ts";

/**
 * Makes a client of an application from its type alone. No code is generated: what TypeScript has no
 * name for at run time, where each argument goes, is read off the application's OpenAPI document.
 *
 * A call gives an answer and does not throw, whatever server and network do. It throws for what only
 * a change of the program can mend: an operation that the application does not have, a body that is
 * no JSON, a `token` function that fails.
 *
 * @example
 * ```ts
 * import { get, martlet, problem, router } from "martlet";
 * import { client } from "martlet/client";
 * import { z } from "zod";
 *
 * const ItemNotFound = problem(404, "item-not-found", { id: z.int() });
 * const Item = z.object({ id: z.int(), name: z.string() });
 * const read = get(
 *   "/{id}",
 *   { path: { id: z.int() }, returns: Item, throws: [ItemNotFound] },
 *   ({ id }) => (id === 7 ? { id, name: "Swift" } : new ItemNotFound({ id })),
 * );
 * const app = martlet({ items: router("/items", { read }) });
 *
 * // `fetch: app.fetch` calls the application in this process; leave it out to go over the network.
 * const api = client<typeof app>("http://localhost", { fetch: app.fetch });
 *
 * const found = await api.items.read({ id: 7 });
 * expect(found.ok && found.data.name).toBe("Swift");
 *
 * const missing = await api.items.read({ id: 8 });
 * if (missing.ok || missing.error.code !== "item-not-found") throw new Error("not reached");
 * expect(missing.error.id).toBe(8);
 * ```
 */
export function client<A extends AnyApp>(url: string, options: ClientOptions = {}): Client<A> {
  const caller = new Caller(url.replace(/\/+$/, ""), options);
  // What the members are is known to the type of the application, and to the contract by name.
  return member([], (name, args, call) => caller.call(name, args, call)) as Client<A>;
}

type Dispatch = (
  name: string,
  args?: Arguments,
  options?: SocketCallOptions,
) => Promise<AnyAnswer | AnySocket>;

/** What JavaScript itself looks for on any value: nobody asks for a route there. */
const reserved = new Set<PropertyKey>(["then", "toJSON"]);

/** A router or a route, which of the two is not known until it is called. */
function member(path: readonly string[], dispatch: Dispatch): unknown {
  const members = new Map<string, unknown>();
  const call = (args?: Arguments, options?: SocketCallOptions): ReturnType<Dispatch> =>
    dispatch(path.join("."), args, options);
  return new Proxy(call, {
    get: (_target, name) => {
      if (typeof name === "symbol" || reserved.has(name)) return undefined;
      const known = members.get(name) ?? member([...path, name], dispatch);
      members.set(name, known);
      return known;
    },
  });
}

/** What asking for the contract came to. */
type Loaded = { readonly contract: Contract } | AnyAnswer | GivenUp;

/** What stands behind a {@link Client}. */
class Caller {
  readonly #url: string;
  readonly #options: ClientOptions;
  #loaded: Loaded | Promise<Loaded> | undefined;

  constructor(url: string, options: ClientOptions) {
    const { openapi, contract = typeof openapi === "object" ? contractOf(openapi) : undefined } =
      options;
    this.#url = url;
    this.#options = options;
    this.#loaded = contract && { contract };
  }

  async call(
    name: string,
    args: Arguments = {},
    call: SocketCallOptions = {},
  ): Promise<AnyAnswer | AnySocket> {
    const headers = await this.#headers(call);
    const limits = this.#limits(call);
    const loaded = await within(limits, () => this.#load(headers));
    // Whether it is a socket is not known then: what comes back is a failure, and a socket that is lost.
    if (!("contract" in loaded)) return { ...this.#settle(loaded), ...(await overWebSocket()) };
    const operation = operationOf(loaded.contract, name);
    const { target, body, issues } = outgoing(operation, args, headers);
    if (operation.method === "WEBSOCKET") {
      const { protocols = [] } = call;
      const [issue] = issues;
      if (issue !== undefined) {
        return overWebSocket(undefined, { closing: { code: 1008, reason: String(issue.loc) } });
      }
      const { webSocket = globalSocket } = this.#options;
      const url = this.#url.replace(/^http/, "ws") + target;
      return overWebSocket(webSocket(url, { protocols, headers }), { ...operation, ...limits });
    }
    if (issues.length > 0) return failure(422, "invalid-input", { errors: issues });
    const content = body === undefined ? {} : { body, duplex: "half" as const };
    const init = { method: operation.method, headers, ...content };
    return this.#settle(await this.#send(this.#url + target, init, limits));
  }

  /** Asks for the contract, once for all who wait for it; after a failure the next call asks anew. */
  async #load(headers: Headers): Promise<Loaded> {
    try {
      const loaded = await (this.#loaded ??= this.#ask(headers));
      if (!("contract" in loaded)) this.#loaded = undefined;
      return loaded;
    } catch (error) {
      this.#loaded = undefined;
      throw error;
    }
  }

  async #ask(headers: Headers): Promise<Loaded> {
    const { openapi } = this.#options;
    const place = typeof openapi === "string" ? openapi : "/openapi.json";
    const isElsewhere = /^\w+:/.test(place);
    const url = isElsewhere ? place : `${this.#url}/${place.replace(/^\/+/, "")}`;
    // Another server is not told who calls this one.
    const init = isElsewhere ? {} : { headers: new Headers(headers) };
    // Others wait for it too: the signal of one call does not end it.
    const answer = await this.#send(url, init, this.#limits({}));
    if (answer.ok === true && isDocument(answer.data)) return { contract: contractOf(answer.data) };
    if (answer.ok === undefined) return answer;
    const body = answer.ok ? answer.data : answer.error;
    const detail = `There is no OpenAPI document at ${url}: name its place, or give a contract.`;
    return failure(answer.status, "unexpected-answer", { detail, body }, answer.headers);
  }

  #send(url: string, init: RequestInit, limits: Limits): Promise<AnyAnswer | GivenUp> {
    const { fetch: send = fetch, raise = false } = this.#options;
    return within(limits, (signal) => {
      const request = new Request(url, { ...init, signal });
      return send(request)
        .then(answerOf)
        .catch((cause: unknown) => {
          if (raise || signal.aborted) throw cause;
          return { ok: undefined, reason: "network", cause } as const;
        });
    });
  }

  #settle(answer: AnyAnswer | GivenUp): AnyAnswer {
    if (answer.ok !== undefined) return answer;
    const { reason, cause } = answer;
    return failure(0, "unreachable", { detail: String(cause), reason, cause });
  }

  #limits({ timeout = this.#options.timeout ?? 60_000, signal }: CallOptions): Limits {
    return { timeout, signals: [this.#options.signal, signal] };
  }

  async #headers(call: CallOptions): Promise<Headers> {
    const headers = new Headers(await valueOf(this.#options.headers ?? {}));
    const token = await valueOf(this.#options.token);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    new Headers(call.headers).forEach((value, name) => headers.set(name, value));
    return headers;
  }
}

function operationOf(contract: Contract, name: string): ContractOperation {
  const operation = Object.hasOwn(contract, name) ? contract[name] : undefined;
  if (operation !== undefined) return operation;
  const near = nearest(name, Object.keys(contract)).map((each) => `"${each}"`);
  throw new Error(
    `The application has no operation "${name}", or hides it from its document. ` +
      `Nearest: ${near.join(", ") || "none, it has no operations"}.`,
  );
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && "paths" in value;
}
