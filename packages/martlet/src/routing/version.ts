/**
 * Versions that a request names outside of its path: in a header, a media type or the query.
 *
 * @module
 */
import { problem, type ProblemClass, UnsupportedMediaType } from "../errors.ts";
import type { Answer } from "../http/answer.ts";
import { parseMediaType } from "../http/media-type.ts";
import type { HttpRequest } from "../http/request.ts";
import { varied } from "../http/vary.ts";
import { weightOf, weightsOf } from "../http/weight.ts";
import { anyTexts } from "../schema/any-text.ts";
import type { Middleware } from "./middleware.ts";

/** Where a request names the version that it wants. */
export type VersionPlace =
  /** The name of a header: `"x-api-version"`. */
  | { readonly header: string }
  /** The name of a query parameter: `"version"`. */
  | { readonly query: string }
  /** A media type of JSON, in `Accept` or `Content-Type`: `"application/vnd.shop.v{version}+json"`. */
  | { readonly mediaType: string };

/** The versions there are, and where a request names the one it wants. */
export type VersionOptions = VersionPlace & {
  /** The prefix of the routes of each version: `{ "1": "/v1", "2": "/v2" }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** The version of a request that names none. @default none: it is answered with 400 */
  readonly default?: string;
  /**
   * The paths that have no version, with all that is below them.
   *
   * @default ["/docs", "/openapi.json", "/asyncapi.json"]
   */
  readonly unversioned?: readonly string[];
};

interface Versions {
  /** The versions that there are. */
  readonly versions: readonly string[];
}

/** The request names no version, or one that there is not; `versions` are those there are: 400. */
export const UnknownVersion: ProblemClass<400, "unknown-version", Versions> = problem(
  400,
  "unknown-version",
  { versions: anyTexts },
);

/** The request takes only answers of a version that there is not; `versions` are those there are: 406. */
export const VersionNotAcceptable: ProblemClass<406, "unknown-version", Versions> = problem(
  406,
  "unknown-version",
  { versions: anyTexts },
);

/**
 * Middleware of the application that finds the version a request names outside of its path, and goes
 * on with the path of that version: `/items` becomes `/v2/items`. A path that has a version already
 * is left as it is, and so are those of the docs page.
 *
 * @throws {TypeError} when the options contradict themselves
 *
 * @example
 * ```ts
 * import { get, martlet, router, versionFrom } from "martlet";
 *
 * const v1 = router("/v1", { read: get("/items", {}, () => "old") });
 * const v2 = router("/v2", { read: get("/items", {}, () => "new") });
 * const versions = { "1": "/v1", "2": "/v2" };
 * const app = martlet(
 *   { v1, v2 },
 *   { middleware: [versionFrom({ header: "x-api-version", versions, default: "2" })] },
 * );
 * const headers = { "x-api-version": "1" };
 * const old = await app.fetch(new Request("http://localhost/items", { headers }));
 * expect(await old.json()).toBe("old");
 * const latest = await app.fetch(new Request("http://localhost/items"));
 * expect(await latest.json()).toBe("new");
 * ```
 */
export function versionFrom(options: VersionOptions): Middleware {
  check(options);
  const { versions, unversioned = ["/docs", "/openapi.json", "/asyncapi.json"] } = options;
  const prefixes = new Map(Object.entries(versions));
  const kept = [...prefixes.values(), ...unversioned];
  const reading = readingOf(options, [...prefixes.keys()]);
  return (request, next) => {
    const { path } = request;
    if (kept.some((each) => isBelow(path, each))) return next();
    const version = reading.read(request) ?? options.default;
    const prefix = version === undefined ? undefined : prefixes.get(version);
    if (version === undefined || prefix === undefined) throw reading.unknown();
    // Under a prefix, "/" is the prefix itself.
    request.path = path === "/" ? prefix : `${prefix}${path}`;
    const tell = (answer: Answer): Answer => reading.tell(answer, { request, version });
    const answer = next();
    return answer instanceof Promise ? answer.then(tell) : tell(answer);
  };
}

interface Told {
  readonly request: HttpRequest;
  readonly version: string;
}

/** How a version is read from one place, and told in the answer. */
interface Reading {
  /** What the request names, known or not. */
  readonly read: (request: HttpRequest) => string | undefined;
  readonly unknown: () => Error;
  readonly tell: (answer: Answer, told: Told) => Answer;
}

