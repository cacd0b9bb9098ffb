/**
 * The application that every runtime runs. It imports the built package, as users do.
 *
 * @module
 */
import { Answer, background, file, get, martlet, post, redirect, response } from "martlet";
import { z } from "zod";

const Item = z.object({ id: z.int(), name: z.string(), at: z.date() });
const done: string[] = [];

async function* lines(): AsyncGenerator<string | Uint8Array> {
  yield "one\n";
  await new Promise((resolve) => setTimeout(resolve, 5));
  yield new TextEncoder().encode("zwölf\n");
}

export const app = martlet(
  {
    read: get(
      "/items/{id}",
      { path: { id: z.int() }, query: { tag: z.array(z.string()).default([]) }, returns: Item },
      ({ id, tag }) => ({ id, name: tag.join("+") || "ä", at: new Date(0) }),
    ),
    create: post("/items", { body: Item, returns: Item, status: 201 }, ({ body }) => body),
    form: post(
      "/form",
      { form: { name: z.string(), age: z.int().optional() } },
      ({ name, age }) => ({ name, age }),
    ),
    upload: post(
      "/upload",
      { files: { photo: file({ maxSize: 1000 }) }, form: { title: z.string() } },
      async ({ photo, title }) => ({
        title,
        filename: photo.filename,
        type: photo.type,
        size: photo.size,
        text: await photo.text(),
      }),
    ),
    cookies: get(
      "/cookies",
      { cookie: { seen: z.int().default(0) }, header: { xTrace: z.string() }, use: { response } },
      ({ seen, xTrace, response }) => {
        response.cookie("seen", String(seen + 1));
        response.cookie("other", "ü");
        response.header("x-trace", xTrace);
        return { seen };
      },
    ),
    stream: get("/stream", {}, () => {
      return new Answer(200, { "content-type": "text/plain; charset=utf-8" }, lines());
    }),
    away: get("/away", {}, () => redirect("/items/1")),
    none: get("/none", { status: 204 }, () => undefined),
    fails: get("/fails", {}, () => {
      throw new Error("secret");
    }),
    work: post("/work", { use: { background }, status: 202 }, ({ background }) => {
      background(() => done.push("worked"));
      return null;
    }),
    done: get("/done", {}, () => done),
  },
  { title: "Runtimes", version: "1.0.0", report: () => undefined },
);
