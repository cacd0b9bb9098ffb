/**
 * The mix: what people do with a blog, and how often.
 *
 * @module
 */
import type { Answer, Caller } from "./caller.ts";

/** What everybody knows: articles that there are, or were, and people. */
export interface World {
  readonly slugs: string[];
  readonly usernames: readonly string[];
  readonly tags: readonly string[];
}

/** Somebody who acts. */
export interface Actor {
  readonly caller: Caller;
  readonly world: World;
  readonly username: string;
  /** What this one has written, and not deleted yet. */
  readonly slugs: string[];
  readonly comments: { readonly slug: string; readonly id: number }[];
  /** At least 0 and below 1. */
  readonly random: () => number;
}

/** Something that is done: one request. */
export interface Act {
  readonly name: string;
  /** How often, compared with the others. */
  readonly weight: number;
  readonly run: (actor: Actor) => Promise<Answer>;
}

/** One of several. */
function pick<T>(from: readonly T[], random: () => number): T {
  // There is always one.
  return from[Math.floor(random() * from.length)] as T;
}

const aSlug = ({ world, random }: Actor): string => encodeURIComponent(pick(world.slugs, random));
const aTag = ({ world, random }: Actor): string => encodeURIComponent(pick(world.tags, random));

/** Somebody else's name. */
function another({ world, username, random }: Actor): string {
  return encodeURIComponent(
    pick(
      world.usernames.filter((each) => each !== username),
      random,
    ),
  );
}

/** A page of a list: mostly the first. */
function query(actor: Actor): string {
  const { random } = actor;
  const filters = [
    () => "",
    () => `tag=${aTag(actor)}&`,
    () => `author=${another(actor)}&`,
    () => `favorited=${another(actor)}&`,
    () => `tag=${aTag(actor)}&author=${another(actor)}&`,
  ];
  const offset = random() < 0.8 ? 0 : Math.floor(random() * 100);
  return `${pick(filters, random)()}limit=20&offset=${offset}`;
}

async function write(actor: Actor): Promise<Answer> {
  const { caller, random, world, slugs } = actor;
  const answer = await caller.call("POST /articles", {
    article: {
      // So few titles that slugs have to be told apart.
      title: `What I have learnt in week ${Math.floor(random() * 52)}`,
      description: "Under load.",
      body: "It goes on. ".repeat(1 + Math.floor(random() * 100)),
      tagList: [pick(world.tags, random), `week-${Math.floor(random() * 52)}`],
    },
  });
  const { slug } = (answer.body["article"] ?? {}) as { readonly slug?: string };
  if (slug !== undefined) {
    slugs.push(slug);
    world.slugs.push(slug);
    // What is old is read less.
    if (world.slugs.length > 500) world.slugs.splice(0, 100);
  }
  return answer;
}

/** Changes an article of one's own; whoever has none writes one. */
async function rewrite(actor: Actor): Promise<Answer> {
  const { caller, random, slugs } = actor;
  const slug = slugs.pop();
  if (slug === undefined) return write(actor);
  const isRenamed = random() < 0.3;
  const title = `What I have forgotten in week ${Math.floor(random() * 52)}`;
  const article = { body: `Once more. ${random()}`, ...(isRenamed && { title }) };
  const answer = await caller.call(`PUT /articles/${encodeURIComponent(slug)}`, { article });
  const changed = (answer.body["article"] ?? {}) as { readonly slug?: string };
  if (changed.slug !== undefined) slugs.push(changed.slug);
  if (changed.slug !== slug) forget(actor, slug, changed.slug);
  return answer;
}

async function remove(actor: Actor): Promise<Answer> {
  const slug = actor.slugs.shift();
  if (slug === undefined) return write(actor);
  const answer = await actor.caller.call(`DELETE /articles/${encodeURIComponent(slug)}`);
  forget(actor, slug);
  return answer;
}

/** From now on, nobody begins to read what is gone, or what has another slug. */
function forget({ world }: Actor, slug: string, renamed?: string): void {
  const index = world.slugs.indexOf(slug);
  if (index >= 0) world.slugs.splice(index, 1, ...(renamed === undefined ? [] : [renamed]));
}

async function comment(actor: Actor): Promise<Answer> {
  const slug = aSlug(actor);
  const json = { comment: { body: `I have read it ${Math.ceil(actor.random() * 9)} times.` } };
  const answer = await actor.caller.call(`POST /articles/${slug}/comments`, json);
  const { id } = (answer.body["comment"] ?? {}) as { readonly id?: number };
  if (id !== undefined) actor.comments.push({ slug, id });
  return answer;
}

async function takeBack(actor: Actor): Promise<Answer> {
  const said = actor.comments.shift();
  if (said === undefined) return comment(actor);
  return actor.caller.call(`DELETE /articles/${said.slug}/comments/${said.id}`);
}

/** Three reads in four, and of the writes a few of each. */
export const acts: readonly Act[] = [
  { name: "list", weight: 20, run: (a) => a.caller.call(`GET /articles?${query(a)}`) },
  { name: "feed", weight: 10, run: (a) => a.caller.call("GET /articles/feed?limit=20") },
  { name: "read", weight: 22, run: (a) => a.caller.call(`GET /articles/${aSlug(a)}`) },
  { name: "comments", weight: 12, run: (a) => a.caller.call(`GET /articles/${aSlug(a)}/comments`) },
  { name: "profile", weight: 6, run: (a) => a.caller.call(`GET /profiles/${another(a)}`) },
  { name: "tags", weight: 3, run: (a) => a.caller.call("GET /tags") },
  { name: "user", weight: 3, run: (a) => a.caller.call("GET /user") },
  { name: "write", weight: 4, run: write },
  { name: "rewrite", weight: 3, run: rewrite },
  { name: "remove", weight: 2, run: remove },
  { name: "comment", weight: 5, run: comment },
  { name: "take back", weight: 2, run: takeBack },
  { name: "like", weight: 4, run: (a) => a.caller.call(`POST /articles/${aSlug(a)}/favorite`) },
  { name: "unlike", weight: 2, run: (a) => a.caller.call(`DELETE /articles/${aSlug(a)}/favorite`) },
  { name: "follow", weight: 2, run: (a) => a.caller.call(`POST /profiles/${another(a)}/follow`) },
  {
    name: "unfollow",
    weight: 1,
    run: (a) => a.caller.call(`DELETE /profiles/${another(a)}/follow`),
  },
  {
    name: "change user",
    weight: 1,
    run: (a) => a.caller.call("PUT /user", { user: { bio: `In week ${a.random()}` } }),
  },
];
