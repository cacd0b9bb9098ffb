/**
 * Settings: a record of schemas that becomes an app-scoped dependency, read from the environment
 * once, at start, with everything that is wrong told at once.
 *
 * @module
 */
import {
  type AnySchema,
  dependency,
  type Dependency,
  Fault,
  Faults,
  type Output,
  type Shape,
} from "../index.ts";
import {
  absent,
  describe,
  freeze,
  readSetting,
  type Setting,
  type SettingInfo,
  settingOf,
} from "./setting.ts";
import {
  type Found,
  lookAlike,
  lookUp,
  type Mistake,
  openSources,
  type SourceOptions,
  type Sources,
} from "./sources.ts";

/** What settings may be told beside their schemas. */
export interface SettingsOptions<Name extends string = string> extends SourceOptions {
  /** What all variables begin with: `"APP_"`. @default "" */
  readonly prefix?: string;
  /** Variables that are not named after their setting; the prefix is not added. */
  readonly names?: { readonly [K in Name]?: string };
  /** What these settings are called in messages. @default "settings" */
  readonly name?: string;
}

/** The values of settings, as their schemas give them. */
export type SettingValues<S> = { readonly [K in keyof S]: Output<S[K]> };

/** Settings: a dependency as long-lived as the application, which can also be read without one. */
export interface Settings<Values> extends Dependency<Values> {
  /**
   * Reads the settings now: for scripts, tools and tests. The value is frozen.
   *
   * @throws {Faults} when variables are missing or wrong, with one fault (M015) for each
   */
  readonly load: (options?: SourceOptions) => Values;
  /** The settings as data, in declared order: for documentation and tools. */
  readonly describe: () => readonly SettingInfo[];
}

/**
 * Declares settings. Each name is an environment variable: `databaseUrl` is `DATABASE_URL`. Its text
 * is read by the declared type, as that of a query parameter is; a list is separated by commas, an
 * object is JSON. An empty variable counts as not set, and `<NAME>_FILE` may hold the path of a file
 * with the value instead.
 *
 * The result goes into `use`. The application does not start when a variable is missing or wrong: it
 * tells all of them, and the value of none.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { secret, settings } from "martlet/settings";
 * import { override, testClient } from "martlet/testing";
 * import { z } from "zod";
 *
 * const config = settings({
 *   port: z.int().default(8000),
 *   databaseUrl: secret(z.url()),
 *   origins: z.array(z.url()).default([]),
 * });
 * const origins = get("/origins", { use: { config } }, ({ config }) => config.origins);
 *
 * const env = { DATABASE_URL: "postgres://db/app", ORIGINS: "https://a.example, https://b.example" };
 * const test = testClient(martlet({ origins }), {
 *   overrides: [override(config, () => config.load({ env }))],
 * });
 * const answer = await test.get("/origins");
 * expect(await answer.json()).toEqual(["https://a.example", "https://b.example"]);
 * ```
 * @throws {Faults} when two settings have one variable
 */
export function settings<S extends Shape>(
  shape: S,
  options: SettingsOptions<keyof S & string> = {},
): Settings<SettingValues<S>> {
  const { name = "settings" } = options;
  const names = Object.entries(shape).map(([key, schema]) => ({
    key,
    schema,
    variable: variableOf(key, options),
  }));
  refuseShared(names, name);
  const prepare = (): Setting[] =>
    names.map(({ key, schema, variable }) => settingOf(key, variable, schema));
  const load = (given: SourceOptions = {}): SettingValues<S> =>
    readAll(prepare(), openSources(merged(options, given)), name) as SettingValues<S>;
  // A parameter is asked by the same name, with arguments, what it adds to an OpenAPI operation.
  const rows = (...asked: readonly unknown[]): readonly SettingInfo[] =>
    asked.length > 0 ? [] : prepare().map(describe);
  // It stays the object that overrides are looked up by.
  return Object.assign(
    dependency({ scope: "app", name }, () => load()),
    { load, describe: rows },
  ) as unknown as Settings<SettingValues<S>>;
}

/** Options of the call over those of the declaration: an environment brings its own files, or none. */
function merged(declared: SourceOptions, given: SourceOptions): SourceOptions {
  const { files: _files, ...rest } = declared;
  return given.env === undefined ? { ...declared, ...given } : { ...rest, ...given };
}

