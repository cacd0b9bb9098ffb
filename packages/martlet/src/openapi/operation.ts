/**
 * One operation of the document: what its plan's parameters tell, its outcomes and its problems.
 *
 * @module
 */
import type { Codec } from "../http/codec.ts";
import type { ProblemFormat } from "../http/problem.ts";
import type { Plan } from "../plan.ts";
import type { PlacedRoute } from "../routing/router.ts";
import { isSchema, takesUndefined } from "../schema.ts";
import type { Components } from "./components.ts";
import type {
  Content,
  FormField,
  JsonSchema,
  Operation,
  OperationObject,
  ParameterObject,
  SecurityRequirement,
} from "./document.ts";
import { problems, successes } from "./responses.ts";

/** What the operations of one document share. */
export interface OperationContext {
  readonly components: Components;
  readonly format: ProblemFormat;
  readonly codecs: readonly Codec[];
}

/** Writes the operation of a route. */
export function describeRoute(
  route: PlacedRoute,
  plan: Plan,
  context: OperationContext,
): OperationObject {
  const { options } = route.data;
  const writer = new OperationWriter(context.components);
  plan.describe(writer);
  const tags = tagsOf(route);
  const deprecated = options.deprecated ?? route.routers.some((each) => each.options.deprecated);
  const responses = {
    ...successes(route.data.outcomes, {
      schema: (model) => context.components.schema(model, "output"),
      codecs: context.codecs,
    }),
    ...problems(plan, { ...context, needsCredentials: writer.needsCredentials }),
  };
  return {
    operationId: operationIdOf(route),
    summary: options.summary ?? sentence(route.names.at(-1) ?? ""),
    ...(options.description !== undefined && { description: options.description }),
    ...(tags.length > 0 && { tags }),
    ...(deprecated && { deprecated: true }),
    ...(options.operationId !== undefined && { "x-martlet-name": route.names.join(".") }),
    ...writer.parts(),
    responses: route.method === "HEAD" ? withoutContent(responses) : responses,
  };
}

/** What answers HEAD has no body, whatever happens. */
function withoutContent(responses: OperationObject["responses"]): OperationObject["responses"] {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { content: _content, ...rest }]) => [status, rest]),
  );
}

/** The operationId of a route: its place in the routers, unless it has one of its own. */
export function operationIdOf(route: PlacedRoute): string {
  return route.data.options.operationId ?? route.names.join(".");
}

/** The tags of the routers and of the route; without any, what the nearest router is called. */
function tagsOf({ routers, data, names }: PlacedRoute): string[] {
  const inherited = routers.flatMap((each) => each.options.tags ?? []);
  const tags = new Set([...inherited, ...(data.options.tags ?? [])]);
  return tags.size > 0 ? [...tags] : names.slice(-2, -1);
}

