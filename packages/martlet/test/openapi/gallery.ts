/**
 * A document and what to look up in it: an application with one of everything that developers can
 * tell beside signatures.
 *
 * @module
 */
import {
  callback,
  del,
  get,
  head,
  type JsonSchema,
  martlet,
  type OperationObject,
  patch,
  post,
  problem,
  put,
  route,
  router,
  webhook,
} from "martlet";
import { apiKey } from "martlet/auth";
import { z } from "zod";

const Painting = z.object({ id: z.int(), title: z.string() });
const NewPainting = Painting.omit({ id: true }).meta({ examples: [{ title: "Untitled" }] });
const Sale = z.object({ painting: Painting, price: z.number() });
const Gone = problem(410, "painting-gone", { since: z.iso.date() });

const list = get(
  "/",
  {
    query: {
      q: z.string().optional().meta({ title: "Words", description: "To find." }),
      order: z.enum(["old", "new"]).default("new"),
      trace: z.string().optional().meta({ hidden: true }),
    },
    header: { ifNoneMatch: z.string().optional() },
    returns: z.array(Painting),
    responseDescription: "All that hang there.",
    responses: {
      200: {
        headers: {
          ETag: z.string().meta({ examples: ['"7"'] }),
          "X-Total": { schema: z.int(), description: "How many there are.", required: true },
        },
        links: { first: { operationId: "paintings.read", description: "The first of them." } },
      },
      304: { description: "What you have is what there is." },
    },
    examples: {
      query: { q: { word: { summary: "One word", value: "sea" } } },
      header: { ifNoneMatch: { known: { value: '"7"' } } },
      responses: {
        200: { none: { value: [] }, one: { summary: "One", value: [{ id: 7, title: "Sea" }] } },
      },
    },
  },
  () => [],
);
const read = get(
  "/{id}",
  {
    path: { id: z.int() },
    returns: Painting,
    throws: [Gone],
    deprecated: { since: "2026-01-01", sunset: "2026-12-31", link: "https://gallery.test/v2" },
    examples: { path: { id: { first: { value: 1 } } } },
  },
  ({ id }) => ({ id, title: "" }),
);
const sale = callback("{$request.body#/notify}", "POST", {
  body: Sale,
  security: { key: apiKey({ header: "X-Signature" }) },
  responses: { 410: { description: "Do not tell me again." } },
  status: 204,
});
const create = post(
  "/",
  {
    body: NewPainting.extend({ notify: z.url().optional() }).meta({ id: "Offer" }),
    returns: Painting,
    status: 201,
    callbacks: { sale },
    externalDocs: { url: "https://gallery.test/selling", description: "How to sell" },
    servers: [{ url: "https://desk.gallery.test", description: "The desk", name: "desk" }],
    examples: {
      body: {
        plain: { summary: "A plain one", description: "**Cheap**", value: { title: "Sea" } },
        elsewhere: { externalValue: "https://gallery.test/offer.json" },
      },
    },
  },
  ({ body }) => ({ id: 1, title: body.title }),
);
const replace = put(
  "/{id}",
  {
    path: { id: z.int() },
    body: Painting,
    returns: Painting,
    responses: {
      418: {
        content: {
          "text/plain": {},
          "application/json": {
            schema: Painting,
            examples: { tea: { value: { id: 1, title: "Tea" } } },
          },
        },
      },
      "5XX": {},
      default: { headers: { "X-Request-Id": {} } },
    },
    description: "Nobody reads this.",
    openapi: {
      "x-cost": { money: 3 },
      summary: "In OpenAPI's own words",
      description: undefined,
      responses: { 200: { "x-cached": true } },
      tags: ["own"],
    },
  },
  ({ body }) => body,
);
const change = patch(
  "/{id}",
  {
    path: { id: z.int() },
    form: { title: z.string(), secret: z.string().optional().meta({ hidden: true }) },
    openapi: (operation) => ({
      ...operation,
      operationId: "paintings.rename",
      tags: ["paintings"],
    }),
  },
  () => null,
);
const remove = del("/{id}", { path: { id: z.int() }, status: 204 }, () => undefined);
const known = head("/{id}", { path: { id: z.int() }, responses: { 404: {} } }, () => null);
const search = route("QUERY")(
  "/",
  { body: z.object({ words: z.string() }), returns: z.array(Painting) },
  () => [],
);
const purge = route("PURGE")("/{id}", { path: { id: z.int() }, status: 204 }, () => undefined);
const purgeAll = route("PURGE")("/", { status: 204 }, () => undefined);

const paintings = {
  Painting,
  list,
  read,
  create,
  replace,
  change,
  remove,
  known,
  search,
  purge,
  purgeAll,
};

/** The application. */
export const gallery = martlet(
  { paintings: router("/paintings", paintings, { tags: ["paintings"] }) },
  {
    title: "Gallery",
    version: "3.0.0",
    summary: "What hangs there",
    description: "A **gallery**.",
    termsOfService: "https://gallery.test/terms",
    contact: { name: "The desk", url: "https://gallery.test/desk", email: "desk@gallery.test" },
    license: { name: "Apache 2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    externalDocs: { url: "https://gallery.test/docs", description: "All about it" },
    servers: [
      { url: "https://gallery.test", description: "Here", name: "production" },
      {
        url: "https://{city}.gallery.test:{port}",
        variables: {
          city: { default: "oslo", enum: ["oslo", "bergen"], description: "Where it hangs" },
          port: { default: "443" },
        },
      },
    ],
    tags: [
      {
        name: "paintings",
        summary: "Paintings",
        description: "Oil.",
        externalDocs: { url: "https://gallery.test/oil" },
        parent: "art",
        kind: "nav",
      },
      { name: "own", description: "Of its own." },
      { name: "art", description: "All of it." },
    ],
    responses: { 429: { description: "Too many visitors." } },
    webhooks: {
      exhibition: webhook("POST", {
        body: z.object({ name: z.string() }),
        summary: "A new exhibition",
        tags: ["art"],
        responses: { 410: { description: "Do not tell me again." } },
        status: 204,
      }),
    },
  },
);

/** The same application in OpenAPI 3.2. */
export const gallery32 = gallery.with({ openapi: { version: "3.2.0" } });

/** An operation of the gallery. */
export function told(path: string, method: string, app: typeof gallery = gallery): OperationObject {
  const operation = app.openapi().paths[`/paintings${path}`]?.[method];
  if (operation === undefined) throw new Error(`${method} ${path} is not told`);
  return operation;
}

/** The schema of a component. */
export function component(name: string): JsonSchema | undefined {
  return gallery.openapi().components?.schemas?.[name];
}
