/** Answers: how values are written. */
import type { Difference } from "../verdict.ts";
import { sameOnce, sentHeader } from "./kind.ts";

const secrets: Difference = {
  name: "secrets",
  instead: 'a SecretStr is written "**********"; Martlet writes "[redacted]"',
  reason: "The same word as in logs: nobody takes it for a value.",
  levels: ["json"],
  explains: (observed) =>
    sameOnce(observed, (value) => (value === "**********" ? "[redacted]" : value)),
};

const exponents: Difference = {
  name: "exponents of decimals",
  instead: 'the Decimal of "1e3" is written "1E+3"; Martlet writes "1000"',
  reason: "Every client reads digits.",
  levels: ["json"],
  explains: (observed) =>
    sameOnce(observed, (value) =>
      typeof value === "string" && /^-?\d+(?:\.\d+)?E[+-]\d+$/.test(value)
        ? String(Number(value))
        : value,
    ),
};

const forwarded: Difference = {
  name: "forwarded schemes",
  instead:
    "x-forwarded-proto of a peer on the same machine is believed; Martlet builds URLs with the scheme of the connection",
  reason:
    "Whoever can connect can send the header. An application behind a proxy names its origin.",
  levels: ["json"],
  explains: (observed) =>
    sentHeader(observed, "x-forwarded-proto") === "https" &&
    sameOnce(observed, (value) =>
      typeof value === "string" ? value.replace(/^https:/, "http:") : value,
    ),
};

export const answers: readonly Difference[] = [secrets, exponents, forwarded];
