/**
 * Origins (RFC 6454): which are allowed, told by a list that cannot be read in two ways.
 *
 * @module
 */

/** Origins that are allowed: `"*"` for all, a list, or a function that decides. */
export type Origins = "*" | readonly string[] | ((origin: string) => boolean);

/** An origin as browsers write it: in lower case, without the scheme's own port, path or user. */
const originSyntax =
  /^[a-z][a-z0-9+.-]*:\/\/(?:\*\.)?(?:[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * Prepares the question whether an origin is allowed. `"https://*.example.com"` stands for one label:
 * for `https://a.example.com`, and neither for `https://example.com` nor `https://a.b.example.com`.
 *
 * @throws {TypeError} when an entry is no origin
 */
export function originTest(origins: Exclude<Origins, "*">): (origin: string) => boolean {
  if (typeof origins === "function") return origins;
  for (const each of origins) refuse(each);
  const exact = new Set(origins);
  const wildcards = origins.filter((each) => each.includes("://*."));
  return (origin) =>
    (exact.has(origin) && !origin.includes("*")) ||
    wildcards.some((each) => matchesOneLabel(each, origin));
}

function matchesOneLabel(pattern: string, origin: string): boolean {
  const [before = "", after = ""] = pattern.split("*");
  if (!origin.startsWith(before) || !origin.endsWith(after)) return false;
  return /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/.test(
    origin.slice(before.length, origin.length - after.length),
  );
}

function refuse(entry: unknown): void {
  if (entry instanceof RegExp) {
    throw new TypeError(
      `cors(): ${String(entry)} is a regular expression, which allows more than it seems to; list origins, with "https://*.example.com" for one label, or decide in a function`,
    );
  }
  if (entry === "null") {
    throw new TypeError(
      'cors(): "null" is the origin of every sandboxed page and local file, so it stands for nobody in particular; allow it in a function if you must',
    );
  }
  if (entry === "*") throw new TypeError('cors(): all origins are origins: "*", not a list');
  if (typeof entry === "string" && originSyntax.test(entry) && !hasOwnPort(entry)) return;
  throw new TypeError(
    `cors(): ${JSON.stringify(entry)} is no origin; write scheme, host and port as browsers do: "https://app.example.com"`,
  );
}

/** Whether an origin names the port that its scheme has anyway: no browser does. */
function hasOwnPort(origin: string): boolean {
  return /^(?:https:.*:443|http:.*:80)$/.test(origin);
}
