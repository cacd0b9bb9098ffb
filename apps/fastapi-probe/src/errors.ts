/** Problems, and what is none. */
import { Answer, type ErrorHandler, Forbidden, get, onError, problem } from "martlet";
import { z } from "zod";

const ItemNotFound = problem(404, "item-not-found");
/** A problem whose `detail` is more than a text. */
const Conflict = problem(409, "conflict", {
  detail: z.object({ code: z.string(), n: z.int() }),
});

export const notFound = get("/e/404", { throws: [ItemNotFound] }, () => {
  throw new ItemNotFound(
    {},
    { detail: "Item not found", headers: { "x-error": "There goes my error" } },
  );
});
export const dict = get("/e/dict", { throws: [Conflict] }, () => {
  throw new Conflict({ detail: { code: "conflict", n: 1 } });
});
export const noDetail = get("/e/nodetail", { throws: [Forbidden] }, () => {
  throw new Forbidden();
});
/** An exception there, an answer here: 204 is no problem. */
export const noContent = get("/e/204", { status: 204 }, () => undefined);
export const boom = get("/e/boom", {}, () => {
  throw new Error("secret detail");
});

class Teapot extends Error {}
export const teapot = get("/e/teapot", {}, () => {
  throw new Teapot("short");
});
/** What an exception handler of the application does there. */
export const handlers: readonly ErrorHandler[] = [
  onError(Teapot, ({ message }) => {
    const headers = { "content-type": "application/json" };
    return new Answer(418, headers, JSON.stringify({ oops: message }));
  }),
];
