import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { override } from "martlet/testing";
import { Gate } from "../../src/users/gate.ts";
import { passwords, passwordsBehind } from "../../src/users/password.ts";
import { type Answered, send } from "../call.ts";
import { type RunningConduit, startConduit } from "../conduit.ts";
import { newcomer, randomPassword } from "../people.ts";

let conduit: RunningConduit;
beforeAll(async () => {
  conduit = await startConduit();
});
afterAll(() => conduit.stop());

const register = (user: unknown): Promise<Answered> =>
  send(`${conduit.url}/api/users`, { method: "POST", json: { user } });
const login = (user: unknown): Promise<Answered> =>
  send(`${conduit.url}/api/users/login`, { method: "POST", json: { user } });

describe("registration", () => {
  test("names every field that is missing", async () => {
    const { status, body } = await register({});
    expect(status).toBe(422);
    const blank = ["can't be blank"];
    expect(body).toEqual({ errors: { username: blank, email: blank, password: blank } });
  });

  test("names every field that is wrong", async () => {
    const { body } = await register({ username: " ", email: "jake", password: "short" });
    expect(body).toEqual({
      errors: {
        username: ["can't be blank"],
        email: ["is invalid"],
        password: ["is too short (minimum is 8 characters)"],
      },
    });
  });

  test.each([
    ["username", "..", ["is invalid"]],
    ["username", "a\u200bb", ["has invisible characters"]],
    ["username", "x".repeat(41), ["is too long (maximum is 40 characters)"]],
    ["email", "", ["can't be blank"]],
    ["email", null, ["is invalid"]],
    ["password", "", ["can't be blank", "is too short (minimum is 8 characters)"]],
    ["password", "x".repeat(257), ["is too long (maximum is 256 characters)"]],
  ])("refuses a %s that is %j", async (field, value, errors) => {
    const user = { username: "fine", email: "fine@example.com", password: "fine and long" };
    const { status, body } = await register({ ...user, [field]: value });
    expect([status, body]).toEqual([422, { errors: { [field]: errors } }]);
  });

  test("wants its wrapping", async () => {
    const bare = await send(`${conduit.url}/api/users`, { method: "POST", json: {} });
    expect(bare.body).toEqual({ errors: { user: ["can't be blank"] } });
  });

  test("refuses an address and a name that are taken, in whatever case", async () => {
    const { username, email } = await newcomer(conduit);
    const password = randomPassword();
    const taken = ["has already been taken"];
    const other = { username: `other-${username}`, email: `other-${email}`, password };
    const sameEmail = await register({ ...other, email: email.toUpperCase() });
    expect([sameEmail.status, sameEmail.body]).toEqual([422, { errors: { email: taken } }]);
    const sameName = await register({ ...other, username: username.toUpperCase() });
    expect([sameName.status, sameName.body]).toEqual([422, { errors: { username: taken } }]);
    const both = await register({ username, email, password });
    expect(both.body).toEqual({ errors: { email: taken, username: taken } });
  });

  test("lets one of many who come at once have the name", async () => {
    const username = `wanted-${Date.now()}`;
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        register({ username, email: `${username}-${index}@example.com`, password: "jakejake" }),
      ),
    );
    expect(answers.filter((each) => each.status === 201)).toHaveLength(1);
    expect(answers.filter((each) => each.status === 422)).toHaveLength(5);
  });

  test("never answers with anything of the password", async () => {
    const user = await newcomer(conduit);
    const answers = [await login(user), await send(`${conduit.url}/api/user`, user)];
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(Object.keys((body as { user: object }).user).toSorted()).toEqual([
        "bio",
        "email",
        "image",
        "token",
        "username",
      ]);
      expect(JSON.stringify(body)).not.toMatch(/argon2|hash/i);
    }
  });
});

describe("login", () => {
  test("takes the address in any case", async () => {
    const { email, password } = await newcomer(conduit);
    expect((await login({ email: ` ${email.toUpperCase()} `, password })).status).toBe(200);
  });

  test("does not tell a wrong password from an unknown address", async () => {
    const { email } = await newcomer(conduit);
    const wrong = await login({ email, password: randomPassword() });
    const unknown = await login({ email: `x${email}`, password: randomPassword() });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual({ errors: { credentials: ["are invalid"] } });
    expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body]);
  });

  test("sends people away when too many passwords are being verified", async () => {
    const busy = await startConduit({
      overrides: [override(passwords, () => passwordsBehind(new Gate({ atOnce: 1, waiting: 0 })))],
    });
    const user = { email: "nobody@example.com", password: "whatever it is" };
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        send(`${busy.url}/api/users/login`, { method: "POST", json: { user } }),
      ),
    );
    expect(answers.filter((each) => each.status === 401).length).toBeGreaterThan(0);
    const refused = answers.find((each) => each.status === 503);
    expect(refused?.headers.get("retry-after")).toBe("2");
    expect(refused?.body).toEqual({ errors: { server: ["is busy, try again later"] } });
    await busy.stop();
  });
});

describe("the current user", () => {
  const change = (token: string, user: unknown): Promise<Answered> =>
    send(`${conduit.url}/api/user`, { method: "PUT", token, json: { user } });

  test("changes what is sent and nothing else", async () => {
    const { token, username } = await newcomer(conduit);
    const { status, body } = await change(token, { bio: "Likes cheese." });
    expect(status).toBe(200);
    expect(body).toMatchObject({ user: { username, bio: "Likes cheese.", image: "", token } });
    const emptied = await change(token, { bio: "" });
    expect(emptied.body).toMatchObject({ user: { bio: "" } });
  });

  test("has the new password from then on, and not the old one", async () => {
    const { token, email, password } = await newcomer(conduit);
    const another = randomPassword();
    await change(token, { password: another });
    expect((await login({ email, password })).status).toBe(401);
    expect((await login({ email, password: another })).status).toBe(200);
  });

  test("may send what it has already, but not what others have", async () => {
    const [one, other] = [await newcomer(conduit), await newcomer(conduit)];
    const same = { email: one.email, username: one.username.toUpperCase() };
    expect((await change(one.token, same)).status).toBe(200);
    const taken = await change(one.token, { email: other.email, username: other.username });
    expect(taken.status).toBe(422);
    expect(taken.body).toEqual({
      errors: { email: ["has already been taken"], username: ["has already been taken"] },
    });
  });

  test("needs something to change", async () => {
    const { token } = await newcomer(conduit);
    const { status, body } = await change(token, { unknown: true });
    expect(status).toBe(422);
    expect(body).toEqual({ errors: { user: ["needs at least one field"] } });
  });

  test("has no picture that is a script", async () => {
    const { token } = await newcomer(conduit);
    const { body } = await change(token, { image: "javascript:alert(1)" });
    expect(body).toEqual({ errors: { image: ["is not a web address"] } });
  });
});
