/**
 * The application in Martlet: a module's routes are its exports.
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

/** Martlet, from source and against declarations. */
export const martlet: Peer = { name: "Martlet", app, client };

function app(size: Size): Files {
  const modules = modulesOf(size).map((routes, module) => [
    `modules/m${module}.ts`,
    moduleOf(routes),
  ]);
  return {
    ...modelFiles(size),
    ...Object.fromEntries(modules),
    "auth.ts": auth,
    "app.ts": appOf(size),
  };
}

const auth = `import { dependency, Unauthorized } from "martlet";
import { bearer } from "martlet/auth";

export interface User {
  readonly name: string;
}

export const currentUser = dependency(
  { security: { token: bearer() }, throws: [Unauthorized] },
  ({ token }): User | InstanceType<typeof Unauthorized> =>
    token === "" ? new Unauthorized({}) : { name: token },
);
`;

function moduleOf(routes: readonly RouteShape[]): string {
  return `import { get, patch, post, problem } from "martlet";
import { z } from "zod";
import { currentUser } from "../auth.ts";
${modelImport(routes)}

const NotFound = problem(404, "not-found-${routes[0]?.module}", { id: z.int() });
const Conflict = problem(409, "conflict-${routes[0]?.module}", { reason: z.string() });

${routes.map(routeOf).join("\n")}`;
}

const spelling = { int: "z.int()" };
const verbs = { list: "get", read: "get", create: "post", update: "patch" } as const;

function routeOf(route: RouteShape): string {
  const { index, kind } = route;
  const path = pathParametersOf(route, spelling);
  const query = queryOf(route, spelling);
  const sections = [
    path && `path: { ${path} }`,
    query && `query: { ${query} }`,
    hasBody(route) && `body: Draft${index}`,
    "use: { user: currentUser }",
    `returns: ${kind === "list" ? `z.array(Model${index})` : `Model${index}`}`,
    "throws: [NotFound, Conflict]",
    kind === "create" && "status: 201",
  ].filter(Boolean);
  return `export const r${index} = ${verbs[kind]}("${pathOf(route)}", { ${sections.join(", ")} }, ${handlerOf(route)});
`;
}

function handlerOf(route: RouteShape): string {
  if (route.kind === "list") {
    return `({ limit, offset, search, user }) => {
  if (offset > 100) return new NotFound({ id: offset });
  if (search === "") return new Conflict({ reason: "empty" });
  return [${valueOf(route, "limit")}];
}`;
  }
  if (route.kind === "read") {
    return `({ id, user }) => {
  if (id === 0) return new NotFound({ id });
  if (id === 1) return new Conflict({ reason: "first" });
  return ${valueOf(route, "id")};
}`;
  }
  const names = route.kind === "update" ? "id, reason, body, user" : "body, user";
  const id = route.kind === "update" ? "id" : "7";
  return `async ({ ${names} }) => {
  if (body.price === 0) return new NotFound({ id: ${id} });
  if (${route.kind === "update" ? "reason" : "body.note"} === "") return new Conflict({ reason: "empty" });
  return { ...body, id: ${id}, ${memberOf(route)}: user.name };
}`;
}

function appOf(size: Size): string {
  const names = moduleNames(size);
  return `import { martlet, router } from "martlet";
${names.map((name) => `import * as ${name} from "./modules/${name}.ts";`).join("\n")}

export const app = martlet(
  {
${names.map((name) => `    ${name}: router("/${name}", ${name}),`).join("\n")}
  },
  { title: "Generated", version: "1.0.0" },
);
`;
}

function client(size: Size, from: string): string {
  return `import { client } from "martlet/client";
import type { app } from "${from}";

const api = client<typeof app>("http://localhost");

${callsOf(size).map(callOf).join("\n")}`;
}

function callOf(route: RouteShape, number: number): string {
  const data = route.kind === "list" ? "answer.data[0]?" : "answer.data";
  return `export async function call${number}(): Promise<string | number | undefined> {
  const answer = await api.m${route.module}.r${route.index}(${argumentsOf(route)});
  if (answer.ok) return ${data}.${memberOf(route)};
  if (answer.error.code === "not-found-${route.module}") return answer.error.id;
  return answer.error.code === "conflict-${route.module}" ? answer.error.reason : answer.error.title;
}
`;
}

function argumentsOf(route: RouteShape): string {
  if (route.kind === "list") return `{ limit: 5 }`;
  if (route.kind === "read") return `{ id: 7 }`;
  const body = `body: { ${memberOf(route)}: "name", price: 2 }`;
  return route.kind === "create" ? `{ ${body} }` : `{ id: 7, reason: "why", ${body} }`;
}
