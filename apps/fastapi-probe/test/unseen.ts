/**
 * Answers that no kept case has, for the rules that would stand idle without them.
 *
 * @module
 */
import type { Answered, Case } from "../src/cases.ts";

/** A made-up case, and what Martlet answers to it. */
export interface Unseen {
  readonly one: Case;
  readonly actual: Answered;
}

const headers = { "content-type": "application/json" };
const success = (json: unknown): Answered => ({ status: 200, headers, json });
const refused = (status: number, detail: unknown): Answered => ({
  status,
  headers,
  json: { detail },
});
const issue = (type: string, ...loc: readonly string[]): Answered => refused(422, [{ type, loc }]);

interface Sent {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: string;
  readonly json?: unknown;
}

function sent(
  feature: string,
  { path = "/", headers = {}, form, json }: Sent,
  expect: Answered,
): Case {
  const bodyKind = form !== undefined ? "form" : json !== undefined ? "json" : "none";
  const method = bodyKind === "none" ? "GET" : "POST";
  const body = { bodyKind, body: form ?? json ?? null } as const;
  const name = `made/${feature}`;
  return { id: name, example: name, request: { method, path, headers, ...body }, expect };
}

const authorization = (value: string): Sent => ({ headers: { authorization: value } });

export const unseen: readonly Unseen[] = [
  {
    one: sent("q-union", { path: "/q/union?v=1" }, success({ v: "1", t: "str" })),
    actual: success({ v: 1, t: "int" }),
  },
  {
    one: sent("b-types", { json: { b: 2 } }, issue("bool_parsing", "body", "b")),
    actual: issue("bool_type", "body", "b"),
  },
  {
    one: sent("path-str", { path: "/path/str/%ff" }, success({ v: "\uFFFD" })),
    actual: refused(400, "The path is not percent-encoded UTF-8."),
  },
  {
    one: sent("c-one", { headers: { cookie: "a=%20x" } }, success({ v: "%20x" })),
    actual: success({ v: " x" }),
  },
  {
    one: sent("f-model", { form: "a=" }, issue("int_parsing", "body", "a")),
    actual: issue("missing", "body", "a"),
  },
  {
    one: sent("d-order", { path: "/d/log" }, success(["key-ok", "key-ok"])),
    actual: success(["key-ok"]),
  },
  {
    one: sent("s-oauth", authorization("Bearer"), success({ t: "" })),
    actual: refused(401, "Credentials are needed."),
  },
  {
    one: sent("s-oidc", authorization("Whatever x"), success("Whatever x")),
    actual: refused(401, "Credentials are needed."),
  },
  {
    one: sent("s-basic", authorization("basic w7w6w6k="), refused(401, "Not authenticated")),
    actual: success({ username: "ü", password: "é" }),
  },
];
