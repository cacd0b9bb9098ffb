/** Credentials: what counts as one. */
import { featureOf } from "../cases.ts";
import type { Difference } from "../verdict.ts";
import { sameJson, sentHeader, statuses } from "./kind.ts";

const emptyTokens: Difference = {
  name: "empty tokens",
  instead: 'OAuth2PasswordBearer gives the handler "" for "Bearer" alone; Martlet answers 401',
  reason: "Nothing is no token, for whichever scheme.",
  levels: ["status", "json"],
  explains: (observed) =>
    statuses(observed, 200, 401) &&
    sameJson(observed.case.expect.json, { t: "" }) &&
    /^bearer\s*$/i.test(sentHeader(observed, "authorization")),
};

const openIdTokens: Difference = {
  name: "OpenID Connect tokens",
  instead: "the Authorization header as it is, whatever its scheme; Martlet takes a bearer token",
  reason:
    "OpenID Connect sends bearer tokens (OpenID Connect Core section 5.3.1): another scheme is another credential.",
  levels: ["status", "json"],
  explains: (observed) =>
    featureOf(observed.case).startsWith("s-oidc") &&
    statuses(observed, 200, 401) &&
    !/^bearer /i.test(sentHeader(observed, "authorization")),
};

const basicInUtf8: Difference = {
  name: "Basic in UTF-8",
  instead: "401 for a user name or password beyond ASCII; Martlet reads it",
  reason: "RFC 7617 has the charset parameter for it, and the challenge says UTF-8.",
  levels: ["status"],
  explains: (observed) =>
    statuses(observed, 401, 200) &&
    /^basic /i.test(sentHeader(observed, "authorization")) &&
    /[^\0-\u007f]/.test(JSON.stringify(observed.actual.json)),
};

export const credentials: readonly Difference[] = [emptyTokens, openIdTokens, basicInUtf8];