function readingOf(options: VersionOptions, versions: readonly string[]): Reading {
  if ("header" in options) return headerReading(options.header, versions);
  if ("query" in options) return queryReading(options.query, versions);
  return typeReading(options.mediaType, versions);
}

function headerReading(header: string, versions: readonly string[]): Reading {
  const name = header.toLowerCase();
  const detail = `Name one of the versions in the header ${name}.`;
  return {
    read: (request) => request.header(name),
    unknown: () => new UnknownVersion({ versions }, { detail, headers: { vary: name } }),
    tell: (answer) => varying(answer, name),
  };
}

function queryReading(name: string, versions: readonly string[]): Reading {
  const detail = `Name one of the versions in the query parameter ${name}.`;
  return {
    read: (request) => request.query.get(name)?.join(),
    unknown: () => new UnknownVersion({ versions }, { detail }),
    // A query is part of what a cache knows an answer by.
    tell: (answer) => answer,
  };
}

function typeReading(template: string, versions: readonly string[]): Reading {
  const [start = "", end = ""] = template.toLowerCase().split("{version}");
  const typeOf = (version: string): string => `${start}${version.toLowerCase()}${end}`;
  const versionOf = (type: string): string | undefined => {
    const isOne = type.length > start.length + end.length;
    if (!isOne || !type.startsWith(start) || !type.endsWith(end)) return undefined;
    return versions.find((each) => typeOf(each) === type) ?? type;
  };
  const headers = { vary: "accept" };
  return {
    read: (request) => {
      const type = parseMediaType(request.header("content-type"))?.type ?? "";
      const sent = versionOf(type);
      const asked = acceptedVersion(request, versionOf, versions);
      const isRead = sent === undefined || (versions.includes(sent) && sent === (asked ?? sent));
      if (isRead) return asked ?? sent;
      const detail = `Send ${versions.map(typeOf).join(" or ")}, of the version that is asked for.`;
      throw new UnsupportedMediaType({}, { detail, headers });
    },
    unknown: () => {
      const detail = `Take ${versions.map(typeOf).join(" or ")}.`;
      return new VersionNotAcceptable({ versions }, { detail, headers });
    },
    tell: (answer, { request, version }) => {
      const told = varying(answer, "accept");
      const type = typeOf(version);
      const isJson = answer.headers["content-type"] === "application/json";
      return isJson && takes(request, type) ? told.with({ "content-type": type }) : told;
    },
  };
}

/** The version that a client likes best, as `Accept` says; one that is unknown if it takes nothing else. */
function acceptedVersion(
  request: HttpRequest,
  versionOf: (type: string) => string | undefined,
  versions: readonly string[],
): string | undefined {
  const ranges = weightsOf(request.header("accept"));
  const asked = ranges
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .flatMap(({ value }) => versionOf(value) ?? []);
  const takesJson = (weightOf("application/json", ranges) ?? 0) > 0;
  return asked.find((each) => versions.includes(each)) ?? (takesJson ? undefined : asked[0]);
}

function takes(request: HttpRequest, type: string): boolean {
  const accept = request.header("accept");
  return accept === undefined || (weightOf(type, weightsOf(accept)) ?? 0) > 0;
}

function varying(answer: Answer, name: string): Answer {
  return answer.with({ vary: varied(answer.headers, [name]) });
}

function isBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function check(options: VersionOptions): void {
  const { versions } = options;
  for (const prefix of Object.values(versions)) {
    if (!/^(?:\/[^/{}]+)+$/.test(prefix)) {
      throw new TypeError(`versionFrom(): "${prefix}" is no prefix, such as "/v1"`);
    }
  }
  if (options.default !== undefined && !Object.hasOwn(versions, options.default)) {
    throw new TypeError(`versionFrom(): the default "${options.default}" is none of the versions`);
  }
  if (
    "mediaType" in options &&
    !/^application\/[^{}]*\{version\}[^{}]*\+json$/.test(options.mediaType)
  ) {
    throw new TypeError(
      `versionFrom(): "${options.mediaType}" is no media type of JSON with a version, such as "application/vnd.shop.v{version}+json"`,
    );
  }
}
