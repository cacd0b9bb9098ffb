/** Paths, methods, and where the application is. */
import { get, post, request } from "martlet";
import { z } from "zod";

export const slash = get("/rt/slash/", {}, () => "slash");
export const noSlash = get("/rt/noslash", {}, () => "noslash");
export const me = get("/rt/users/me", {}, () => "me");
export const user = get("/rt/users/{uid}", { path: { uid: z.string() } }, ({ uid }) => uid);
export const read = get("/rt/multi", { use: { request } }, ({ request }) => request.method);
export const write = post("/rt/multi", { use: { request } }, ({ request }) => request.method);
