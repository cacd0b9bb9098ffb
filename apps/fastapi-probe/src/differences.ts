import type { Difference } from "./verdict.ts";

export const differences: readonly Difference[] = [];
