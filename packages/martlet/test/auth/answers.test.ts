import { dependency, get, martlet, NotFound, post, scopes } from "martlet";
import {
  apiKey,
  bearer,
  type Credential,
  httpBasic,
  InsufficientScope,
  InvalidToken,
} from "martlet/auth";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { corpus } from "../vectors.ts";

interface AnswerCase {
  readonly id: string;
  readonly why: string;
  readonly scheme: string;
  readonly request: {
    readonly authorization?: string;
    readonly query?: string;
    readonly cookie?: string;
    readonly "x-api-key"?: string;
    readonly as?: string | null;
    readonly action?: string;
    readonly object?: string;
  };
  readonly expect: {
    readonly status: number;
    readonly type?: string;
    readonly "www-authenticate"?: string;
  };
}

const cases = corpus("auth-answers") as readonly AnswerCase[];

const token = bearer();
/** The placeholders of the corpus are the tokens. */
const user = dependency(
  { security: { token }, use: { needed: scopes }, throws: [InvalidToken, InsufficientScope] },
  ({ token: sent, needed }) => {
    if (sent === "EXPIRED") return token.refuse({ detail: "token expired" });
    if (sent === "NOSCOPE") return token.forbid(needed);
    return sent === "VALID" ? { name: "ann" } : token.refuse();
  },
);

/** A caller by a key or a session that is looked up. */
function holder(credential: Credential<string>) {
  return dependency({ security: { credential } }, ({ credential: sent }) =>
    sent === "VALID" ? sent : credential.refuse(),
  );
}

const use = { user: user.scopes("items:write") };
const app = martlet({
  bearer: get("/bearer", { use }, () => "ok"),
  basic: get("/basic", { security: { caller: httpBasic() } }, () => "ok"),
  header: get(
    "/apikey-header",
    { use: { key: holder(apiKey({ header: "x-api-key" })) } },
    () => "ok",
  ),
  query: get("/apikey-query", { use: { key: holder(apiKey({ query: "api_key" })) } }, () => "ok"),
  cookie: get(
    "/cookie",
    { use: { key: holder(apiKey({ cookie: "__Host-session" })) } },
    () => "ok",
  ),
  read: get(
    "/policy/{id}",
    { path: { id: z.string() }, use, throws: [NotFound] },
    () => new NotFound(),
  ),
  create: post("/policy", { body: z.object({ name: z.string() }), use }, () => "ok"),
});

describe("what is answered to credentials", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(app, { port: 0 });
  });
  afterAll(() => server.stop());

  const ask = async ({ scheme, request }: AnswerCase): Promise<Response> => {
    const { query = "", as, action, object = "", authorization, cookie } = request;
    const key = request["x-api-key"];
    const headers: Record<string, string> = {
      ...(authorization !== undefined && { authorization }),
      ...(cookie !== undefined && { cookie }),
      ...(key !== undefined && { "x-api-key": key }),
      ...(typeof as === "string" && { authorization: "Bearer VALID" }),
    };
    if (action === "create") {
      const body = "{";
      return fetch(`${server.url}/policy`, { method: "POST", headers, body });
    }
    const path = scheme === "policy" ? `policy/${object}` : `${scheme}?${query}`;
    return fetch(`${server.url}/${path}`, { headers });
  };

  test("is good when they are (positive control)", async () => {
    const headers = { authorization: "Bearer VALID" };
    expect((await fetch(`${server.url}/bearer`, { headers })).status).toBe(200);
    expect(cases).toHaveLength(24);
  });

  test.for(cases)("$id: $why", async (each) => {
    const response = await ask(each);
    expect(response.status).toBe(each.expect.status);
    const challenge = each.expect["www-authenticate"] ?? null;
    expect(response.headers.get("www-authenticate")).toBe(challenge);
    if (each.expect.type === undefined) return;
    expect(await response.json()).toMatchObject({ type: `/problems/${each.expect.type}` });
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("says nothing of whether a thing exists", async () => {
    const bodies = cases
      .filter((each) => each.id.startsWith("object-404"))
      .map(async (each) => (await ask(each)).text());
    expect(new Set(await Promise.all(bodies)).size).toBe(1);
  });
});
