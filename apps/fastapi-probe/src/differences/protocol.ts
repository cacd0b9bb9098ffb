/** HTTP: paths, methods, and answers that are errors or have no body. */
import { mediaType } from "../compare.ts";
import type { Difference } from "../verdict.ts";
import { sentHeader, statuses } from "./kind.ts";

const encodedSlashes: Difference = {
  name: "encoded slashes",
  instead: "404 for %2F in a placeholder; Martlet gives the handler the slash",
  reason:
    "RFC 3986 section 2.2: an encoded slash is data of its segment, and does not divide the path.",
  levels: ["status"],
  explains: (observed) =>
    /%2f/i.test(observed.case.request.path) &&
    (statuses(observed, 404, 200) || statuses(observed, 404, 422)),
};

const head: Difference = {
  name: "HEAD",
  instead: "405; Martlet answers it wherever GET is answered",
  reason: "W4: RFC 9110 section 9.1 asks every server for GET and HEAD.",
  levels: ["status"],
  explains: (observed) => observed.case.request.method === "HEAD" && statuses(observed, 405, 200),
};

const optionsAnswered: Difference = {
  name: "OPTIONS",
  instead: "405; Martlet answers 204 with Allow",
  reason: "W4: OPTIONS asks which methods there are, and they are known.",
  levels: ["status"],
  explains: (observed) =>
    observed.case.request.method === "OPTIONS" &&
    sentHeader(observed, "access-control-request-method") === "" &&
    statuses(observed, 405, 204) &&
    observed.actual.headers["allow"] !== undefined,
};

const failures: Difference = {
  name: "failures",
  instead: "500 as text/plain; Martlet answers in the application's one format",
  reason: "W3: a client that reads errors reads this one too, and headers of middleware are on it.",
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

export const protocol: readonly Difference[] = [
  encodedSlashes,
  head,
  optionsAnswered,
  failures,
  bodyless,
];
