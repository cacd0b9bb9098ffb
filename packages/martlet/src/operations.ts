/**
 * Operations: the flat list that a plan runs through, in the order of a request, and the run itself.
 *
 * @module
 */
import { together, waves } from "./concurrency.ts";
import { HttpProblem, InvalidInput, type Issue } from "./errors.ts";
import { enter, isGenerator } from "./generator.ts";
import { type AnyCallable, type Around, Invalid, type Param, type Phase } from "./params/param.ts";
import { Scope } from "./scope.ts";

/** A callable of a plan, compiled. */
export interface Step {
  readonly callable: AnyCallable;
  readonly label: string;
  readonly index: number;
  readonly reads: readonly StepRead[];
  /** The steps whose results this one receives. */
  readonly uses: readonly Step[];
  /** The scopes that are asked of it, by all who use it. */
  readonly scopes: string[];
  readonly scopesMatter: boolean;
}

export interface StepRead {
  readonly name: string;
  readonly param: Param<unknown, never>;
  readonly read: (source: never, scope: Scope) => unknown;
}

/** One operation. What it returns is awaited if it is a promise. */
export type Op = (call: Call) => unknown;

/** One run through a plan. */
interface Call {
  readonly source: never;
  readonly scope: Scope;
  /** Closes as soon as the function has returned, before the answer is sent. */
  handlerScope: Scope | undefined;
  readonly args: Record<string, unknown>[];
  issues: Issue[] | undefined;
}

/** Which steps run when. */
interface Order {
  readonly root: Step;
  readonly early: ReadonlySet<Step>;
}

/** Puts the reads and calls of all steps into the order of a request. */
export function operations(steps: readonly Step[], { root, early }: Order): readonly Op[] {
  const isRoot = (step: Step): boolean => step === root;
  const late = steps.filter((each) => !early.has(each));
  const inputs = late.flatMap((step) => [...reads(step, "body"), ...reads(step, "input")]);
  return nested([
    ...steps.flatMap((step): (Op | Step)[] =>
      early.has(step)
        ? [
            ...reads(step, "credentials"),
            ...checked([...reads(step, "body"), ...reads(step, "input")]),
            ...reads(step, "call"),
            ...calls(step, isRoot(step)),
          ]
        : [...reads(step, "credentials")],
    ),
    ...checked(inputs),
    ...waves(late).flatMap((wave): (Op | Step)[] => {
      const [only] = wave;
      if (only !== undefined && wave.length === 1) {
        const before: readonly (Op | Step)[] = reads(only, "call");
        return before.concat(calls(only, isRoot(only)));
      }
      const ops = wave.map((step) => reads(step, "call").concat(call(step, isRoot(step))));
      return [together(ops.map((each) => (run: Call) => advance(each, run, 0)))];
    }),
  ]);
}

/** The call of a step, and the step itself where it stands around all that follows. */
function calls(step: Step, isRoot: boolean): readonly (Op | Step)[] {
  const op = call(step, isRoot);
  return step.callable.around === undefined ? [op] : [op, step];
}

/** Puts what follows a step that stands around the rest into one operation. */
function nested(all: readonly (Op | Step)[]): readonly Op[] {
  const at = all.findIndex((each) => typeof each !== "function");
  if (at < 0) return all as readonly Op[];
  const rest = nested(all.slice(at + 1));
  return [...(all.slice(0, at) as readonly Op[]), surround(all[at] as Step, rest)];
}

function surround({ callable, index }: Step, rest: readonly Op[]): Op {
  const around = callable.around as Around<unknown, unknown>;
  return (run) => around(run.scope.values[index], () => within(rest, run), run.source);
}

function checked(inputs: readonly Op[]): readonly Op[] {
  return inputs.length === 0 ? [] : [...inputs, refuse];
}

function refuse({ issues }: Call): void {
  if (issues !== undefined) throw new InvalidInput({ errors: issues });
}

function reads(step: Step, phase: Phase): readonly Op[] {
  return step.reads
    .filter(({ param }) => param.phase === phase)
    .map(({ name, read, param }): Op => {
      const { index } = step;
      const store = (run: Call, value: unknown): void => {
        if (value instanceof Invalid) (run.issues ??= []).push(...value.issues);
        else if (param.spreads) Object.assign((run.args[index] ??= {}), value);
        else (run.args[index] ??= {})[name] = value;
      };
      return (run) => {
        const value = read(run.source, run.scope);
        if (value instanceof Promise) return value.then((late: unknown) => store(run, late));
        return store(run, value);
      };
    });
}

/** Calls a step's function; a generator is entered, and left when its scope closes. */
function call({ callable, index }: Step, isRoot: boolean): Op {
  const { scope } = callable;
  const settle = (run: Call, value: unknown): unknown => {
    if (value instanceof HttpProblem) throw value;
    if (!isRoot && isGenerator(value)) {
      const entered = enter(
        value,
        scope === "handler" ? (run.handlerScope ??= new Scope()) : run.scope,
      );
      if (entered instanceof Promise) return entered.then((late) => settle(run, late));
      return settle(run, entered);
    }
    run.scope.values[index] = value;
    return undefined;
  };
  return (run) => {
    const value = callable.run((run.args[index] ?? {}) as never);
    if (value instanceof Promise) return value.then((late: unknown) => settle(run, late));
    // A query builder is a promise in everything but its class.
    if (isThenable(value)) return Promise.resolve(value).then((late) => settle(run, late));
    return settle(run, value);
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** Runs all operations, and gives the result of a step. */
export function run(
  ops: readonly Op[],
  result: number,
  { source, scope }: { readonly source: never; readonly scope: Scope },
): unknown {
  const state: Call = { source, scope, handlerScope: undefined, args: [], issues: undefined };
  const pending = within(ops, state);
  return pending === undefined ? scope.values[result] : pending.then(() => scope.values[result]);
}

/** Runs operations, and closes what they opened that lives no longer than the function. */
function within(ops: readonly Op[], state: Call): Promise<void> | undefined {
  const outer = state.handlerScope;
  state.handlerScope = undefined;
  const leave = (): Scope | undefined => {
    const opened = state.handlerScope;
    state.handlerScope = outer;
    return opened;
  };
  const finish = (): Promise<void> | undefined => leave()?.close().then(raise);
  const fail = (error: unknown): Promise<never> => {
    const opened = leave();
    if (opened === undefined) throw error;
    return opened.close(error).then((last) => {
      throw last;
    });
  };
  let pending: Promise<void> | undefined;
  try {
    pending = advance(ops, state, 0);
  } catch (error) {
    return fail(error);
  }
  return pending === undefined ? finish() : pending.then(finish, fail);
}

function raise(error: unknown): void {
  if (error !== undefined) throw error;
}

/** Runs the operations from one on; stays synchronous until a promise appears. */
function advance(ops: readonly Op[], state: Call, from: number): Promise<void> | undefined {
  for (let index = from; index < ops.length; index += 1) {
    const pending = (ops[index] as Op)(state);
    if (pending instanceof Promise) return pending.then(() => advance(ops, state, index + 1));
  }
  return undefined;
}
