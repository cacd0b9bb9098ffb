/**
 * The deliberate differences between FastAPI 0.142 and Martlet: rules, each about one kind of answer.
 *
 * @module
 */
import { answers } from "./differences/answers.ts";
import { bodies } from "./differences/bodies.ts";
import { credentials } from "./differences/credentials.ts";
import { input } from "./differences/input.ts";
import { numbers } from "./differences/numbers.ts";
import { order } from "./differences/order.ts";
import { protocol } from "./differences/protocol.ts";
import type { Difference } from "./verdict.ts";

export const differences: readonly Difference[] = [
  ...numbers,
  ...input,
  ...bodies,
  ...answers,
  ...protocol,
  ...credentials,
  ...order,
];
