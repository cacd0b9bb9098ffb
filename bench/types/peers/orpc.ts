/**
 * The application in oRPC: procedures with REST routes, typed errors, and its router client.
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

/** oRPC with a record of procedures for each module. */
export const orpc: Peer = { name: "oRPC", app, client };

function app(size: Size): Files {
  const names = moduleNames(size);
  const modules = modulesOf(size).map((routes, module) => [
    `modules/m${module}.ts`,
    moduleOf(routes),
  ]);
  return {
    ...modelFiles(size),
    ...Object.fromEntries(modules),
    "auth.ts": auth,
    "app.ts": `${names.map((name) => `import * as ${name} from "./modules/${name}.ts";`).join("\n")}

export const app = { ${names.join(", ")} };
`,
  };
}

const auth = `import { os } from "@orpc/server";

export interface User {
  readonly name: string;
}

export const authed = os
  .$context<{ readonly token: string | undefined }>()
  .errors({ UNAUTHORIZED: {} })
  .use(({ context, errors, next }) => {
    if (context.token === undefined) throw errors.UNAUTHORIZED();
    const user: User = { name: context.token };
    return next({ context: { user } });
  });
`;

function moduleOf(routes: readonly RouteShape[]): string {
  return `import { z } from "zod";
import { authed } from "../auth.ts";
${modelImport(routes)}

const NotFound = z.object({ id: z.int() });
const Conflict = z.object({ reason: z.string() });

${routes.map(routeOf).join("\n")}`;
}

const spelling = { int: "z.coerce.number().int()" };
const verbs = { list: "GET", read: "GET", create: "POST", update: "PATCH" } as const;

function routeOf(route: RouteShape): string {
  const { index, kind, module } = route;
  const path = pathParametersOf(route, spelling);
  const query = queryOf(route, spelling);
  const input = [
    path && `params: z.object({ ${path} })`,
    query && `query: z.object({ ${query} })`,
    hasBody(route) && `body: Draft${index}`,
  ].filter(Boolean);
  return `export const r${index} = authed
  .route({ method: "${verbs[kind]}", path: "/m${module}${pathOf(route)}", inputStructure: "detailed"${kind === "create" ? ", successStatus: 201" : ""} })
  .input(z.object({ ${input.join(", ")} }))
  .output(${kind === "list" ? `z.array(Model${index})` : `Model${index}`})
  .errors({ NOT_FOUND: { data: NotFound }, CONFLICT: { data: Conflict } })
  .handler(${handlerOf(route)});
`;
}

const notFound = (id: string): string => `errors.NOT_FOUND({ data: { id: ${id} } })`;

function handlerOf(route: RouteShape): string {
  const conflict = `errors.CONFLICT({ data: { reason: "no" } })`;
  const head = "const user = context.user;";
  if (route.kind === "list") {
    return `async ({ input: { query: { limit, offset, search } }, context, errors }) => {
    ${head}
    if (offset > 100) throw ${notFound("offset")};
    if (search === "") throw ${conflict};
    return [${valueOf(route, "limit")}];
  }`;
  }
  if (route.kind === "read") {
    return `async ({ input: { params: { id } }, context, errors }) => {
    ${head}
    if (id === 0) throw ${notFound("id")};
    if (id === 1) throw ${conflict};
    return ${valueOf(route, "id")};
  }`;
  }
  const isUpdate = route.kind === "update";
  const input = isUpdate ? "{ params: { id }, query: { reason }, body }" : "{ body }";
  const id = isUpdate ? "id" : "7";
  return `async ({ input: ${input}, context, errors }) => {
    ${head}
    if (body.price === 0) throw ${notFound(id)};
    if (${isUpdate ? "reason" : "body.note"} === "") throw ${conflict};
    return { ...body, id: ${id}, ${memberOf(route)}: user.name };
  }`;
}

function client(size: Size, from: string): string {
  return `import { isDefinedError, safe } from "@orpc/client";
import type { RouterClient } from "@orpc/server";
import type { app } from "${from}";

declare const api: RouterClient<typeof app>;

${callsOf(size).map(callOf).join("\n")}`;
}

function callOf(route: RouteShape, number: number): string {
  const data = route.kind === "list" ? "answer.data[0]?" : "answer.data";
  return `export async function call${number}(): Promise<string | number | undefined> {
  const answer = await safe(api.m${route.module}.r${route.index}(${argumentsOf(route)}));
  if (answer.isSuccess) return ${data}.${memberOf(route)};
  if (!isDefinedError(answer.error)) return answer.error.message;
  if (answer.error.code === "NOT_FOUND") return answer.error.data.id;
  return answer.error.code === "CONFLICT" ? answer.error.data.reason : answer.error.message;
}
`;
}

function argumentsOf(route: RouteShape): string {
  if (route.kind === "list") return `{ query: { limit: 5 } }`;
  if (route.kind === "read") return `{ params: { id: 7 } }`;
  const body = `body: { ${memberOf(route)}: "name", price: 2 }`;
  return route.kind === "create"
    ? `{ ${body} }`
    : `{ params: { id: 7 }, query: { reason: "why" }, ${body} }`;
}
