/**
 * A whole small API: routes, models and a problem.
 *
 * @module
 */
import { del, dependency, get, martlet, patch, post, problem, router } from "martlet";
import { z } from "zod";

/** A bird, as the API shows it. */
const Bird = z.object({
  id: z.int(),
  name: z.string().min(1).max(80),
  wingspan: z.number().positive().describe("Centimetres."),
});
/** What a new bird needs. */
const NewBird = Bird.omit({ id: true });

/** There is no bird with this id. */
const BirdNotFound = problem(404, "bird-not-found", { id: z.int() });

type Bird = z.infer<typeof Bird>;

/** Where the birds live: in memory, as long as the application does. */
const aviary = dependency({ scope: "app" }, () => {
  const birds = new Map<number, Bird>([[1, { id: 1, name: "swift", wingspan: 42 }]]);
  return { birds, nextId: () => Math.max(0, ...birds.keys()) + 1 };
});

/** The bird that the path names. Every route that uses it may answer 404. */
const bird = dependency(
  { path: { id: z.int().positive() }, use: { aviary }, throws: [BirdNotFound] },
  ({ id, aviary }) => aviary.birds.get(id) ?? new BirdNotFound({ id }),
);

const list = get(
  "/",
  {
    query: { limit: z.int().min(1).max(100).default(20), q: z.string().optional() },
    use: { aviary },
    returns: z.array(Bird),
  },
  ({ limit, q = "", aviary }) =>
    [...aviary.birds.values()].filter((each) => each.name.includes(q)).slice(0, limit),
);

const create = post(
  "/",
  { body: NewBird, use: { aviary }, returns: Bird, status: 201 },
  ({ body, aviary }) => {
    const created = { id: aviary.nextId(), ...body };
    aviary.birds.set(created.id, created);
    return created;
  },
);

const read = get("/{id}", { use: { bird }, returns: Bird }, ({ bird }) => bird);

const rename = patch(
  "/{id}",
  { body: NewBird.pick({ name: true }), use: { bird, aviary }, returns: Bird },
  ({ body, bird, aviary }) => {
    const renamed = { ...bird, ...body };
    aviary.birds.set(bird.id, renamed);
    return renamed;
  },
);

const release = del("/{id}", { use: { bird, aviary }, status: 204 }, ({ bird, aviary }) => {
  aviary.birds.delete(bird.id);
});

const birds = router("/birds", { Bird, NewBird, list, create, read, rename, release });

/** The application. */
export const app = martlet({ birds }, { title: "Birds", version: "1.0.0" });
