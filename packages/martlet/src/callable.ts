/**
 * Callables: a signature and a function. A dependency is one that others receive the result of.
 *
 * @module
 */
import type { AnyProblem } from "./errors.ts";
import { bodyParam, memberParam } from "./params/body.ts";
import { cookieModel, cookieParam } from "./params/cookie.ts";
import { formModel, formParam } from "./params/form.ts";
import { headerModel, headerParam } from "./params/header.ts";
import type { AnyCallable, Around, Lifetime, Param, Params } from "./params/param.ts";
import { pathParam } from "./params/path.ts";
import { queryModel, queryParam } from "./params/query.ts";
import type {
  AnySections,
  Arguments,
  Dependency,
  ErrorsOf,
  Files,
  PathsOf,
  Provided,
  RefuseTwice,
  Sections,
  SourceOfSections,
  Throws,
  Twice,
  Use,
  ValueOf,
  Wire,
} from "./signature.ts";
import { isSchema } from "./schema.ts";
import type { AnySchema, Fields, Shape } from "./standard.ts";

/** What a dependency may declare beside its sections. */
export interface DependencyOptions<E extends AnyProblem> {
  /** The problems it throws or returns; they appear on every route that uses it. */
  readonly throws?: Throws<E>;
  /**
   * How long its result lives: as long as the application, the request (clean-up after the answer
   * is sent) or the handler (clean-up before it is sent).
   *
   * @default "request"
   */
  readonly scope?: Lifetime;
  /** Whether everyone in one request shares one result. @default true */
  readonly cache?: boolean;
  /**
   * Whether it runs together with the dependencies beside it that say the same, as far as neither
   * needs the other.
   *
   * @default false, one after the other in declared order
   */
  readonly concurrent?: boolean;
  /** What it is called in messages. @default the function's name */
  readonly name?: string;
}

/**
 * Declares a dependency: a function whose result others receive by naming it in `use`.
 *
 * It has the same sections as a route, and brings its parameters, credentials and problems to every
 * route that uses it. The first `yield` of a generator is the result; what follows it runs after the
 * answer, and an error of the request is thrown at the `yield`.
 *
 * @example
 * ```ts
 * import { dependency } from "martlet";
 * import { z } from "zod";
 *
 * const page = dependency(
 *   { query: { limit: z.int().max(100).default(20), offset: z.int().min(0).default(0) } },
 *   ({ limit, offset }) => ({ limit, offset }),
 * );
 * const session = dependency({ use: { page } }, async function* ({ page }) {
 *   const open = { size: page.limit, closed: false };
 *   yield open;
 *   open.closed = true;
 * });
 * expect(session.kind).toBe("dependency");
 * ```
 */
export function dependency<
  PS extends Shape = {},
  QS extends Fields = {},
  HS extends Fields = {},
  CS extends Fields = {},
  B extends Fields = never,
  FS extends Fields = {},
  FF extends Files = {},
  X extends Use = {},
  U extends Use = {},
  V = unknown,
  E extends AnyProblem = never,
>(
  signature: Sections<PS, QS, HS, CS, B, FS, FF, X, U> &
    DependencyOptions<E> &
    RefuseTwice<Twice<PS, QS, HS, CS, B, FS, FF, X, U>>,
  // What a function with types of its own takes must not become what the sections declare.
  run: (args: NoInfer<Arguments<PS, QS, HS, CS, B, FS, FF, X, U>>) => V,
): Dependency<
  Provided<V>,
  Wire<PS, QS, HS, B, FS, FF, U>,
  E | ErrorsOf<U>,
  (keyof PS & string) | PathsOf<U>,
  SourceOfSections<
    keyof PS | keyof QS | keyof HS | keyof CS | keyof X,
    keyof FS | keyof FF | ([B] extends [never] ? never : "body"),
    U
  >
> {
  const callable = callableOf(signature, run, signature);
  // The phantom members are read by the types alone.
  return asParam(callable) as unknown as ReturnType<
    typeof dependency<PS, QS, HS, CS, B, FS, FF, X, U, V, E>
  >;
}