/** `"listArticles"` gives `"List articles"`. */
function sentence(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

/** The order in which parameters are told. */
const places: readonly ParameterObject["in"][] = ["path", "query", "header", "cookie"];

interface RequestBody {
  required: boolean;
  content: Content;
}

/** What the parameters of a plan write to. */
class OperationWriter implements Operation {
  readonly #components: Components;
  readonly #parameters = new Map<string, ParameterObject>();
  readonly #fields = new Map<string, FormField>();
  readonly #needed: SecurityRequirement[] = [];
  readonly #optional: SecurityRequirement[] = [];
  #body: RequestBody | undefined;

  constructor(components: Components) {
    this.#components = components;
  }

  get needsCredentials(): boolean {
    return this.#needed.length > 0;
  }

  parameter(
    place: ParameterObject["in"],
    name: string,
    schema: unknown,
    { required = isNeeded(schema) }: { readonly required?: boolean } = {},
  ): void {
    const told = this.#components.schema(schema, "input");
    const { description, deprecated, examples } = this.#components.annotations(told);
    const { description: _description, deprecated: _deprecated, ...json } = told;
    this.#parameters.set(`${place} ${name}`, {
      name,
      in: place,
      required,
      ...(typeof description === "string" && { description }),
      ...(deprecated === true && { deprecated }),
      ...(Array.isArray(examples) && examples.length > 0 && { example: examples[0] as unknown }),
      schema: json,
    });
  }

  body(mediaType: string, schema: unknown): void {
    const told = { schema: this.#components.schema(schema, "input") };
    this.#body = {
      required: (this.#body?.required ?? true) && isNeeded(schema),
      content: { ...this.#body?.content, [mediaType]: told },
    };
  }

  field(name: string, field: FormField): void {
    this.#fields.set(name, field);
  }

  credential(...[name, scheme, { scopes, optional }]: Parameters<Operation["credential"]>): void {
    const key = this.#components.securityScheme(name, scheme);
    (optional ? this.#optional : this.#needed).push({ [key]: [...scopes] });
  }

  parts(): Pick<OperationObject, "parameters" | "requestBody" | "security"> {
    const body = this.#body ?? this.#form();
    const security = this.#requirements();
    const parameters = [...this.#parameters.values()].toSorted(
      (a, b) => places.indexOf(a.in) - places.indexOf(b.in),
    );
    return {
      ...(parameters.length > 0 && { parameters }),
      ...(body && { requestBody: body }),
      ...(security.length > 0 && { security }),
    };
  }

  /** What is needed goes together; each optional credential may be added, and none has to be. */
  #requirements(): SecurityRequirement[] {
    const least = mergeScopes(this.#needed);
    const optional = this.#optional.map((each) => mergeScopes([...this.#needed, each]));
    const all = [...optional, ...(this.#optional.length + this.#needed.length > 0 ? [least] : [])];
    return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
  }

  #form(): RequestBody | undefined {
    if (this.#fields.size === 0) return undefined;
    const properties: Record<string, JsonSchema> = {};
    const encoding: Record<string, { contentType: string }> = {};
    const required: string[] = [];
    for (const [name, { schema, file }] of this.#fields) {
      properties[name] = file ? fileSchema(file) : this.#components.schema(schema, "input");
      if (file && file.types.length > 0) encoding[name] = { contentType: file.types.join(", ") };
      if (file ? !file.optional : isNeeded(schema)) required.push(name);
    }
    const hasFiles = [...this.#fields.values()].some((each) => each.file !== undefined);
    const type = hasFiles ? "multipart/form-data" : "application/x-www-form-urlencoded";
    const schema = { type: "object", properties, ...(required.length > 0 && { required }) };
    const content = { schema, ...(Object.keys(encoding).length > 0 && { encoding }) };
    return { required: required.length > 0, content: { [type]: content } };
  }
}

function isNeeded(schema: unknown): boolean {
  return isSchema(schema) && !takesUndefined(schema);
}

/** A file, as code generators (`format`) and OpenAPI 3.1 (`contentMediaType`) tell one. */
function fileSchema(file: NonNullable<FormField["file"]>): JsonSchema {
  const { many, types, optional, maxSize, maxCount } = file;
  const [only = "application/octet-stream"] = types.length === 1 ? types : [];
  const one = {
    type: "string",
    format: "binary",
    contentMediaType: only.includes("*") ? "application/octet-stream" : only,
    ...(maxSize !== undefined && { maxLength: maxSize }),
  };
  if (!many) return one;
  return {
    type: "array",
    items: one,
    ...(!optional && { minItems: 1 }),
    ...(maxCount !== undefined && { maxItems: maxCount }),
  };
}

/** One requirement with the scopes of all. */
function mergeScopes(requirements: readonly SecurityRequirement[]): SecurityRequirement {
  const merged: SecurityRequirement = {};
  for (const [name, scopes] of requirements.flatMap((each) => Object.entries(each))) {
    merged[name] = [...new Set([...(merged[name] ?? []), ...scopes])];
  }
  return merged;
}
