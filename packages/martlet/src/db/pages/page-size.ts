/**
 * Sizes of pages: how many rows a client may ask for.
 *
 * @module
 */
import * as z from "zod";
import { Fault } from "../../index.ts";

/** How many rows a page has. */
export interface PageSizes {
  /** For those who say nothing. @default 20, or the most if that is less */
  readonly default?: number;
  /** The most. @default 100 */
  readonly max?: number;
}

/** The model of the parameter `limit`. */
export function sizeModel(sizes: PageSizes = {}): z.ZodDefault<z.ZodInt> {
  const { max = 100 } = sizes;
  const { default: usual = Math.min(20, max) } = sizes;
  if (!(Number.isSafeInteger(usual) && Number.isSafeInteger(max) && usual >= 1 && usual <= max)) {
    throw new Fault("M031", `A page cannot have ${usual} rows of ${max} at the most`, {
      hint: "Give whole numbers from 1, the default not above the most.",
    });
  }
  return z.int().min(1).max(max).default(usual).describe("How many items at the most.");
}
