// The client asks for a problem that the route does not have.
import { client } from "martlet/client";
import type { app } from "./app.ts";

const api = client<typeof app>("http://localhost");

const answer = await api.items.update({ id: 7, body: { name: "Swift", price: 3 } });
// right: export const gone = !answer.ok && answer.error.code === "item-not-found";
export const gone = !answer.ok && answer.error.code === "item-gone";
