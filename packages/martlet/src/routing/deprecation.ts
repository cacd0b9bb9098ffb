/**
 * Deprecations: what the answers of a route tell that is on its way out, since when it is
 * (`Deprecation`, RFC 9745) and when it may be gone (`Sunset`, RFC 8594).
 *
 * @module
 */
import { Fault } from "../fault.ts";
import type { Answer, AnswerHeaders } from "../http/answer.ts";
import type { Deprecation } from "../openapi/description.ts";
import { nearest } from "./inheritance.ts";
import type { Middleware } from "./middleware.ts";
import type { PlacedRoute } from "./router.ts";

/** A date, or a time with its offset, of ISO 8601. */
const iso = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** The headers that a deprecated route sends with every answer; none if it has no times and no link. */
export function deprecationHeaders(route: PlacedRoute): AnswerHeaders {
  const { since, sunset, link } = deprecationOf(route);
  const relations = sunset === undefined ? ["deprecation"] : ["deprecation", "sunset"];
  return {
    ...(since !== undefined && { deprecation: `@${Math.floor(timeOf(since) / 1000)}` }),
    ...(sunset !== undefined && { sunset: new Date(timeOf(sunset)).toUTCString() }),
    ...(link !== undefined && { link: relations.map((each) => `<${link}>; rel="${each}"`) }),
  };
}

/** Puts the headers of a deprecation on every answer; what an answer says itself stays. */
export function announced(route: PlacedRoute): readonly Middleware[] {
  const told = deprecationHeaders(route);
  if (Object.keys(told).length === 0) return [];
  const tell = (answer: Answer): Answer => {
    const { link: own = [] } = answer.headers;
    const { link = [], ...times } = told;
    const links = [own, link].flat();
    return answer.with({ ...times, ...answer.headers, ...(links.length > 0 && { link: links }) });
  };
  return [
    (_request, next) => {
      const answer = next();
      return answer instanceof Promise ? answer.then(tell) : tell(answer);
    },
  ];
}

/** What is wrong with the deprecation of a route. */
export function* deprecationFaults(route: PlacedRoute): Generator<Fault> {
  const { since, sunset, link } = deprecationOf(route);
  const trail = [`${route.method} ${route.path}`, "deprecated"];
  for (const [name, time] of Object.entries({ since, sunset })) {
    if (time === undefined || Number.isFinite(timeOf(time))) continue;
    yield new Fault("M014", `"${String(time)}" is no time for \`${name}\``, {
      trail,
      hint: 'Write a date, "2026-12-31", or a time with its offset, "2026-12-31T12:00:00Z".',
    });
  }
  if (since !== undefined && sunset !== undefined && timeOf(sunset) < timeOf(since)) {
    yield new Fault("M014", "The sunset is before the deprecation", {
      trail,
      hint: "Let `since` be the earlier of the two (RFC 9745 section 4).",
    });
  }
  if (link !== undefined && !/^[!#-;=?-~]+$/.test(link)) {
    yield new Fault("M014", `"${link}" is no URL for \`link\``, {
      trail,
      hint: "Write an encoded URL, absolute or of this server.",
    });
  }
}

function deprecationOf(route: PlacedRoute): Deprecation {
  const told = nearest(route, "deprecated");
  return typeof told === "object" ? told : {};
}

function timeOf(time: Date | string): number {
  if (typeof time !== "string") return time.getTime();
  const date = iso.exec(time)?.[1] ?? "";
  // `Date` takes February 30 for March 2.
  const isThere = new Date(Date.parse(date)).toJSON()?.startsWith(date) ?? false;
  return isThere ? Date.parse(time) : Number.NaN;
}
