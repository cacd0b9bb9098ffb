import { get, martlet } from "martlet";
import { apiKey, bearer, httpBasic, oauth2Password, optional } from "martlet/auth";
import { describe, expect, test } from "vitest";
import { talk } from "../wire.ts";
import { served } from "./served.ts";

const app = martlet({
  token: get("/token", { security: { token: bearer() } }, ({ token }) => token),
  oauth: get(
    "/oauth",
    { security: { token: oauth2Password({ tokenUrl: "/t" }) } },
    ({ token }) => token,
  ),
  basic: get("/basic", { security: { user: httpBasic() } }, ({ user }) => user),
  key: get("/key", { security: { key: apiKey({ header: "x-key" }) } }, ({ key }) => key),
  guest: get(
    "/guest",
    { security: { token: optional(bearer()) } },
    ({ token }) => token ?? "guest",
  ),
});

describe("FastAPI takes `Bearer ` with nothing behind it for a token; Martlet", () => {
  test.each(["/token", "/oauth"])("does not: %s", (path) =>
    served(app, async (url, port) => {
      for (const authorization of ["Bearer", "Bearer ", "Bearer   ", "bearer ", ""]) {
        const response = await fetch(url + path, { headers: { authorization } });
        expect([authorization, response.status]).toEqual([authorization, 401]);
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
      }
      const raw = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \r\n\r\n`;
      expect((await talk(port, raw)).answers[0]?.status).toBe(401);
      const good = await fetch(url + path, { headers: { authorization: "Bearer t0ken" } });
      expect([good.status, await good.json()]).toEqual([200, "t0ken"]);
    }),
  );

  test("takes its sender for a guest where guests are welcome", () =>
    served(app, async (url) => {
      const response = await fetch(`${url}/guest`, { headers: { authorization: "Bearer " } });
      expect([response.status, await response.json()]).toEqual([200, "guest"]);
    }));

  test("takes no empty key either", () =>
    served(app, async (url) => {
      expect((await fetch(`${url}/key`, { headers: { "x-key": "" } })).status).toBe(401);
    }));

  test("does not choose between two credentials", () =>
    served(app, async (_url, port) => {
      const raw =
        "GET /token HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n";
      expect((await talk(port, raw)).answers[0]?.status).toBe(400);
    }));
});

describe("FastAPI refuses a user name beyond ASCII; Martlet", () => {
  test("takes it, for Basic is UTF-8", () =>
    served(app, async (url) => {
      for (const username of ["jürgen", "Зоя", "ユーザー", "🦜"]) {
        const text = Buffer.from(`${username}:paßwort:€`).toString("base64");
        const response = await fetch(`${url}/basic`, {
          headers: { authorization: `Basic ${text}` },
        });
        expect(await response.json()).toEqual({ username, password: "paßwort:€" });
      }
    }));

  test("refuses what is not UTF-8, and says what it wants", () =>
    served(app, async (url) => {
      const text = Buffer.from([0xe9, 0x3a, 0x70]).toString("base64");
      const response = await fetch(`${url}/basic`, { headers: { authorization: `Basic ${text}` } });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe('Basic realm="api", charset="UTF-8"');
    }));
});
