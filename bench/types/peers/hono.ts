/**
 * The application in Hono: chained routes, `@hono/zod-validator`, and its `hc` client. Hono has no
 * response models; its typed errors are the statuses that a handler answers with.
 *
 * @module
 */
import {
  callsOf,
  type Files,
  hasBody,
  memberOf,
  modelFiles,
  modelImport,
  moduleNames,
  modulesOf,
  pathOf,
  pathParametersOf,
  type Peer,
  queryOf,
  type RouteShape,
  type Size,
  valueOf,
} from "../routes.ts";

/** Hono with a chain for each module. */
export const hono: Peer = { name: "Hono", app, client };

/** Hono with one chain for everything. */
export const honoChain: Peer = { name: "Hono, one chain", app: chained, client };

function app(size: Size): Files {
  const names = moduleNames(size);
  const modules = modulesOf(size).map((routes, module) => [
    `modules/m${module}.ts`,
    `${imports(routes)}
export const m${module} = new Hono()${routes.map((route) => routeOf(route, "")).join("")};
`,
  ]);
  return {
    ...modelFiles(size),
    ...Object.fromEntries(modules),
    "auth.ts": auth,
    "app.ts": `import { Hono } from "hono";
${names.map((name) => `import { ${name} } from "./modules/${name}.ts";`).join("\n")}

export const app = new Hono()${names.map((name) => `\n  .route("/${name}", ${name})`).join("")};
`,
  };
}

function chained(size: Size): Files {
  const modules = modulesOf(size);
  const routes = modules.flatMap((each) =>
    each.map((route) => routeOf(route, `/m${route.module}`)),
  );
  return {
    ...modelFiles(size),
    "auth.ts": auth,
    "app.ts": `${libraries("./auth.ts")}
${modules.map((_each, module) => `import * as models${module} from "./models/m${module}.ts";`).join("\n")}

export const app = new Hono()${routes.join("").replaceAll(/\b(?<model>Model|Draft)(?<index>\d+)@(?<module>\d+)/g, "models$<module>.$<model>$<index>")};
`,
  };
}

const auth = `import { createMiddleware } from "hono/factory";

export interface User {
  readonly name: string;
}

export const auth = createMiddleware<{ Variables: { user: User } }>(async (context, next) => {
  const token = context.req.header("authorization");
  if (token === undefined) return context.json({ code: "unauthorized" }, 401);
  context.set("user", { name: token });
  await next();
  return undefined;
});
`;

function libraries(from: string): string {
  return `import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import { auth } from "${from}";`;
}

function imports(routes: readonly RouteShape[]): string {
  // Without response models, only the drafts are used.
  return `${libraries("../auth.ts")}\n${modelImport(routes.filter(hasBody)).replaceAll(/, Model\d+/g, "")}\n`;
}

const spelling = { int: "z.coerce.number().int()" };
const verbs = { list: "get", read: "get", create: "post", update: "patch" } as const;

/** A link of the chain; a prefix means that the models of all modules are at hand. */
function routeOf(route: RouteShape, prefix: string): string {
  const { index, kind, module } = route;
  const path = pathParametersOf(route, spelling);
  const query = queryOf(route, spelling);
  const draft = prefix === "" ? `Draft${index}` : `Draft${index}@${module}`;
  const validators = [
    path && `zValidator("param", z.object({ ${path} }))`,
    query && `zValidator("query", z.object({ ${query} }))`,
    hasBody(route) && `zValidator("json", ${draft})`,
  ].filter(Boolean);
  return `
  .${verbs[kind]}("${prefix}${pathOf(route).replace("{id}", ":id")}", auth, ${validators.join(", ")}${validators.length > 0 ? ", " : ""}(context) => {
    const user = context.get("user");
${handlerOf(route)}
  })`;
}

function handlerOf(route: RouteShape): string {
  const { kind, module } = route;
  const notFound = (id: string): string =>
    `context.json({ code: "not-found-${module}" as const, id: ${id} }, 404)`;
  const conflict = `context.json({ code: "conflict-${module}" as const, reason: "no" }, 409)`;
  if (kind === "list") {
    return `    const { limit, offset, search } = context.req.valid("query");
    if (offset > 100) return ${notFound("offset")};
    if (search === "") return ${conflict};
    return context.json([${valueOf(route, "limit")}], 200);`;
  }
  if (kind === "read") {
    return `    const { id } = context.req.valid("param");
    if (id === 0) return ${notFound("id")};
    if (id === 1) return ${conflict};
    return context.json(${valueOf(route, "id")}, 200);`;
  }
  const id = kind === "update" ? "id" : "7";
  const parameters =
    kind === "update"
      ? `    const { id } = context.req.valid("param");\n    const { reason } = context.req.valid("query");\n`
      : "";
  return `${parameters}    const body = context.req.valid("json");
    if (body.price === 0) return ${notFound(id)};
    if (${kind === "update" ? "reason" : "body.note"} === "") return ${conflict};
    return context.json({ ...body, id: ${id}, ${memberOf(route)}: user.name }, ${kind === "create" ? 201 : 200});`;
}

function client(size: Size, from: string): string {
  return `import { hc } from "hono/client";
import type { app } from "${from}";

const api = hc<typeof app>("http://localhost");

${callsOf(size).map(callOf).join("\n")}`;
}

function callOf(route: RouteShape, number: number): string {
  const { index, kind, module } = route;
  const member = kind === "read" || kind === "update" ? `r${index}[":id"]` : `r${index}`;
  const data = kind === "list" ? "(await answer.json())[0]?" : "(await answer.json())";
  return `export async function call${number}(): Promise<string | number | undefined> {
  const answer = await api.m${module}.${member}.$${verbs[kind]}(${argumentsOf(route)});
  if (answer.status === ${kind === "create" ? 201 : 200}) return ${data}.${memberOf(route)};
  if (answer.status === 404) return (await answer.json()).id;
  return answer.status === 409 ? (await answer.json()).reason : answer.statusText;
}
`;
}

function argumentsOf(route: RouteShape): string {
  if (route.kind === "list") return `{ query: { limit: "5" } }`;
  if (route.kind === "read") return `{ param: { id: "7" } }`;
  const body = `json: { ${memberOf(route)}: "name", price: 2 }`;
  return route.kind === "create"
    ? `{ ${body} }`
    : `{ param: { id: "7" }, query: { reason: "why" }, ${body} }`;
}
