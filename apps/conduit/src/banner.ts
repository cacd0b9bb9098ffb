/**
 * What a start says.
 *
 * @module
 */
import { styleText } from "node:util";

/** What the banner tells. */
export interface BannerOptions {
  readonly url: string;
  readonly databaseUrl: string;
  readonly routes: number;
  /** How long the start took, in milliseconds. */
  readonly took: number;
  /** Whether there are colours. */
  readonly isTerminal: boolean;
}

/** The lines that tell that the application is there, where, and how to end it. */
export function banner({ url, databaseUrl, routes, took, isTerminal }: BannerOptions): string {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    isTerminal ? styleText(format, text) : text;
  const rows = [
    ["API", style("cyan", `${url}/api`)],
    ["Docs", style("cyan", `${url}/docs`)],
    ["Database", databaseOf(databaseUrl)],
    ["Routes", String(routes)],
  ];
  const lines = rows.map(([name = "", value = ""]) => `  ${style("dim", name.padEnd(10))}${value}`);
  const head = `  ${style("bold", "Conduit")} is ready in ${Math.round(took)} ms`;
  return ["", head, "", ...lines, "", "  Press Ctrl-C to stop", "", ""].join("\n");
}

/** The kind of the database, and where it is: never its password. */
function databaseOf(url: string): string {
  const [, scheme = "", rest = ""] = /^([a-z+]+):(?:\/\/)?(.*)$/is.exec(url) ?? [];
  switch (scheme) {
    case "embedded":
      return `embedded PostgreSQL, in ${rest || ".martlet/postgres"}`;
    case "pglite":
      return `PGlite, in ${rest || "memory"}`;
    default:
      return `PostgreSQL at ${/(?:^|@)([^@?]*)(?:\?|$)/.exec(rest)?.[1] ?? ""}`;
  }
}
