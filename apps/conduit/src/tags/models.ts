/**
 * What is answered about tags. The names are those of the contract.
 *
 * @module
 */
import { z } from "zod";

export const TagsResponse = z.object({ tags: z.array(z.string()) });
