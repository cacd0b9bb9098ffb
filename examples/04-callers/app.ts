/**
 * Credentials become a caller before anything else is looked at; scopes say what a caller may do.
 *
 * @module
 */
import { dependency, Forbidden, get, martlet, post, scopes } from "martlet";
import { apiKey } from "martlet/auth";
import { z } from "zod";

interface Caller {
  readonly name: string;
  readonly scopes: readonly string[];
}

/** Who has which key. In an application that is a table, and the keys are hashed. */
const keys = dependency(
  { scope: "app" },
  (): ReadonlyMap<string, Caller> =>
    new Map([
      ["key-of-ann", { name: "ann", scopes: ["notes:read", "notes:write"] }],
      ["key-of-bob", { name: "bob", scopes: ["notes:read"] }],
    ]),
);

const credential = apiKey({ header: "x-api-key" });

/** The caller. A stranger is 401, and a caller without a scope that is asked for is 403. */
const caller = dependency(
  {
    security: { key: credential },
    use: { keys, needed: scopes },
    throws: [Forbidden],
  },
  ({ key, keys, needed }) => {
    const found = keys.get(key);
    if (found === undefined) return credential.refuse();
    return needed.every((each) => found.scopes.includes(each)) ? found : new Forbidden();
  },
);

const me = get(
  "/me",
  { use: { caller }, returns: z.object({ name: z.string() }) },
  ({ caller }) => caller,
);

const write = post(
  "/notes",
  {
    body: z.object({ text: z.string().min(1) }),
    use: { caller: caller.scopes("notes:write") },
    returns: z.object({ text: z.string(), by: z.string() }),
    status: 201,
  },
  ({ body, caller }) => ({ text: body.text, by: caller.name }),
);

/** The application. */
export const app = martlet({ me, write });
