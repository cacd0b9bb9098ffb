import { beforeAll, expect, test } from "vitest";
import { Gate } from "../../src/users/gate.ts";
import { type Passwords, passwordsBehind } from "../../src/users/password.ts";

let passwords: Passwords;
beforeAll(async () => {
  passwords = await passwordsBehind(new Gate({ atOnce: 2, waiting: 64 }));
});

test("a hash is Argon2id at the cost that OWASP advises, and another one each time", async () => {
  const hash = await passwords.hash("correct horse");
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.hash("correct horse")).not.toBe(hash);
});

test("the password is known again, another one is not", async () => {
  const hash = await passwords.hash("correct horse");
  expect(await passwords.verify("correct horse", hash)).toBe(true);
  expect(await passwords.verify("battery staple", hash)).toBe(false);
});

test("nobody's password takes as long to refuse as somebody's", async () => {
  const hash = await passwords.hash("correct horse");
  const quickest = async (known: string | undefined): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const start = performance.now();
      expect(await passwords.verify("battery staple", known)).toBe(false);
      times.push(performance.now() - start);
    }
    return Math.min(...times);
  };
  expect(await quickest(undefined)).toBeGreaterThan((await quickest(hash)) / 3);
});
