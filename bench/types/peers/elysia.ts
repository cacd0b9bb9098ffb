/**
 * The application in Elysia: a plugin for each module or one chain, and the `treaty` client.
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

/** Elysia with a plugin for each module. */
export const elysia: Peer = { name: "Elysia", app, client };

/** Elysia with one chain for everything. */
export const elysiaChain: Peer = { name: "Elysia, one chain", app: chained, client };

function app(size: Size): Files {
  const names = moduleNames(size);
  const modules = modulesOf(size).map((routes, module) => [
    `modules/m${module}.ts`,
    `${libraries("../auth.ts")}
${modelImport(routes)}

${errorsOf(module)}
export const m${module} = new Elysia({ prefix: "/m${module}" })
  .use(auth)${routes.map((route) => routeOf(route, "")).join("")};
`,
  ]);
  return {
    ...modelFiles(size),
    ...Object.fromEntries(modules),
    "auth.ts": auth,
    "app.ts": `import { Elysia } from "elysia";
${names.map((name) => `import { ${name} } from "./modules/${name}.ts";`).join("\n")}

export const app = new Elysia()${names.map((name) => `\n  .use(${name})`).join("")};
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

${modules.map((_each, module) => errorsOf(module)).join("")}
export const app = new Elysia()
  .use(auth)${routes.join("")};
`,
  };
}

const auth = `import { Elysia } from "elysia";

export interface User {
  readonly name: string;
}

export const auth = new Elysia({ name: "auth" }).macro({
  auth: {
    resolve({ headers, status }) {
      const token = headers.authorization;
      if (token === undefined) return status(401, { code: "unauthorized" as const });
      const user: User = { name: token };
      return { user };
    },
  },
});
`;

function libraries(from: string): string {
  return `import { Elysia } from "elysia";
import { z } from "zod";
import { auth } from "${from}";`;
}

function errorsOf(module: number): string {
  return `const NotFound${module} = z.object({ code: z.literal("not-found-${module}"), id: z.int() });
const Conflict${module} = z.object({ code: z.literal("conflict-${module}"), reason: z.string() });
`;
}

const spelling = { int: "z.coerce.number().int()" };
const verbs = { list: "get", read: "get", create: "post", update: "patch" } as const;

/** A link of the chain; a prefix means that the models of all modules are at hand. */
function routeOf(route: RouteShape, prefix: string): string {
  const { index, kind, module } = route;
  const path = pathParametersOf(route, spelling);
  const query = queryOf(route, spelling);
  const models = prefix === "" ? "" : `models${module}.`;
  const model = `${models}Model${index}`;
  const options = [
    "auth: true",
    path && `params: z.object({ ${path} })`,
    query && `query: z.object({ ${query} })`,
    hasBody(route) && `body: ${models}Draft${index}`,
    `response: { ${kind === "create" ? 201 : 200}: ${kind === "list" ? `z.array(${model})` : model}, 404: NotFound${module}, 409: Conflict${module} }`,
  ].filter(Boolean);
  return `
  .${verbs[kind]}("${prefix}${pathOf(route).replace("{id}", ":id")}", ${handlerOf(route)}, { ${options.join(", ")} })`;
}

function handlerOf(route: RouteShape): string {
  const { kind, module } = route;
  const notFound = (id: string): string =>
    `status(404, { code: "not-found-${module}", id: ${id} })`;
  const conflict = `status(409, { code: "conflict-${module}", reason: "no" })`;
  if (kind === "list") {
    return `({ query: { limit, offset, search }, user, status }) => {
    if (offset > 100) return ${notFound("offset")};
    if (search === "") return ${conflict};
    return [${valueOf(route, "limit")}];
  }`;
  }
  if (kind === "read") {
    return `({ params: { id }, user, status }) => {
    if (id === 0) return ${notFound("id")};
    if (id === 1) return ${conflict};
    return ${valueOf(route, "id")};
  }`;
  }
  const names =
    kind === "update"
      ? "params: { id }, query: { reason }, body, user, status"
      : "body, user, status";
  const id = kind === "update" ? "id" : "7";
  const value = `{ ...body, id: ${id}, ${memberOf(route)}: user.name }`;
  return `async ({ ${names} }) => {
    if (body.price === 0) return ${notFound(id)};
    if (${kind === "update" ? "reason" : "body.note"} === "") return ${conflict};
    return ${kind === "create" ? `status(201, ${value})` : value};
  }`;
}

function client(size: Size, from: string): string {
  return `import { treaty } from "@elysiajs/eden";
import type { app } from "${from}";

const api = treaty<typeof app>("http://localhost");

${callsOf(size).map(callOf).join("\n")}`;
}

function callOf(route: RouteShape, number: number): string {
  const { index, kind, module } = route;
  const member = kind === "read" || kind === "update" ? `r${index}({ id: 7 })` : `r${index}`;
  const data = kind === "list" ? "answer.data[0]?" : "answer.data";
  return `export async function call${number}(): Promise<string | number | undefined> {
  const answer = await api.m${module}.${member}.${verbs[kind]}(${argumentsOf(route)});
  if (answer.data !== null) return ${data}.${memberOf(route)};
  if (answer.error.status === 404) return answer.error.value.id;
  return answer.error.status === 409 ? answer.error.value.reason : answer.status;
}
`;
}

/** Defaults are not optional to `treaty`: it takes what the handler gets. */
function argumentsOf(route: RouteShape): string {
  if (route.kind === "list") return `{ query: { limit: 5, offset: 0 } }`;
  if (route.kind === "read") return "";
  const body = `{ ${memberOf(route)}: "name", price: 2, tags: [], state: "draft" }`;
  return route.kind === "create" ? body : `${body}, { query: { reason: "why" } }`;
}
