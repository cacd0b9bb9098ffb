// The client misspells a path parameter.
import { client } from "martlet/client";
import type { app } from "./app.ts";

const api = client<typeof app>("http://localhost");

export const answer = await api.items.update({
  // right: id: 7,
  itemId: 7,
  body: { name: "Swift", price: 3 },
});
