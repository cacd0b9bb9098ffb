/**
 * A session, as a newcomer would have it with `curl`, on every database that there is. Every answer
 * is held against the contract.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answered, type Call, curl } from "./call.ts";
import { type RunningConduit, servers, startConduit } from "./conduit.ts";
import { expectContract, operationOf, operations } from "./contract.ts";

describe.each(servers)("a session on $name", { concurrent: false }, (server) => {
  describe.skipIf(server.isSkipped)("goes like this:", () => {
    let conduit: RunningConduit;
    let jake = "";
    let anna = "";
    let annasComment = 0;
    const succeeded = new Set<string>();
    const title = "How to train your dragon";
    const slug = "how-to-train-your-dragon";

    beforeAll(async () => {
      conduit = await startConduit({ server });
    });
    afterAll(() => conduit.stop());

    /** `"GET /articles/my-first?limit=1"`. */
    async function call(operation: string, request: Call = {}): Promise<Answered> {
      const [method = "", path = ""] = operation.split(" ");
      const { pathname, search } = new URL(`${conduit.url}/api${path}`);
      const answer = await curl(`${conduit.url}${pathname}${search}`, { method, ...request });
      const called = operationOf(method, pathname.replace(/^\/api/, ""));
      expectContract(called, answer);
      if (answer.status < 300) succeeded.add(called);
      return answer;
    }

    test("Jake registers", async () => {
      const user = { username: "jake", email: "jake@example.com", password: "jakejake" };
      const { status, body } = await call("POST /users", { json: { user } });
      expect(status).toBe(201);
      expect(body).toEqual({
        user: {
          username: "jake",
          email: "jake@example.com",
          bio: "",
          image: "",
          token: expect.any(String),
        },
      });
    });

    test("and logs in", async () => {
      const user = { email: "jake@example.com", password: "jakejake" };
      const { status, body } = await call("POST /users/login", { json: { user } });
      expect(status).toBe(200);
      jake = (body as { user: { token: string } }).user.token;
      const own = await call("GET /user", { token: jake });
      expect(own.body).toMatchObject({ user: { username: "jake", token: jake } });
    });

    test("His first article is refused, and he is told all that is wrong with it", async () => {
      const article = { title: " ", description: 7, tagList: ["dragons", ""] };
      const { status, body } = await call("POST /articles", { token: jake, json: { article } });
      expect(status).toBe(422);
      expect(body).toEqual({
        errors: {
          title: ["can't be blank"],
          description: ["is invalid"],
          body: ["can't be blank"],
          tagList: ["can't be blank"],
        },
      });
    });

    test("The second is published, its tags in his order", async () => {
      const article = {
        title,
        description: "Ever wonder how?",
        body: "You have to believe.",
        tagList: ["training", "dragons", "advice"],
      };
      const { status, body } = await call("POST /articles", { token: jake, json: { article } });
      expect(status).toBe(201);
      expect(body).toEqual({
        article: {
          ...article,
          slug,
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          favorited: false,
          favoritesCount: 0,
          author: { username: "jake", bio: "", image: "", following: false },
        },
      });
    });

    test("Anybody finds it by its tag", async () => {
      const { status, body } = await call("GET /articles?tag=dragons");
      expect(status).toBe(200);
      expect(body).toMatchObject({ articles: [{ slug, title }], articlesCount: 1 });
      expect(JSON.stringify(body)).not.toContain("You have to believe");
      const tags = await call("GET /tags");
      expect((tags.body as { tags: string[] }).tags).toContain("dragons");
    });

    test("and reads it", async () => {
      const { status, body } = await call(`GET /articles/${slug}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        article: {
          title,
          body: "You have to believe.",
          tagList: ["training", "dragons", "advice"],
        },
      });
    });

    test("Anna, who has registered too, may not change it", async () => {
      const user = { username: "anna", email: "anna@example.com", password: "annaanna" };
      const registered = await call("POST /users", { json: { user } });
      anna = (registered.body as { user: { token: string } }).user.token;
      const json = { article: { title: "Mine" } };
      const { status, body } = await call(`PUT /articles/${slug}`, { token: anna, json });
      expect(status).toBe(403);
      expect(body).toEqual({ errors: { article: ["is not yours"] } });
      const removed = await call(`DELETE /articles/${slug}`, { token: anna });
      expect(removed.status).toBe(403);
    });

    test("Jake may", async () => {
      const json = { article: { body: "You have to believe, and to feed it." } };
      const { status, body } = await call(`PUT /articles/${slug}`, { token: jake, json });
      expect(status).toBe(200);
      expect(body).toMatchObject({ article: { slug, title, ...json.article } });
      const { createdAt, updatedAt } = (body as { article: Record<string, string> }).article;
      expect(Date.parse(updatedAt ?? "")).toBeGreaterThan(Date.parse(createdAt ?? ""));
    });

    test("Another title brings another slug", async () => {
      const json = { article: { title: "How to befriend your dragon" } };
      const { body } = await call(`PUT /articles/${slug}`, { token: jake, json });
      expect(body).toMatchObject({ article: { slug: "how-to-befriend-your-dragon" } });
      expect((await call(`GET /articles/${slug}`)).status).toBe(404);
      const back = { article: { title } };
      await call("PUT /articles/how-to-befriend-your-dragon", { token: jake, json: back });
    });

    test("He says more of himself, which shows in his profile", async () => {
      const json = { user: { bio: "I work at statefarm", image: "https://example.com/jake.png" } };
      const { status } = await call("PUT /user", { token: jake, json });
      expect(status).toBe(200);
      const { body } = await call("GET /profiles/jake");
      expect(body).toEqual({ profile: { username: "jake", following: false, ...json.user } });
    });

    test("Anna follows him, which only she sees", async () => {
      const { status, body } = await call("POST /profiles/jake/follow", { token: anna });
      expect(status).toBe(200);
      expect(body).toMatchObject({ profile: { username: "jake", following: true } });
      const seen = await call("GET /profiles/jake", { token: anna });
      expect(seen.body).toEqual(body);
      const bySelf = await call("GET /profiles/jake", { token: jake });
      expect(bySelf.body).toMatchObject({ profile: { following: false } });
      const oneself = await call("POST /profiles/anna/follow", { token: anna });
      expect([oneself.status, oneself.body]).toEqual([
        422,
        { errors: { username: ["is your own"] } },
      ]);
    });

    test("and has his article in her feed", async () => {
      const { status, body } = await call("GET /articles/feed", { token: anna });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        articles: [{ slug, author: { username: "jake", following: true } }],
        articlesCount: 1,
      });
      const his = await call("GET /articles/feed", { token: jake });
      expect(his.body).toEqual({ articles: [], articlesCount: 0 });
      expect((await call("GET /articles/feed")).status).toBe(401);
    });

    test("She likes it", async () => {
      const { status, body } = await call(`POST /articles/${slug}/favorite`, { token: anna });
      expect(status).toBe(200);
      expect(body).toMatchObject({ article: { slug, favorited: true, favoritesCount: 1 } });
      const listed = await call("GET /articles?favorited=anna");
      expect(listed.body).toMatchObject({
        articles: [{ slug, favorited: false, favoritesCount: 1 }],
        articlesCount: 1,
      });
    });

    test("and then she does not", async () => {
      const { status, body } = await call(`DELETE /articles/${slug}/favorite`, { token: anna });
      expect(status).toBe(200);
      expect(body).toMatchObject({ article: { slug, favorited: false, favoritesCount: 0 } });
      expect((await call("POST /articles/no-such/favorite", { token: anna })).status).toBe(404);
    });

    test("She says why", async () => {
      const json = { comment: { body: "I have tried. It bites." } };
      const { status, body } = await call(`POST /articles/${slug}/comments`, { token: anna, json });
      expect(status).toBe(200);
      expect(body).toEqual({
        comment: {
          id: expect.any(Number),
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          body: "I have tried. It bites.",
          author: { username: "anna", bio: "", image: "", following: false },
        },
      });
      annasComment = (body as { comment: { id: number } }).comment.id;
    });

    test("He answers, and everybody reads both, the last one first", async () => {
      const json = { comment: { body: "Feed it first." } };
      await call(`POST /articles/${slug}/comments`, { token: jake, json });
      const { status, body } = await call(`GET /articles/${slug}/comments`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        comments: [
          { body: "Feed it first.", author: { username: "jake", following: false } },
          { id: annasComment, author: { username: "anna" } },
        ],
      });
      const seenByAnna = await call(`GET /articles/${slug}/comments`, { token: anna });
      expect(seenByAnna.body).toMatchObject({ comments: [{ author: { following: true } }, {}] });
    });

    test("Her comment is hers to delete", async () => {
      const operation = `DELETE /articles/${slug}/comments/${annasComment}`;
      const his = await call(operation, { token: jake });
      expect([his.status, his.body]).toEqual([403, { errors: { comment: ["is not yours"] } }]);
      expect((await call(operation)).status).toBe(401);
      expect((await call(operation, { token: anna })).status).toBe(204);
      expect((await call(operation, { token: anna })).status).toBe(404);
      const { body } = await call(`GET /articles/${slug}/comments`);
      expect(body).toMatchObject({ comments: [{ author: { username: "jake" } }] });
    });

    test("She has read enough of him", async () => {
      const { status, body } = await call("DELETE /profiles/jake/follow", { token: anna });
      expect(status).toBe(200);
      expect(body).toMatchObject({ profile: { username: "jake", following: false } });
      const feed = await call("GET /articles/feed", { token: anna });
      expect(feed.body).toEqual({ articles: [], articlesCount: 0 });
    });

    test("He deletes the article, and it is gone", async () => {
      const deleted = await call(`DELETE /articles/${slug}`, { token: jake });
      expect(deleted.status).toBe(204);
      const { status, body } = await call(`GET /articles/${slug}`);
      expect(status).toBe(404);
      expect(body).toEqual({ errors: { article: ["not found"] } });
      const listed = await call("GET /articles?tag=dragons");
      expect(listed.body).toEqual({ articles: [], articlesCount: 0 });
      expect((await call(`GET /articles/${slug}/comments`)).status).toBe(404);
    });

    test("And nothing that the contract has was left out", () => {
      expect([...succeeded].toSorted()).toEqual(operations.toSorted());
    });
  });
});
