/** HTTP: paths, methods, and answers that are errors or have no body. */
import { mediaType } from "../compare.ts";
import type { Difference } from "../verdict.ts";
import { detailOf, sentHeader, statuses } from "./kind.ts";

const encodedSlashes: Difference = {
  name: "encoded slashes",
  instead: "404 for %2F in a placeholder; Martlet gives the handler the slash",
  reason:
    "RFC 3986 section 2.2: an encoded slash is data of its segment, and does not divide the path.",
  levels: ["status"],
  explains: (observed) =>
    statuses(observed, 404, 200) &&
    /%2f/i.test(observed.case.request.path) &&
    Object.values(observed.actual.json ?? {}).includes(lastSegment(observed.case.request.path)),
};

const brokenPaths: Difference = {
  name: "broken percent-encoding",
  instead: "U+FFFD for bytes of the path that are no UTF-8; Martlet answers 400",
  reason: "Two paths that differ would be one and the same to the handler.",
  levels: ["status", "json"],
  explains: (observed) =>
    statuses(observed, 200, 400) &&
    JSON.stringify(observed.case.expect.json ?? "").includes("\uFFFD") &&
    detailOf(observed.actual) === "The path is not percent-encoded UTF-8.",
};

const head: Difference = {
  name: "HEAD",
  instead: "405; Martlet answers it wherever GET is answered",
  reason: "RFC 9110 section 9.1 asks every server for GET and HEAD.",
  levels: ["status"],
  explains: (observed) =>
    observed.case.request.method === "HEAD" &&
    statuses(observed, 405, 200) &&
    observed.actual.text === "" &&
    mediaType(observed.actual) === "application/json",
};

const optionsAnswered: Difference = {
  name: "OPTIONS",
  instead: "405; Martlet answers 204 with Allow",
  reason: "OPTIONS asks which methods there are, and they are known.",
  levels: ["status"],
  explains: (observed) =>
    observed.case.request.method === "OPTIONS" &&
    sentHeader(observed, "access-control-request-method") === "" &&
    statuses(observed, 405, 204) &&
    observed.actual.headers["allow"] !== undefined,
};

const preflights: Difference = {
  name: "preflight requests",
  instead:
    "200 with the text OK, 400 with what is refused; Martlet answers 204, without the header that would allow it when it is refused",
  reason: "Browsers look at the headers alone (Fetch, section 4.8); nobody else sends preflights.",
  levels: ["status"],
  explains: (observed) => {
    const { actual } = observed;
    const isAllowed = actual.headers["access-control-allow-origin"] !== undefined;
    return (
      observed.case.request.method === "OPTIONS" &&
      sentHeader(observed, "access-control-request-method") !== "" &&
      mediaType(observed.case.expect) === "text/plain" &&
      actual.text === "" &&
      (isAllowed ? statuses(observed, 200, 204) : statuses(observed, 400, 204))
    );
  },
};

const failures: Difference = {
  name: "failures",
  instead: "500 as text/plain; Martlet answers in the application's one format",
  reason: "A client that reads errors reads this one too, and headers of middleware are on it.",
  levels: ["status"],
  explains: (observed) =>
    statuses(observed, 500, 500) &&
    mediaType(observed.case.expect) === "text/plain" &&
    JSON.stringify(observed.actual.json) === '{"detail":"Internal server error"}',
};

const bodyless: Difference = {
  name: "answers without a body",
  instead: "a content-type on 204 and 304; Martlet sends none",
  reason: "There is no content that it could be the type of (RFC 9110 sections 8.3, 15.3.5).",
  levels: ["status"],
  explains: ({ case: { expect }, actual }) =>
    [204, 304].includes(expect.status) &&
    actual.status === expect.status &&
    actual.text === "" &&
    mediaType(actual) === undefined,
};

function lastSegment(path: string): string {
  return decodeURIComponent(path.split("/").at(-1) ?? "");
}

export const protocol: readonly Difference[] = [
  encodedSlashes,
  brokenPaths,
  head,
  optionsAnswered,
  preflights,
  failures,
  bodyless,
];
