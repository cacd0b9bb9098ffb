/** Bodies: media types, malformed bodies and forms. */
import { featureOf } from "../cases.ts";
import type { Difference } from "../verdict.ts";
import { detailOf, partsOf, refusedFor, sameOnce, sentHeader, statuses } from "./kind.ts";
import { issuesOf, type Observed } from "../compare.ts";

const malformedJson: Difference = {
  name: "malformed JSON",
  instead:
    "422 json_invalid with the position, before credentials are read; Martlet answers 400, after them",
  reason:
    "What is no JSON is malformed, not invalid; and a stranger is told 401 before anything of the body.",
  levels: ["status", "loc", "type"],
  explains: (observed) =>
    refusedFor(observed.case.expect, "json_invalid") &&
    observed.actual.status === 400 &&
    /not valid JSON/.test(detailOf(observed.actual)),
};

const charset: Difference = {
  name: "UTF-16",
  instead: "JSON in UTF-16 and any charset parameter; Martlet takes UTF-8 alone (400, 415)",
  reason:
    "RFC 8259 section 8.1: JSON between systems is UTF-8. A body read in another charset than it was written in passes filters.",
  levels: ["status", "json"],
  explains: (observed) =>
    (statuses(observed, 200, 400) && /not UTF-8/.test(detailOf(observed.actual))) ||
    (statuses(observed, 200, 415) && /charset=utf-16/i.test(sentHeader(observed, "content-type"))),
};

const jsonType = /^\s*application\/(?:[^;+]*\+)?json\s*(?:;|$)/i;
const formType = /^\s*(?:multipart\/form-data|application\/x-www-form-urlencoded)\s*(?:;|$)/i;

const mediaTypes: Difference = {
  name: "media types",
  instead:
    "422 for another media type, as though the body had no fields (200 for none at all where strict_content_type is off); Martlet answers 415",
  reason:
    "The body was not looked at, and the answer says so. A body without a media type is never guessed at.",
  levels: ["status", "json", "loc", "type"],
  explains: (observed) => {
    const wanted = featureOf(observed.case).startsWith("f-") ? formType : jsonType;
    const type = sentHeader(observed, "content-type");
    const refused =
      statuses(observed, 422, 415) &&
      refusedFor(observed.case.expect, "model_attributes_type", "missing");
    return (refused && !wanted.test(type)) || (statuses(observed, 200, 415) && type === "");
  },
};

const boundary: Difference = {
  name: "multipart without a boundary",
  instead: "400; Martlet answers 415",
  reason:
    "The header is at fault and not the body: without its boundary the media type is none that can be read.",
  levels: ["status"],
  explains: (observed) =>
    statuses(observed, 400, 415) &&
    /^multipart\/form-data$/.test(sentHeader(observed, "content-type")),
};

const emptyFiles: Difference = {
  name: "empty file inputs",
  instead: "an empty file input is a file without a name; Martlet takes it for none",
  reason: "Browsers send it for an input that nobody filled in.",
  levels: ["status", "json"],
  explains: (observed) =>
    partsOf(observed).some(({ filename, text }) => filename === "" && text === "") &&
    ((statuses(observed, 200, 422) && refusesPart(observed, "missing")) ||
      sameOnce(observed, (value) => (value === false ? true : value))),
};

const textAsFile: Difference = {
  name: "text as a file",
  instead:
    "a text field is taken where bytes are declared, and is a value_error for an UploadFile; Martlet refuses both (422 file_type)",
  reason: "What is no file has neither name nor type, and was counted by no limit of files.",
  levels: ["status", "json", "type"],
  explains: (observed) => {
    const { expect } = observed.case;
    const isTaken = expect.status === 200 || refusedFor(expect, "value_error");
    return isTaken && refusesPart(observed, "file_type");
  },
};

const partTypes: Difference = {
  name: "files without a type",
  instead: "null for the media type of a part that has none; Martlet says application/octet-stream",
  reason:
    "RFC 9110 section 8.3: unknown bytes are application/octet-stream. A type that is always a text needs no check.",
  levels: ["json"],
  explains: (observed) =>
    partsOf(observed).some(({ contentType }) => contentType === undefined) &&
    sameOnce(observed, (value) => (value === null ? "application/octet-stream" : value)),
};

/** Whether what came in a field is refused, and nothing else. */
function refusesPart(observed: Observed, type: string): boolean {
  const { bodyKind, body } = observed.case.request;
  const fields = bodyKind === "form" ? [...new URLSearchParams(String(body)).keys()] : [];
  const names = new Set([...fields, ...partsOf(observed).map(({ name }) => name)]);
  return (
    refusedFor(observed.actual, type) &&
    issuesOf(observed.actual).every(
      ({ loc: [place, name] }) => place === "body" && names.has(String(name)),
    )
  );
}

const nullBodies: Difference = {
  name: "null as a body",
  instead:
    "null is no body, also where any JSON is taken (422 missing); Martlet gives the handler null",
  reason:
    "null is JSON like any other. Where a model does not take it, it is missing for Martlet too.",
  levels: ["status", "loc", "type"],
  explains: (observed) =>
    observed.case.request.bodyKind === "json" &&
    observed.case.request.body === null &&
    refusedFor(observed.case.expect, "missing") &&
    observed.actual.status === 200 &&
    JSON.stringify(observed.actual.json) === '{"v":null}',
};

export const bodies: readonly Difference[] = [
  malformedJson,
  charset,
  mediaTypes,
  boundary,
  emptyFiles,
  textAsFile,
  partTypes,
  nullBodies,
];
