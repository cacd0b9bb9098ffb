/**
 * Three schema libraries in one signature: all that a schema needs is to follow Standard Schema, and
 * Standard JSON Schema where text is read or the document tells of it.
 *
 * @module
 */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { martlet, post } from "martlet";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";

const order = post(
  "/shops/{shop}/orders",
  {
    path: { shop: z.string().min(2) },
    query: { express: toStandardJsonSchema(v.optional(v.boolean(), false)) },
    body: type({ item: "string > 0", count: "0 < number.integer <= 10" }),
    returns: z.object({ shop: z.string(), count: z.int(), express: z.boolean() }),
    status: 201,
  },
  ({ shop, express, body }) => ({ shop, express, count: body.count }),
);

/** The application. */
export const app = martlet({ order });
