/**
 * Endpoints: a route compiled into the function that answers its requests.
 *
 * @module
 */
import { type AnyProblem, HttpProblem } from "../errors.ts";
import { Answer, isStream } from "../http/answer.ts";
import type { Codec } from "../source.ts";
import { answerProblem, type ProblemFormat } from "../http/problem.ts";
import type { Report, Reporter } from "../http/report.ts";
import type { HttpRequest } from "../http/request.ts";
import { serializer } from "../http/serialize.ts";
import { LiveStream } from "../http/stream.ts";
import { bodyLimits } from "../params/limits.ts";
import { compile, type CompileOptions, type Plan } from "../plan.ts";
import { Scope } from "../scope.ts";
import type { MaybePromise } from "../standard.ts";
import { announced } from "./deprecation.ts";
import { enclose, errorHandlersOf } from "./enclosure.ts";
import { handling, type Tell } from "./error-handler.ts";
import { around, type Fail, type Respond } from "./middleware.ts";
import type { PlacedRoute } from "./router.ts";

/** A compiled route. */
export interface Endpoint {
  /** `"GET /items/{id}"` */
  readonly name: string;
  readonly route: PlacedRoute;
  readonly plan: Plan;
  readonly respond: Respond;
}

/** What endpoints are compiled with. */
export interface EndpointOptions extends Required<CompileOptions> {
  readonly format: ProblemFormat;
  readonly reporter: Reporter;
  readonly codecs: readonly Codec[];
  /** Keeps work after an answer until it is done, so that a stop can wait for it. */
  readonly track: (work: Promise<void>) => void;
}

/** The codes that the framework itself answers with: no route declares them. */
export const ownCodes: ReadonlySet<string> = new Set([
  "bad-request",
  "malformed-body",
  "unauthorized",
  "request-timeout",
  "content-too-large",
  "unsupported-media-type",
  "invalid-input",
  "internal",
  "unavailable",
]);

/** Compiles a route. */
export function compileEndpoint(route: PlacedRoute, options: EndpointOptions): Endpoint {
  const { data, routers } = route;
  const name = `${route.method} ${route.path}`;
  const guards = routers.flatMap((each) => each.guard ?? []);
  const { format, reporter, codecs, track, ...rest } = options;
  const { limits } = data.options;
  const plan = compile([...guards, { ...data.callable, name }], {
    ...rest,
    shared: new Map([...rest.shared, ...bodyLimits(limits, codecs)]),
  });
  const tell: Tell = (error, request) => {
    if (!(error instanceof HttpProblem)) reporter({ kind: "error", error, route: name, request });
    return answerProblem(error, format);
  };
  const respond = responder({
    name,
    plan,
    serialize: serializer(data.outcomes, { route: name, codecs }),
    reporter,
    track,
    fail: handling(errorHandlersOf(route), tellUndeclared(tell, { name, plan, reporter })),
  });
  return {
    name,
    route,
    plan,
    respond: around(announced(route), enclose(route, respond, tell), tell),
  };
}

/** Tells of problems, too, that the plan does not declare. */
function tellUndeclared(
  tell: Tell,
  { name, plan, reporter }: Pick<Parts, "name" | "plan" | "reporter">,
): Tell {
  const declared = (plan.throws as readonly AnyProblem[]).map((each) => each.code);
  const codes = new Set([...ownCodes, ...declared]);
  return (error, request) => {
    if (error instanceof HttpProblem && !codes.has(error.code)) {
      reporter({ kind: "undeclared-problem", error, route: name, request });
    }
    return tell(error, request);
  };
}

interface Parts extends Pick<EndpointOptions, "reporter" | "track"> {
  readonly name: string;
  readonly plan: Plan;
  readonly serialize: ReturnType<typeof serializer>;
  readonly fail: Fail;
}

function responder(parts: Parts): Respond {
  const { plan, serialize } = parts;
  const succeed = (request: HttpRequest, scope: Scope, value: unknown): MaybePromise<Answer> => {
    const answer = serialize(value, request);
    return answer instanceof Promise
      ? answer.then((late) => complete(parts, { request, scope, answer: late }))
      : complete(parts, { request, scope, answer });
  };
  return (request) => {
    const scope = new Scope();
    const fail = (error: unknown): MaybePromise<Answer> => {
      if (scope.pending) return scope.close(error).then((last) => failed(parts, request, last));
      return failed(parts, request, error);
    };
    try {
      const value = plan.run(request, scope);
      if (value instanceof Promise) {
        return value.then((late: unknown) => succeed(request, scope, late)).catch(fail);
      }
      const answer = succeed(request, scope, value);
      return answer instanceof Promise ? answer.catch(fail) : answer;
    } catch (error) {
      return fail(error);
    }
  };
}

interface Completion {
  readonly request: HttpRequest;
  readonly scope: Scope;
  readonly answer: Answer;
}

/** Puts the draft on top of the answer, and leaves clean-ups and tasks for when it is sent. */
function complete(parts: Parts, { request, scope, answer }: Completion): Answer {
  const { draft } = request;
  const { status, headers, body } = answer;
  const stream = isStream(body)
    ? new LiveStream(body, (kind, error) => broken(parts, request, { kind, error }))
    : undefined;
  // A stream may still add tasks while it runs.
  if (stream !== undefined || scope.pending || request.tasks !== undefined) {
    finishLater(parts, { request, scope, stream });
  }
  if (draft === undefined && stream === undefined) return answer;
  return new Answer(status, draft === undefined ? headers : draft.over(headers), stream ?? body);
}

/** A stream that fails on its way is the operator's to know, unless its client had gone before. */
function broken(
  { name, reporter }: Parts,
  request: HttpRequest,
  { kind, error }: Pick<Report, "kind" | "error">,
): void {
  if (kind === "error" && request.signal.aborted) return;
  reporter({ kind, error, route: name, request });
}

function failed(parts: Parts, request: HttpRequest, error: unknown): MaybePromise<Answer> {
  const answer = parts.fail(error, request);
  const finish = (last: Answer): Answer => {
    if (request.tasks !== undefined) {
      finishLater(parts, { request, scope: undefined, stream: undefined });
    }
    return last;
  };
  return answer instanceof Promise ? answer.then(finish) : finish(answer);
}

interface Rest {
  readonly request: HttpRequest;
  readonly scope: Scope | undefined;
  /** What is sent bit by bit; `undefined` for an answer that is there as a whole. */
  readonly stream: LiveStream | undefined;
}

/** Leaves clean-ups and tasks for when the answer is sent. A stop waits for them from now on. */
function finishLater(parts: Parts, { request, scope, stream }: Rest): void {
  const { name, reporter, track } = parts;
  const work = async (): Promise<void> => {
    // What a stream reads from is open until it has let go.
    await stream?.end();
    const error = await scope?.close(stream?.failure);
    if (error !== stream?.failure) reporter({ kind: "cleanup", error, route: name, request });
    for (const task of request.tasks ?? []) {
      try {
        await task();
      } catch (failure) {
        reporter({ kind: "background", error: failure, route: name, request });
      }
    }
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  // Nobody may ever read a stream to its end: that must not hold up a stop.
  if (stream === undefined) track(promise);
  request.finish = () => {
    request.finish = undefined;
    resolve(work());
    if (stream !== undefined) track(promise);
    return promise;
  };
}