function variableOf(
  key: string,
  { prefix = "", names = {} }: Pick<SettingsOptions, "prefix" | "names">,
): string {
  return names[key] ?? `${prefix}${screamingSnake(key)}`;
}

/** `databaseUrl` gives `DATABASE_URL`, `s3Bucket` gives `S3_BUCKET`, `dbURL` gives `DB_URL`. */
function screamingSnake(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "_").toUpperCase();
}

interface Named {
  readonly key: string;
  readonly schema: AnySchema;
  readonly variable: string;
}

function refuseShared(all: readonly Named[], name: string): void {
  const faults = [...Map.groupBy(all, (each) => each.variable)].flatMap(([variable, same]) => {
    const keys = same.map((each) => `"${each.key}"`).join(" and ");
    const hint = "Rename one of them, or give it another variable in `names`.";
    const message = `${variable} is the variable of ${keys}`;
    return same.length < 2 ? [] : [new Fault("M005", message, { trail: [name], hint })];
  });
  if (faults.length > 0) throw new Faults(faults);
}

function readAll(all: readonly Setting[], sources: Sources, name: string): object {
  const faults: Fault[] = [...sources.faults];
  const variables = new Set(all.map((each) => each.variable));
  const values = all.map((setting) => {
    const read = readOne(setting, sources, variables);
    if ("value" in read) return [setting.name, freeze(read.value)] as const;
    faults.push(faultOf(read, setting, name));
    return [setting.name, undefined] as const;
  });
  if (faults.length > 0) throw new Faults(faults);
  return Object.freeze(Object.fromEntries(values));
}

/** What is to be told of a setting that has no value. */
interface Wrong {
  readonly message: string;
  /** What is known of it, line by line. */
  readonly details: readonly string[];
  readonly hint: string;
  readonly code?: "M012";
}

function readOne(
  setting: Setting,
  sources: Sources,
  variables: ReadonlySet<string>,
): { readonly value: unknown } | Wrong {
  if (setting.form === undefined) return untold(setting);
  const found = lookUp(setting.variable, sources, variables);
  if (found !== undefined && "message" in found) return misplaced(setting, found);
  if (found === undefined) {
    const reading = absent(setting);
    return "value" in reading ? reading : missing(setting, reading.problem, { sources, variables });
  }
  const reading = readSetting(setting, found.text);
  return "value" in reading ? reading : misfit(setting, found, reading.problem);
}

function untold({ variable }: Setting): Wrong {
  return {
    code: "M012",
    message: `The schema of ${variable} does not tell its JSON Schema, so its text cannot be read`,
    details: [],
    hint: "Use a library that speaks Standard JSON Schema; wrap Valibot's with toStandardJsonSchema().",
  };
}

interface Looked {
  readonly sources: Sources;
  readonly variables: ReadonlySet<string>;
}

function missing(
  setting: Setting,
  problem: readonly string[],
  { sources, variables }: Looked,
): Wrong {
  const { variable, form } = setting;
  const places = sources.layers.map((each) =>
    each.isMissing ? `${each.place} (not there)` : each.place,
  );
  const like = lookAlike(variable, sources, variables);
  return {
    message: `${variable} is missing`,
    details: [
      `expected: ${form?.words ?? "text"}`,
      `looked in: ${places.join(", ")}`,
      ...problem.map((each) => `because: ${each}`),
    ],
    hint:
      like === undefined
        ? `Set ${variable}, or ${variable}_FILE to the path of a file that holds the value.`
        : `Rename ${like.variable}, which is set in ${like.place}, to ${variable}.`,
  };
}

function misplaced({ variable }: Setting, { message, place, hint }: Mistake): Wrong {
  return { message: `${variable} ${message}`, details: [`found in: ${place}`], hint };
}

function misfit({ variable, form }: Setting, found: Found, problem: readonly string[]): Wrong {
  return {
    message: `${variable} is wrong`,
    details: [
      `expected: ${form?.words ?? "text"}`,
      `found in: ${found.place}`,
      ...problem.map((each) => `because: ${each}`),
    ],
    hint: `Correct the value of ${variable}.`,
  };
}

function faultOf(wrong: Wrong, setting: Setting, name: string): Fault {
  const { code = "M015", message, details, hint } = wrong;
  const lines = [message, ...details.map((each) => `  ${each}`)].join("\n");
  return new Fault(code, lines, { trail: [name, setting.name], hint });
}
