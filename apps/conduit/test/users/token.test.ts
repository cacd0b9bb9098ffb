import { hkdfSync } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Tokens } from "../../src/users/token.ts";
import { send } from "../call.ts";
import { type RunningConduit, startConduit } from "../conduit.ts";
import { newcomer } from "../people.ts";

const secret = "a secret that is long enough for a test";
const lifetime = 3600;

function keyOf(appKey: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", appKey, "", "conduit tokens", 32));
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("a token", () => {
  const tokens = new Tokens(secret, { lifetime });

  test("says whom it was issued for", () => {
    expect(tokens.verify(tokens.issue(7))).toBe(7);
  });

  test("is a JSON Web Token to everybody else", async () => {
    const { payload, protectedHeader } = await jwtVerify(tokens.issue(7), keyOf(secret), {
      algorithms: ["HS256"],
      issuer: "conduit",
      typ: "JWT",
    });
    expect(protectedHeader).toEqual({ alg: "HS256", typ: "JWT" });
    expect(payload.sub).toBe("7");
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(lifetime);
  });

  test("is valid until its time is over", () => {
    let now = 1_800_000_000_000;
    const timed = new Tokens(secret, { lifetime, now: () => now });
    const token = timed.issue(7);
    now += lifetime * 1000 - 1;
    expect(timed.verify(token)).toBe(7);
    now += 1;
    expect(timed.verify(token)).toBeUndefined();
  });
});

describe("a request with a token", () => {
  let conduit: RunningConduit;
  let good = "";
  beforeAll(async () => {
    conduit = await startConduit();
    good = (await newcomer(conduit)).token;
  });
  afterAll(() => conduit.stop());

  const [alg, claims] = [
    { alg: "HS256", typ: "JWT" },
    { iss: "conduit", sub: "1" },
  ];
  const soon = Math.floor(Date.now() / 1000) + 600;

  /** Signed with the right key, by somebody who may choose everything else. */
  const signed = (header: { alg: string; typ?: string }, payload: object): Promise<string> =>
    new SignJWT({ iat: soon - 700, ...payload })
      .setProtectedHeader(header)
      .sign(keyOf(conduit.appKey));

  const bad: Record<string, () => string | Promise<string>> = {
    "that has expired": () => {
      const before = (): number => Date.now() - 2 * lifetime * 1000;
      return new Tokens(conduit.appKey, { lifetime, now: before }).issue(1);
    },
    "of algorithm none": () => `${part({ alg: "none", typ: "JWT" })}.${good.split(".")[1]}.`,
    "of algorithm none, with the old signature": () =>
      [part({ alg: "none", typ: "JWT" }), ...good.split(".").slice(1)].join("."),
    "of another algorithm": () => signed({ alg: "HS512", typ: "JWT" }, { ...claims, exp: soon }),
    "of another type": () => signed({ alg: "HS256", typ: "at+jwt" }, { ...claims, exp: soon }),
    "without a type": () => signed({ alg: "HS256" }, { ...claims, exp: soon }),
    "without an end": () => signed(alg, claims),
    "of another issuer": () => signed(alg, { ...claims, iss: "conduct", exp: soon }),
    "for a user of a strange id": () => signed(alg, { ...claims, sub: "1 or 1=1", exp: soon }),
    "for a user who is gone": () => signed(alg, { ...claims, sub: "999999", exp: soon }),
    "signed with another key": () => new Tokens("another key", { lifetime }).issue(1),
    "signed with the application's key itself": () =>
      new SignJWT({ ...claims, iat: soon - 700, exp: soon })
        .setProtectedHeader(alg)
        .sign(new TextEncoder().encode(conduit.appKey)),
    "without a signature": () => good.split(".").slice(0, 2).join("."),
    "with other claims": () =>
      good.replace(/\.[^.]+\./, `.${part({ ...claims, iat: 0, exp: soon })}.`),
    "with something behind": () => `${good}.x`,
    "with padding": () => `${good}=`,
    "that is garbage": () => "garbage",
    "of dots": () => "..",
  };

  test.each(Object.keys(bad))("%s is 401, in Conduit's words", async (name) => {
    const token = await bad[name]?.();
    const answer = await send(`${conduit.url}/api/user`, { token: token ?? "" });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ errors: { token: ["is invalid"] } });
    expect(answer.headers.get("www-authenticate")).toBe('Token error="invalid_token"');
  });

  test("that is not valid is refused where none is needed, too", async () => {
    const { status } = await send(`${conduit.url}/api/articles`, { token: `${good}x` });
    expect(status).toBe(401);
  });

  test("that is good may come as Token or as Bearer", async () => {
    for (const scheme of ["Token", "Bearer", "bearer"]) {
      const headers = { authorization: `${scheme} ${good}` };
      expect((await send(`${conduit.url}/api/user`, { headers })).status).toBe(200);
    }
    const basic = await send(`${conduit.url}/api/user`, {
      headers: { authorization: "Basic eDp5" },
    });
    expect(basic.status).toBe(401);
  });

  test("is told to bring one when it has none, before anything else is said", async () => {
    const json = { article: {} };
    const answer = await send(`${conduit.url}/api/articles`, { method: "POST", json });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ errors: { token: ["is missing"] } });
    expect(answer.headers.get("www-authenticate")).toBe("Token");
    const bad = await send(`${conduit.url}/api/articles`, { method: "POST", json, token: "x" });
    expect(bad.body).toEqual({ errors: { token: ["is invalid"] } });
  });
});
