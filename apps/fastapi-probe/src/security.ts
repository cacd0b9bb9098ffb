/** Credentials and scopes. */
import { dependency, get, post, problem, request, scopes } from "martlet";
import {
  apiKey,
  bearer,
  httpBasic,
  httpDigest,
  lenientOAuth2PasswordForm,
  oauth2Password,
  openIdConnect,
  optional,
} from "martlet/auth";
import { z } from "zod";

/** The token, and the scheme in the letters that the client wrote. */
const authorization = dependency({ use: { request } }, ({ request }) => {
  const [scheme = ""] = (request.header("authorization") ?? "").split(" ");
  return scheme;
});

const token = bearer();
export const bearerToken = get(
  "/s/bearer",
  { security: { token }, use: { scheme: authorization } },
  ({ scheme, token }) => ({ scheme, credentials: token }),
);
export const optionalBearer = get(
  "/s/optbearer",
  { security: { token: optional(token) }, use: { scheme: authorization } },
  ({ scheme, token }) => ({ c: token === undefined ? null : { scheme, credentials: token } }),
);
export const basic = get(
  "/s/basic",
  { security: { user: httpBasic({ realm: "r" }) } },
  ({ user }) => user,
);

export const digest = get(
  "/s/digest",
  { security: { digest: httpDigest() }, use: { scheme: authorization } },
  ({ scheme, digest }) => ({ scheme, credentials: digest }),
);
export const oidc = get(
  "/s/oidc",
  { security: { token: openIdConnect({ url: "/oidc" }) } },
  ({ token }) => token,
);

const key = (options: Parameters<typeof apiKey>[0]) => ({ security: { key: apiKey(options) } });
export const headerKey = get("/s/hkey", key({ header: "X-API-Key" }), ({ key }) => key);
export const queryKey = get("/s/qkey", key({ query: "api_key" }), ({ key }) => key);
export const cookieKey = get("/s/ckey", key({ cookie: "sess" }), ({ key }) => key);

const oauth = oauth2Password({
  tokenUrl: "token",
  scopes: { me: "Read me", items: "Read items" },
});
export const oauthToken = get("/s/oauth", { security: { t: oauth } }, ({ t }) => ({ t }));
const grant = z
  .string()
  .regex(/^password$/)
  .optional();
export const tokens = post(
  "/token",
  { form: { ...lenientOAuth2PasswordForm, grant_type: grant } },
  ({ username, scope, grant_type }) => ({
    access_token: username,
    scopes: scope,
    grant: grant_type ?? null,
  }),
);

const NotEnough = problem(401, "not-enough-permissions");
const current = dependency(
  { security: { token: oauth }, use: { scopes }, throws: [NotEnough] },
  ({ token, scopes }) => {
    const have = new Set(token.split("."));
    if (scopes.every((each) => have.has(each))) return { scopes };
    const challenge = `Bearer scope="${scopes.join(" ")}"`;
    throw new NotEnough(
      {},
      { detail: "Not enough permissions", headers: { "www-authenticate": challenge } },
    );
  },
);
const active = dependency({ use: { user: current.scopes("me") } }, ({ user }) => user);
export const scoped = get(
  "/s/scoped",
  { use: { user: active.scopes("items") } },
  ({ user }) => user,
);
