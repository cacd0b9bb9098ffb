/** Paths, methods, and where the application is. */
import { get, post, request, urls } from "martlet";
import { z } from "zod";

export const slash = get("/rt/slash/", {}, () => "slash");
export const noSlash = get("/rt/noslash", {}, () => "noslash");
export const me = get("/rt/users/me", {}, () => "me");
export const user = get("/rt/users/{uid}", { path: { uid: z.string() } }, ({ uid }) => uid);
export const read = get("/rt/multi", { use: { request } }, ({ request }) => request.method);
export const write = post("/rt/multi", { use: { request } }, ({ request }) => request.method);

interface Place {
  readonly url: string;
  readonly base: string;
}
export const urlFor = get(
  "/rt/urlfor/{n}",
  { path: { n: z.int() }, use: { urls } },
  ({ n, urls }): Place => {
    const url = urls.absolute(urlFor, { n });
    return { url, base: new URL("/", url).href };
  },
);
interface Caller {
  readonly host: string | undefined;
  readonly url: string;
}
export const client = get(
  "/rt/client",
  { use: { request, urls } },
  ({ request, urls }): Caller => ({ host: request.address, url: urls.absolute(client) }),
);
