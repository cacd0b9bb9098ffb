// The client leaves out a field of the body.
import { client } from "martlet/client";
import type { app } from "./app.ts";

const api = client<typeof app>("http://localhost");

export const answer = await api.items.update({
  id: 7,
  // right: body: { name: "Swift", price: 3 },
  body: { name: "Swift" },
});
