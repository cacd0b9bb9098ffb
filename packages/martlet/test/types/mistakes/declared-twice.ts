// One name stands in two sections.
import { get } from "martlet";
import { z } from "zod";

export const read = get(
  "/items/{id}",
  // right: { path: { id: z.int() }, query: { version: z.int() } },
  { path: { id: z.int() }, query: { id: z.int() } },
  ({ id }) => id,
);
