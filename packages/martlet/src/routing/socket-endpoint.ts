/**
 * Endpoints of sockets: the plan runs as long as the connection does.
 *
 * @module
 */
import { type AnyProblem, HttpProblem } from "../errors.ts";
import { answerProblem } from "../http/problem.ts";
import type { HttpRequest } from "../http/request.ts";
import { compile, type Plan } from "../plan.ts";
import { Scope } from "../scope.ts";
import { enclose } from "./enclosure.ts";
import { type Endpoint, type EndpointOptions, ownCodes } from "./endpoint.ts";
import type { Tell } from "./error-handler.ts";
import { Handshake, isAbandonment, refusedHandshake } from "./handshake.ts";
import type { Respond } from "./middleware.ts";
import type { PlacedRoute } from "./router.ts";
import { closingFor } from "./socket-close.ts";
import type { SocketData } from "./socket-data.ts";
import { messageReader, messageWriter } from "./socket-message.ts";

/** Compiles a socket. */
export function compileSocket(
  route: PlacedRoute,
  data: SocketData,
  options: EndpointOptions,
): Endpoint {
  const name = `${route.method} ${route.path}`;
  const guards = route.routers.flatMap((each) => each.guard ?? []);
  const plan = compile([...guards, { ...route.data.callable, name }], options);
  const declared = (plan.throws as readonly AnyProblem[]).map((each) => each.code);
  const codes = new Set([...ownCodes, ...declared]);
  const respond = responder({ ...options, name, plan, data, codes });
  const refuse: Tell = (error, request) => {
    if (!(error instanceof HttpProblem)) {
      options.reporter({ kind: "error", error, route: name, request });
    }
    return answerProblem(error, options.format);
  };
  return { route, plan, respond: enclose(route, respond, refuse) };
}

interface Parts extends Pick<EndpointOptions, "format" | "reporter"> {
  readonly name: string;
  readonly plan: Plan;
  readonly data: SocketData;
  readonly codes: ReadonlySet<string>;
}

/** One life of a socket. */
interface Life extends Parts {
  readonly request: HttpRequest;
  readonly handshake: Handshake;
}

function responder(parts: Parts): Respond {
  const { data, name, format } = parts;
  const messages = {
    read: messageReader(data.receives),
    write: messageWriter(name, data.sends),
  };
  return (request) => {
    const refused = refusedHandshake(request, data.origins);
    if (refused !== undefined) return answerProblem(refused, format);
    const handshake = new Handshake(request, { data, messages });
    request.upgrade = handshake;
    // Only a reporter that fails itself comes to this.
    handshake.done = live({ ...parts, request, handshake }).catch(() =>
      handshake.socket?.close(1011),
    );
    return handshake.answer;
  };
}

/** From the first parameter to the last task. */
async function live(life: Life): Promise<void> {
  const { plan, request, handshake } = life;
  const scope = new Scope();
  try {
    await plan.run(request, scope);
    await succeed(life, scope);
  } catch (error) {
    const last = await scope.close(error ?? new Error("Nothing was thrown, as an error"));
    await fail(life, last);
  }
  for (const task of request.tasks ?? []) {
    try {
      await task();
    } catch (error) {
      report(life, "background", error);
    }
  }
  await handshake.socket?.gone;
}

async function succeed(life: Life, scope: Scope): Promise<void> {
  const { socket } = life.handshake;
  socket?.close();
  const failure = await scope.close(socket?.failure);
  if (failure !== undefined)
    report(life, failure === socket?.failure ? "error" : "cleanup", failure);
}

async function fail(life: Life, error: unknown): Promise<void> {
  const { handshake, format } = life;
  if (isAbandonment(error)) return;
  if (!isEcho(life, error)) tell(life, error);
  if (handshake.socket === undefined && refuses(error)) {
    handshake.refuse(answerProblem(error, format));
    return;
  }
  const { code, reason } = closingFor(error);
  // A browser is told nothing of an answer that is no socket: it learns the reason from the close.
  const socket = handshake.socket ?? (await handshake.accept().catch(() => undefined));
  socket?.close(code, reason);
}

/** Who may not call is told so by the answer to the handshake; everything else by a close. */
function refuses(error: unknown): boolean {
  return error instanceof HttpProblem && (error.status === 401 || error.status === 403);
}

/** Whether an error says no more than that the connection is over. */
function isEcho({ handshake, request }: Life, error: unknown): boolean {
  if (!handshake.isAbandoned && handshake.socket?.isOver !== true) return false;
  return error === request.signal.reason || (error instanceof Error && error.name === "AbortError");
}

function tell(life: Life, error: unknown): void {
  if (!(error instanceof HttpProblem)) report(life, "error", error);
  else if (!life.codes.has(error.code)) report(life, "undeclared-problem", error);
}

function report(
  { reporter, name, request }: Life,
  kind: Parameters<EndpointOptions["reporter"]>[0]["kind"],
  error: unknown,
): void {
  reporter({ kind, error, route: name, request });
}
