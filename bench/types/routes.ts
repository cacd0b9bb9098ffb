/**
 * The application that every framework is measured with, as data: modules of routes, each with its
 * own models, an authenticated user and two declared errors, and calls of a client.
 *
 * @module
 */

/** How large an application is made. */
export interface Size {
  readonly modules: number;
  /** Routes of each module. */
  readonly routes: number;
  /** Calls of the client. */
  readonly calls: number;
}

/** What a route does, which decides its parameters. */
type Kind = "list" | "read" | "create" | "update";

/** One route. */
export interface RouteShape {
  readonly module: number;
  readonly index: number;
  readonly kind: Kind;
}

/** Files to write: text by path. */
export type Files = Readonly<Record<string, string>>;

/** A framework, as the generator of the application and of its client. */
export interface Peer {
  readonly name: string;
  /** All files but the client's; `app.ts` is what the client looks at. */
  readonly app: (size: Size) => Files;
  /** The text of the client, which imports the application from `from`. */
  readonly client?: (size: Size, from: string) => string;
}

const kinds: readonly Kind[] = ["list", "read", "create", "update"];

/** The routes of an application, module by module. */
export function modulesOf({ modules, routes }: Size): readonly (readonly RouteShape[])[] {
  return Array.from({ length: modules }, (_module, module) =>
    Array.from({ length: routes }, (_route, index) => ({
      module,
      index,
      kind: kinds[index % kinds.length] as Kind,
    })),
  );
}

/** The routes that the client calls, spread over modules and kinds. */
export function callsOf({ modules, routes, calls }: Size): readonly RouteShape[] {
  return Array.from({ length: calls }, (_call, number) => {
    const index = number % routes;
    return { module: number % modules, index, kind: kinds[index % kinds.length] as Kind };
  });
}

/** How one framework writes the models' schemas that differ. */
export interface Spelling {
  /** An integer in a path or query: frameworks that do not decode text need `z.coerce`. */
  readonly int: string;
}

/** The path of a route inside its module, its placeholder as `{id}`. */
export function pathOf({ index, kind }: RouteShape): string {
  return kind === "read" || kind === "update" ? `/r${index}/{id}` : `/r${index}`;
}

/** The query parameters of a route, as the members of a record; none for most. */
export function queryOf({ kind }: RouteShape, { int }: Spelling): string | undefined {
  if (kind === "list") {
    return `limit: ${int}.min(1).max(100).default(20), offset: ${int}.min(0).default(0), search: z.string().optional()`;
  }
  return kind === "update" ? `reason: z.string().optional()` : undefined;
}

/** The path parameters of a route, as the members of a record; none for some. */
export function pathParametersOf({ kind }: RouteShape, { int }: Spelling): string | undefined {
  return kind === "read" || kind === "update" ? `id: ${int}` : undefined;
}

/** Whether a route has a body. */
export function hasBody({ kind }: RouteShape): boolean {
  return kind === "create" || kind === "update";
}

/** The name that only this route's models have. */
export function memberOf({ module, index }: RouteShape): string {
  return `name${module}x${index}`;
}

/** A value of the route's model. */
export function valueOf(route: RouteShape, id: string): string {
  return `{ id: ${id}, ${memberOf(route)}: user.name, price: 1, tags: ["new"], state: "live" as const }`;
}

/** The models of one module: what its routes take and give. */
function modelsOf(routes: readonly RouteShape[]): string {
  const lines = routes.flatMap((route) => {
    const own = `${memberOf(route)}: z.string().min(1).max(80), price: z.number().positive()`;
    const draft = `export const Draft${route.index} = z.object({ ${own}, tags: z.array(z.string()).default([]), state: z.enum(["draft", "live", "gone"]).default("draft"), note: z.string().optional() });`;
    const model = `export const Model${route.index} = z.object({ id: z.int(), ${own}, tags: z.array(z.string()), state: z.enum(["draft", "live", "gone"]), note: z.string().optional() });`;
    return hasBody(route) ? [draft, model] : [model];
  });
  return `import { z } from "zod";\n\n${lines.join("\n")}\n`;
}

/** The models of all modules, by path. */
export function modelFiles(size: Size): Files {
  const modules = modulesOf(size);
  return Object.fromEntries(
    modules.map((routes, module) => [`models/m${module}.ts`, modelsOf(routes)]),
  );
}

/** The members of a module's exports, one for each module: `m0, m1, …`. */
export function moduleNames({ modules }: Size): readonly string[] {
  return Array.from({ length: modules }, (_each, module) => `m${module}`);
}

/** The import of a module's models, as far as it uses them. */
export function modelImport(routes: readonly RouteShape[]): string {
  const names = routes.flatMap((route) =>
    hasBody(route) ? [`Draft${route.index}`, `Model${route.index}`] : [`Model${route.index}`],
  );
  return `import { ${names.join(", ")} } from "../models/m${routes[0]?.module}.ts";`;
}
