import { dependency, get, martlet, post, problem } from "martlet";
import { z } from "zod";

const Bird = z.object({
  name: z.string().min(1).max(80),
  wingspan: z.number().positive().describe("Centimetres."),
});

const BirdExists = problem(409, "bird-exists", { name: z.string() });

/** Where the birds live: in memory, as long as the application does. */
const aviary = dependency(
  { scope: "app" },
  () => new Map([["swift", { name: "swift", wingspan: 42 }]]),
);

const list = get(
  "/birds",
  {
    query: { q: z.string().default(""), limit: z.int().min(1).max(100).default(20) },
    use: { aviary },
    returns: z.array(Bird),
  },
  ({ q, limit, aviary }) =>
    [...aviary.values()].filter((bird) => bird.name.includes(q)).slice(0, limit),
);

const create = post(
  "/birds",
  { body: Bird, use: { aviary }, returns: Bird, status: 201, throws: [BirdExists] },
  ({ body, aviary }) => {
    if (aviary.has(body.name)) return new BirdExists({ name: body.name });
    aviary.set(body.name, body);
    return body;
  },
);

export const app = martlet({ list, create }, { title: "Birds", version: "0.1.0" });