/**
 * A dependency that stands around the rest of the call: what is declared after it, and the function
 * itself, run inside of `run`, which gets the value and calls `next`.
 *
 * The answer is sent when `run` is over. It may call `next` again to try anew; it must have thrown
 * what `next` threw, or gone on without an error, in the end. A dependency of the application can
 * stand around calls too.
 *
 * @example
 * ```ts
 * import { around, dependency, get, martlet } from "martlet";
 * import { AsyncLocalStorage } from "node:async_hooks";
 *
 * const language = new AsyncLocalStorage<string>();
 * const speak = around(
 *   dependency({}, () => "de"),
 *   (value, next) => language.run(value, next),
 * );
 * const app = martlet({ hello: get("/", { use: { speak } }, () => language.getStore()) });
 * expect(await (await app.fetch(new Request("http://localhost/"))).json()).toBe("de");
 * ```
 */
export function around<D extends { readonly "~t": unknown }>(
  inner: D,
  run: Around<ValueOf<D>, unknown>,
): D {
  // What has a phantom value is a dependency, which the runtime knows as a callable.
  const callable = inner as unknown as CallableParam;
  return asParam({ ...callable, around: run }) as unknown as D;
}

/** A callable that is a parameter too: whoever names it in `use` receives its result. */
export interface CallableParam extends AnyCallable, Param<unknown, never> {}

function asParam(callable: AnyCallable): CallableParam {
  const self: CallableParam & { scopes: (...names: string[]) => CallableParam } = {
    ...callable,
    kind: "dependency",
    phase: "call",
    describe: () => {},
    compile: (name, compiler) => {
      const read = compiler.slot(self, name);
      return (_source, scope) => read(scope);
    },
    scopes: (...names) =>
      asParam({
        ...callable,
        requires: [...callable.requires, ...names],
        origin: callable.origin ?? self,
      }),
  };
  return self;
}

/** Makes a callable of sections and a function. */
export function callableOf(
  sections: AnySections,
  run: (args: never) => unknown,
  options: Partial<Pick<AnyCallable, "name" | "scope" | "cache" | "concurrent" | "throws">> = {},
): AnyCallable {
  return {
    name: options.name ?? run.name,
    params: paramsOf(sections),
    run,
    scope: options.scope ?? "request",
    cache: options.cache ?? true,
    concurrent: options.concurrent ?? false,
    throws: options.throws ?? [],
    requires: [],
  };
}

/** What stands in for a callable: its override, or what it was derived from, or itself. */
export function replacement(
  asked: AnyCallable,
  overrides: ReadonlyMap<AnyCallable, AnyCallable>,
): AnyCallable {
  const origin = asked.origin ?? asked;
  return overrides.get(origin) ?? origin;
}

type MakeParam = (schema: AnySchema) => Param<unknown, never>;

/** What a section makes of the schema of one name, and of one model for all names. */
const readers: Readonly<Record<string, { readonly one: MakeParam; readonly model?: MakeParam }>> = {
  path: { one: pathParam },
  query: { one: queryParam, model: queryModel },
  header: { one: headerParam, model: headerModel },
  cookie: { one: cookieParam, model: cookieModel },
  body: { one: memberParam, model: bodyParam },
  form: { one: formParam, model: formModel },
};

/** The sections as one flat record: a schema becomes the parameter of its section. */
export function paramsOf(sections: AnySections): Params {
  const params: Record<string, Param<unknown, never>> = {};
  const add = (name: string, param: Param<unknown, never>): void => {
    params[name] = Object.hasOwn(params, name) ? twice(name) : param;
  };
  for (const [section, { one, model }] of Object.entries(readers)) {
    const declared = sections[section as keyof AnySections] as Fields | undefined;
    if (model !== undefined && isSchema(declared)) {
      const param = model(declared);
      // What spreads has no name of its own that another could take.
      add(param.spreads ? `~${section}` : section, param);
    } else {
      for (const [name, schema] of Object.entries(declared ?? {})) add(name, one(schema));
    }
  }
  for (const section of ["files", "security", "use"] as const) {
    for (const [name, param] of Object.entries(sections[section] ?? {})) add(name, param);
  }
  return params;
}

/** Stands in for a name that is declared twice: its plan is at fault. */
function twice(name: string): Param<unknown, never> {
  return {
    kind: "twice",
    phase: "call",
    describe: () => {},
    compile: (_name, compiler) => {
      compiler.fault("M005", `"${name}" is declared twice`, "Give one of the two another name.");
      return () => undefined;
    },
  };
}
