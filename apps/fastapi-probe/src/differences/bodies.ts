/** Bodies: media types, malformed bodies and forms. */
import type { Difference } from "../verdict.ts";
import { detailOf, partsOf, refusedFor, sameOnce, sentHeader, statuses } from "./kind.ts";
import { issuesOf } from "../compare.ts";

const malformedJson: Difference = {
  name: "malformed JSON",
  instead:
    "422 json_invalid with the position, before credentials are read; Martlet answers 400, after them",
  reason:
    "W2: what is no JSON is malformed, not invalid; and a stranger is told 401 before anything of the body.",
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
    "W7: the body was not looked at, and the answer says so. A body without a media type is never guessed at.",
  levels: ["status", "json", "loc", "type"],
  explains: (observed) => {
    const wanted = observed.case.example.includes("/f-") ? formType : jsonType;
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
  reason: "W9: browsers send it for an input that nobody filled in.",
  levels: ["status", "json"],
  explains: (observed) =>
    partsOf(observed).some(({ filename, text }) => filename === "" && text === "") &&
    ((statuses(observed, 200, 422) && refusedFor(observed.actual, "missing")) ||
      sameOnce(observed, (value) => (value === false ? true : value))),
};

const textAsFile: Difference = {
  name: "text as a file",
  instead: "a text field is taken where bytes are declared; Martlet refuses it (422)",
  reason: "W9: what is no file has neither name nor type, and was counted by no limit of files.",
  levels: ["status", "json"],
  explains: (observed) =>
    statuses(observed, 200, 422) &&
    partsOf(observed).some(({ filename }) => filename === undefined) &&
    issuesOf(observed.actual).every(({ loc }) => loc[0] === "body"),
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

export const bodies: readonly Difference[] = [
  malformedJson,
  charset,
  mediaTypes,
  boundary,
  emptyFiles,
  textAsFile,
  partTypes,
];
