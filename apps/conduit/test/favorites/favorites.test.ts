import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answered, send } from "../call.ts";
import { type RunningConduit, startConduit } from "../conduit.ts";
import { known, newcomer, type Person } from "../people.ts";

let conduit: RunningConduit;
let anna: Person;
beforeAll(async () => {
  conduit = await startConduit();
  anna = await newcomer(conduit);
});
afterAll(() => conduit.stop());

const slug = "two-people-one-slug";
const favorite = (method: string, of = slug, { token } = anna): Promise<Answered> =>
  send(`${conduit.url}/api/articles/${of}/favorite`, { method, token });

/** Whether it is the caller's favourite, and how many it has. */
function told({ status, body }: Answered): readonly unknown[] {
  const { favorited, favoritesCount } = (body as { article: Record<string, unknown> }).article;
  return [status, favorited, favoritesCount];
}

test("an article that is liked twice is liked once, and so is one that is not", async () => {
  expect(told(await favorite("POST"))).toEqual([200, true, 3]);
  expect(told(await favorite("POST"))).toEqual([200, true, 3]);
  expect(told(await favorite("DELETE"))).toEqual([200, false, 2]);
  expect(told(await favorite("DELETE"))).toEqual([200, false, 2]);
});

test("the answer is the whole article, as the caller sees it", async () => {
  const sam = await known(conduit, "sam");
  const { body } = await favorite("POST", "the-bird-that-never-lands", sam);
  const read = await send(`${conduit.url}/api/articles/the-bird-that-never-lands`, sam);
  expect(body).toEqual(read.body);
  expect(body).toMatchObject({
    article: { body: expect.stringContaining("swift"), author: { following: true } },
  });
});

test("one may like what is one's own", async () => {
  const jonas = await known(conduit, "jonas");
  expect(told(await favorite("POST", slug, jonas))).toEqual([200, true, 3]);
  expect(told(await favorite("DELETE", slug, jonas))).toEqual([200, false, 2]);
});

test("nobody likes what there is not", async () => {
  for (const method of ["POST", "DELETE"]) {
    const { status, body } = await favorite(method, "no-such-article");
    expect([status, body]).toEqual([404, { errors: { article: ["not found"] } }]);
  }
});
