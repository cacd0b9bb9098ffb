/**
 * Links to other pages of a list, in the `Link` header (RFC 8288).
 *
 * @module
 */
import {
  dependency,
  type Dependency,
  type HttpSource,
  request,
  response,
  type ResponseDraft,
  urls,
} from "../../index.ts";

/** A relation of RFC 8288 that pages have to each other. */
type PageRelation = "first" | "prev" | "next" | "last";

/** For each relation, the parameters that lead there; one that leads nowhere is left out. */
export type PageLinks = {
  readonly [R in PageRelation]?: Readonly<Record<string, string | number>> | undefined;
};

/**
 * Sets the `Link` header. The rest of the query stays as it is; of `names`, only what leads to the
 * page is kept.
 */
export type WriteLinks = (names: readonly string[], links: PageLinks) => void;

/** Writes links to pages of the list that the request asks for. */
export const pageLinks: Dependency<WriteLinks, {}, never, never, HttpSource> = dependency(
  { use: { request, response, urls }, name: "pageLinks" },
  ({ request, response, urls }): WriteLinks =>
    (names, links) => {
      const others = pairsWithout(request.search, names);
      writeTo(response, (pairs) => `${urls.here()}${searchOf([...others, ...pairs])}`, links);
    },
);

function writeTo(
  response: ResponseDraft,
  urlOf: (pairs: readonly string[]) => string,
  links: PageLinks,
): void {
  const header = Object.entries(links).flatMap(([relation, values]) => {
    if (values === undefined) return [];
    const pairs = Object.entries(values).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    );
    return [
      `<${urlOf(pairs).replaceAll(/[^\x21-\x7e]|[<>"\\^`{|}]/g, escaped)}>; rel="${relation}"`,
    ];
  });
  if (header.length > 0) response.header("link", header.join(", "));
}

/** The pairs of a query as they were sent, without those of some names. */
function pairsWithout(search: string, names: readonly string[]): readonly string[] {
  return search.split("&").filter((pair) => {
    const [name] = new URLSearchParams(pair).keys();
    return name !== undefined && !names.includes(name);
  });
}

function searchOf(pairs: readonly string[]): string {
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** What no URI may hold (RFC 3986 section 2). A server reads the bytes of a request line as characters. */
function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256
    ? `%${code.toString(16).toUpperCase().padStart(2, "0")}`
    : encodeURIComponent(character.isWellFormed() ? character : "\ufffd");
}
