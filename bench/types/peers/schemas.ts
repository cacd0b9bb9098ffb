/**
 * The schemas alone, and plain functions over what they take and give: what every framework's
 * application costs before it has a route. TypeScript looks into a schema only when its types are
 * used, hence the functions.
 *
 * @module
 */
import {
  type Files,
  hasBody,
  memberOf,
  modelFiles,
  modelImport,
  modulesOf,
  pathParametersOf,
  type Peer,
  queryOf,
  type RouteShape,
  type Size,
  valueOf,
} from "../routes.ts";

/** The models and parameters of an application, without the application. */
export const schemas: Peer = { name: "schemas only", app };

function app(size: Size): Files {
  const modules = modulesOf(size).map((routes, module) => [
    `functions/m${module}.ts`,
    `import { z } from "zod";
${modelImport(routes)}

export const NotFound = z.object({ id: z.int() });
export const Conflict = z.object({ reason: z.string() });

${routes.map(functionOf).join("\n")}`,
  ]);
  return {
    ...modelFiles(size),
    ...Object.fromEntries(modules),
    "app.ts": `${modules.map(([path]) => `import "./${path}";`).join("\n")}\n`,
  };
}

const spelling = { int: "z.int()" };

function functionOf(route: RouteShape): string {
  const { index, kind } = route;
  const members = [pathParametersOf(route, spelling), queryOf(route, spelling)].filter(Boolean);
  const parameters = `Parameters${index}`;
  const takes = [
    members.length > 0 && `parameters: z.output<typeof ${parameters}>`,
    hasBody(route) && `body: z.output<typeof Draft${index}>`,
    "user: { readonly name: string }",
  ].filter(Boolean);
  const id = kind === "list" ? "parameters.limit" : kind === "create" ? "7" : "parameters.id";
  const value = hasBody(route)
    ? `{ ...body, id: ${id}, ${memberOf(route)}: user.name }`
    : valueOf(route, id);
  const model = `z.input<typeof Model${index}>`;
  const declared =
    members.length > 0 ? `const ${parameters} = z.object({ ${members.join(", ")} });\n` : "";
  return `${declared}export function r${index}(${takes.join(", ")}): ${model}${kind === "list" ? "[]" : ""} {
  return ${kind === "list" ? `[${value}]` : value};
}
`;
}
