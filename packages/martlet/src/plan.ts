/**
 * Compiles a callable, with all it depends on, into a flat list of operations. That happens once, at
 * start; a call then runs through the list and looks nothing up.
 *
 * The order of the list is the order of a request: credentials, and whatever turns them into a
 * caller; the body and all plain input, in one validation; the dependencies in declared order; the
 * function itself.
 *
 * @module
 */
import { replacement } from "./callable.ts";
import type { AnyProblem } from "./errors.ts";
import { Fault, type FaultCode } from "./fault.ts";
import type { Lifespan } from "./lifespan.ts";
import type { Operation } from "./openapi/document.ts";
import type { AnyCallable, Compiler, Phase } from "./params/param.ts";
import type { Scope } from "./scope.ts";
import { operations, run, type Step, type StepRead } from "./operations.ts";

/** A compiled callable. */
export interface Plan {
  /**
   * Resolves all parameters and runs the callable. Throws `InvalidInput` on bad input. The result
   * is a promise only if something on the way was one.
   */
  readonly run: (source: unknown, scope: Scope) => unknown;
  /** Tells an OpenAPI operation of every parameter, each callable's once. */
  readonly describe: (operation: Operation) => void;
  /** The problems that the callable, all it depends on and their parameters declare. */
  readonly throws: readonly unknown[];
  /** The phases that the plan has parameters of. */
  readonly phases: ReadonlySet<Phase>;
  /** The names that are read from the path. */
  readonly pathNames: readonly string[];
}

/** What a plan is compiled with. */
export interface CompileOptions {
  /** Where application-scoped dependencies live. */
  readonly lifespan: Lifespan;
  /** Replaces dependencies, for tests. */
  readonly overrides: ReadonlyMap<AnyCallable, AnyCallable>;
  /** Receives the developer's mistakes. */
  readonly report: (fault: Fault) => void;
  /** What the parameters of one kind share, given beforehand. */
  readonly shared?: ReadonlyMap<symbol, unknown>;
}

/** A callable whose parameters are being compiled. */
interface Open {
  readonly callable: AnyCallable;
  /** What it is called in messages. */
  readonly label: string;
  readonly scopes: readonly string[];
  readonly uses: Step[];
}

/**
 * Compiles `callables`, which run one after the other; the last one's result is the plan's. All but
 * the last are guards: what routers and the application ask for.
 */
export function compile(callables: readonly AnyCallable[], options: CompileOptions): Plan {
  const builder = new Builder(options);
  const roots = callables.map((each) => builder.step(each));
  const root = roots.at(-1) as Step;
  const early = callerSteps(builder.steps, root);
  for (const step of early) refuseBody(step, options);
  const ops = operations(builder.steps, { root, early });
  const params = builder.steps.flatMap((step) => step.reads.map((read) => ({ step, read })));
  return {
    run: (source, scope) => run(ops, root.index, { source: source as never, scope }),
    describe: (operation) => {
      for (const { step, read } of params) {
        read.param.describe(read.name, operation, builder.compilerFor(step.scopes));
      }
    },
    throws: [
      ...new Set([...builder.steps.flatMap((step) => step.callable.throws), ...builder.throws]),
    ],
    phases: new Set(params.map(({ read }) => read.param.phase)),
    pathNames: params.filter(({ read }) => read.param.kind === "path").map(({ read }) => read.name),
  };
}

/** Turns callables into steps, each once, what a step uses before it. */
class Builder {
  readonly steps: Step[] = [];
  /** The problems of parameters. */
  readonly throws = new Set<AnyProblem>();
  readonly #options: CompileOptions;
  readonly #shared: Map<symbol, unknown>;
  readonly #open: Open[] = [];
  readonly #inCalls = new Map<AnyCallable, AnyCallable>();
  #scopesRead = false;

  constructor(options: CompileOptions) {
    this.#options = options;
    this.#shared = new Map(options.shared);
  }

