/**
 * Responses: what came back, as the answer of a call.
 *
 * @module
 */
import type { Failure, Success } from "./answer.ts";
import type { ProblemBody } from "./problem.ts";

/** An answer whose types are no longer of interest. */
export type AnyAnswer = Success<number, unknown> | Failure<ProblemBody<number, string>>;

/** Makes a failure of a problem that the client itself tells of. */
export function failure(
  status: number,
  code: string,
  more: Readonly<Record<string, unknown>>,
  headers: Headers = new Headers(),
): AnyAnswer {
  const error = {
    type: `/problems/${code}`,
    title: `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll("-", " ")}`,
    status,
    code,
    ...more,
  };
  return { ok: false, status, error, headers };
}

/** Reads a response to its end; one that comes item by item is for the caller to read. */
export async function answerOf(response: Response): Promise<AnyAnswer> {
  const { status, headers } = response;
  const body = await bodyOf(response);
  if (status < 400 && !(body instanceof Unreadable)) {
    return { ok: true, status, data: body, headers };
  }
  if (isProblem(body, headers)) {
    return { ok: false, status, error: body, headers };
  }
  const told = body instanceof Unreadable ? body.text : body;
  return failure(status, "unexpected-answer", { body: told }, headers);
}

/** What says that it is JSON and is not. */
class Unreadable {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.body === null) return undefined;
  const type = mediaTypeOf(response.headers);
  if (response.ok && /^(?:application\/jsonl|text\/event-stream)$/.test(type)) {
    // Only those who stream load what it takes.
    const { eventsOf, itemsOf } = await import("./stream.ts");
    return (type === "text/event-stream" ? eventsOf : itemsOf)(response.body);
  }
  const isJson = /[/+]json$/.test(type);
  if (type !== "" && !isJson && !type.startsWith("text/")) return response.blob();
  const text = await response.text();
  if (text === "" && !type.startsWith("text/")) return undefined;
  if (!isJson) return text;
  try {
    return JSON.parse(text);
  } catch {
    return new Unreadable(text);
  }
}

function mediaTypeOf(headers: Headers): string {
  return (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function isProblem(body: unknown, headers: Headers): body is ProblemBody<number, string> {
  return (
    mediaTypeOf(headers) === "application/problem+json" &&
    typeof body === "object" &&
    body !== null &&
    "code" in body
  );
}
