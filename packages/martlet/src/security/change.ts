/**
 * Changes of answers on their way out: what the middleware here has in common.
 *
 * @module
 */
import type { Answer, AnswerHeaders, MaybePromise } from "../index.ts";

/** Changes an answer once it is there; stays synchronous where it is. */
export function changed(
  answer: MaybePromise<Answer>,
  change: (answer: Answer) => Answer,
): MaybePromise<Answer> {
  return answer instanceof Promise ? answer.then(change) : change(answer);
}

/** The answer with headers that it does not have yet. */
export function withMissing(answer: Answer, headers: AnswerHeaders): Answer {
  const missing = Object.entries(headers).filter(([name]) => !Object.hasOwn(answer.headers, name));
  return missing.length === 0 ? answer : answer.with(Object.fromEntries(missing));
}
