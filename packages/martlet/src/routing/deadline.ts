/**
 * The deadline of answers: a handler that never returns holds no client for ever.
 *
 * @module
 */
import { Unavailable } from "../errors.ts";
import type { Answer } from "../http/answer.ts";
import { answerProblem, type ProblemFormat } from "../http/problem.ts";
import type { HttpRequest } from "../http/request.ts";
import type { Respond } from "./middleware.ts";

/**
 * Answers 503 when `respond` takes longer than `deadline` milliseconds; 0 is no deadline. The time in
 * which the client sends its body is the client's, and held to a rate by the server.
 */
export function withDeadline(respond: Respond, deadline: number, format: ProblemFormat): Respond {
  if (deadline <= 0) return respond;
  return (request) => {
    const answer = respond(request);
    return answer instanceof Promise ? race(answer, request, { deadline, format }) : answer;
  };
}

interface Limit {
  readonly deadline: number;
  readonly format: ProblemFormat;
}

function race(answer: Promise<Answer>, request: HttpRequest, limit: Limit): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let granted = 0;
    const expire = (): void => {
      const more = request.waited - granted;
      if (more > 0) {
        granted += more;
        timer = setTimeout(expire, more);
        return;
      }
      const late = new Unavailable({}, { detail: "The answer took too long." });
      request.abort(late);
      resolve(answerProblem(late, limit.format));
      // Whatever the handler still brings is not sent, but what it opened must be closed.
      void answer
        .then((unsent) => {
          unsent.cancel();
          request.upgrade?.abandon();
          return request.finish?.();
        })
        .catch(() => undefined);
    };
    let timer = setTimeout(expire, limit.deadline);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