  /** The step of a callable: the one there is, or a new one. */
  step(asked: AnyCallable, name: string = asked.name): Step {
    const outer = this.#open.at(-1);
    const scopes = [...(outer?.scopes ?? []), ...asked.requires];
    const callable = replacement(asked, this.#options.overrides);
    const known = this.steps.find(
      (each) =>
        each.callable === callable &&
        callable.cache &&
        (!each.scopesMatter || each.scopes.join(" ") === scopes.join(" ")),
    );
    if (known !== undefined) return require(known, scopes);
    return this.#add({ callable, label: callable.name || name, scopes, uses: [] });
  }

  /** What a parameter of a callable with these required scopes may ask. */
  compilerFor(scopes: readonly string[]): Compiler {
    const mark = (): void => void (this.#scopesRead = true);
    return {
      slot: (callable, name) => this.#slot(callable, name),
      shared: (key, create) => this.#share(key, create),
      get scopes() {
        mark();
        return scopes;
      },
      throws: (kind) => void this.throws.add(kind),
      fault: (code, message, hint) => this.#fault(code, message, hint),
    };
  }

  #add(open: Open): Step {
    const { callable, scopes, uses } = open;
    const outerRead = this.#scopesRead;
    this.#scopesRead = false;
    this.#open.push(open);
    const compiler = this.compilerFor(scopes);
    const reads = Object.entries(callable.params).map(([name, param]) => ({
      name,
      param,
      read: param.compile(name, compiler) as StepRead["read"],
    }));
    this.#open.pop();
    const scopesMatter = this.#scopesRead;
    this.#scopesRead ||= outerRead;
    const { label } = open;
    const index = this.steps.length;
    const step = { callable, label, index, reads, uses, scopes: [...scopes], scopesMatter };
    this.steps.push(step);
    return step;
  }

  #slot(asked: AnyCallable, name: string): (scope: Scope) => unknown {
    const callable = replacement(asked, this.#options.overrides);
    const label = callable.name || name;
    const outer = this.#open.at(-1);
    if (this.#open.some((each) => each.callable === callable)) {
      this.#fault("M004", `"${label}" depends on itself`, "Break the circle.");
      return () => undefined;
    }
    if (callable.scope === "app") {
      const held = this.#options.lifespan.add(callable, [...this.#trail(), label]);
      if (callable.around === undefined) return () => held.value;
      return this.#use(
        this.#surrounding(callable, () => held.value),
        label,
      );
    }
    if (
      callable.scope === "handler" &&
      this.#open.length > 1 &&
      outer?.callable.scope === "request"
    ) {
      this.#fault(
        "M007",
        `"${outer.label}" lives as long as the request and uses "${label}", which is closed before the answer is sent`,
        'Give both the same scope: `scope: "handler"` or `scope: "request"`.',
      );
    }
    return this.#use(asked, name);
  }

  #use(callable: AnyCallable, name: string): (scope: Scope) => unknown {
    const step = this.step(callable, name);
    this.#open.at(-1)?.uses.push(step);
    return (scope) => scope.values[step.index];
  }

  /** What an application-scoped dependency is in each call that it stands around. */
  #surrounding(callable: AnyCallable, run: () => unknown): AnyCallable {
    const { origin: _, ...rest } = callable;
    const inCall = this.#inCalls.get(callable) ?? { ...rest, scope: "request", params: {}, run };
    this.#inCalls.set(callable, inCall);
    return inCall;
  }

  #share<T>(key: symbol, create: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, create());
    // The key is known to its module alone, which puts one type of value there.
    return this.#shared.get(key) as T;
  }

  #fault(code: FaultCode, message: string, hint?: string): void {
    const options = hint === undefined ? {} : { hint };
    this.#options.report(new Fault(code, message, { trail: this.#trail(), ...options }));
  }

  #trail(): string[] {
    return this.#open.map((each) => each.label);
  }
}

/** A step that is used once more: what is asked of it now is asked of what it uses too. */
function require(step: Step, scopes: readonly string[]): Step {
  const more = scopes.filter((each) => !step.scopes.includes(each));
  if (more.length > 0 && !step.scopesMatter) {
    step.scopes.push(...more);
    for (const each of step.uses) require(each, more);
  }
  return step;
}

/** The steps that turn credentials into a caller, with all they use: they run before the rest. */
function callerSteps(steps: readonly Step[], root: Step): ReadonlySet<Step> {
  const early = new Set<Step>();
  const advance = (step: Step): void => {
    early.add(step);
    for (const each of step.uses) advance(each);
  };
  for (const step of steps) {
    if (step !== root && step.reads.some(({ param }) => param.phase === "credentials"))
      advance(step);
  }
  return early;
}

/** A body is read once the caller is known: what makes the caller known cannot need it. */
function refuseBody({ label, reads }: Step, { report }: CompileOptions): void {
  if (!reads.some(({ param }) => param.phase === "body")) return;
  report(
    new Fault("M010", `"${label}" tells who calls, and reads the body`, {
      hint: "Read the body in the route, or in a dependency that uses this one.",
    }),
  );
}
