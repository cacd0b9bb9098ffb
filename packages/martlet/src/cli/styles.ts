/**
 * Styles: how words are set off, where somebody sees it.
 *
 * @module
 */
import { styleText } from "node:util";

/** How words are set off. */
export interface Styles {
  readonly strong: (text: string) => string;
  readonly name: (text: string) => string;
  readonly good: (text: string) => string;
  readonly careful: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

/** Colours, or nothing at all. */
export function stylesOf(isColoured: boolean): Styles {
  const style =
    (format: Format) =>
    (text: string): string =>
      isColoured ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: style("bold"),
    name: style("cyan"),
    good: style("green"),
    careful: style("yellow"),
    bad: style("red"),
    faint: style("dim"),
  };
}
