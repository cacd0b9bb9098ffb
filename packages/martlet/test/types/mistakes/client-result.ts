// The client misspells a field of the answer.
import { client } from "martlet/client";
import type { app } from "./app.ts";

const api = client<typeof app>("http://localhost");

const answer = await api.items.update({ id: 7, body: { name: "Swift", price: 3 } });
// right: export const price = answer.ok ? answer.data.price : undefined;
export const price = answer.ok ? answer.data.prize : undefined;
