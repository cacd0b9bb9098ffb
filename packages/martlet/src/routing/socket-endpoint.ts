/**
 * Endpoints of sockets: the plan runs as long as the connection does.
 *
 * @module
 */
import { type AnyProblem, HttpProblem } from "../errors.ts";
import { Answer } from "../http/answer.ts";
import { answerProblem } from "../http/problem.ts";
import type { HttpRequest } from "../http/request.ts";
import { compile, type Plan } from "../plan.ts";
import { Scope } from "../scope.ts";
import { announced } from "./deprecation.ts";
import { enclose, errorHandlersOf } from "./enclosure.ts";
import { type Endpoint, type EndpointOptions, ownCodes } from "./endpoint.ts";
import { type ErrorHandler, handling, type Tell } from "./error-handler.ts";
import { Handshake, isAbandonment, refusedHandshake } from "./handshake.ts";
import { around, type Respond } from "./middleware.ts";
import type { PlacedRoute } from "./router.ts";
import { type Closing, closingFor } from "./socket-close.ts";
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
  const handlers = errorHandlersOf(route);
  const respond = responder({ ...options, name, plan, data, codes, handlers });
  const tell: Tell = (error, request) => {
    if (!(error instanceof HttpProblem)) {
      options.reporter({ kind: "error", error, route: name, request });
    }
    return answerProblem(error, options.format);
  };
  return {
    name,
    route,
    plan,
    respond: around(announced(route), enclose(route, respond, tell), tell),
  };
}

interface Parts extends Pick<EndpointOptions, "format" | "reporter"> {
  readonly name: string;
  readonly plan: Plan;
  readonly data: SocketData;
  readonly codes: ReadonlySet<string>;
  readonly handlers: readonly ErrorHandler[];
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
  const { handshake } = life;
  if (isAbandonment(error)) return;
  const { answer, closing } = isEcho(life, error) ? silent : await verdict(life, error);
  if (handshake.socket === undefined && (answer.status === 401 || answer.status === 403)) {
    // Who may not call is told so by the answer to the handshake; everything else by a close.
    handshake.refuse(answer);
    return;
  }
  // A browser is told nothing of an answer that is no socket: it learns the reason from the close.
  const socket = handshake.socket ?? (await handshake.accept().catch(() => undefined));
  socket?.close(closing.code, closing.reason);
}

/** What is made of an error: an answer for a handshake, a close for what is open. */
interface Verdict {
  readonly answer: Answer;
  readonly closing: Closing;
}

/** Nobody is there to be told. */
const silent: Verdict = { answer: new Answer(204), closing: { code: 1000, reason: "" } };

/** Asks the error handlers what to make of an error, and tells the operator of what none of them takes. */
async function verdict(life: Life, failure: unknown): Promise<Verdict> {
  let closing: Closing | undefined;
  const handle = handling(life.handlers, (error) => {
    tell(life, error);
    closing = closingFor(error);
    return answerProblem(error, life.format);
  });
  const answer = await handle(failure, life.request);
  // An answer of a handler's own is for those who ask for one: a socket learns whose fault it was.
  return { answer, closing: closing ?? { code: answer.status < 500 ? 1008 : 1011, reason: "" } };
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
