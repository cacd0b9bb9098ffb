/**
 * One operation of the document: what its plan's parameters tell, its outcomes and its problems.
 *
 * @module
 */
import { type AnyProblem, InvalidInput } from "../errors.ts";
import { ContentTooLarge, MalformedBody, Unauthorized, UnsupportedMediaType } from "../errors.ts";
import { invalidInputExtension, type ProblemFormat } from "../http/problem.ts";
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

/** What the operations of one document share. */
export interface OperationContext {
  readonly components: Components;
  readonly format: ProblemFormat;
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
  const tags = [
    ...new Set([
      ...route.routers.flatMap((each) => each.options.tags ?? []),
      ...(options.tags ?? []),
    ]),
  ];
  const deprecated = options.deprecated ?? route.routers.some((each) => each.options.deprecated);
  const owner = route.names.length > 1 ? [route.names[0] as string] : [];
  return {
    operationId: operationIdOf(route),
    summary: options.summary ?? sentence(route.names.at(-1) ?? ""),
    ...(options.description !== undefined && { description: options.description }),
    ...((tags.length > 0 || owner.length > 0) && { tags: tags.length > 0 ? tags : owner }),
    ...(deprecated && { deprecated: true }),
    ...writer.parts(),
    responses: { ...successes(route, context), ...problems(plan, context) },
  };
}

/** The operationId of a route: its place in the routers, unless it has one of its own. */
export function operationIdOf(route: PlacedRoute): string {
  return route.data.options.operationId ?? route.names.join(".");
}

/** `"listArticles"` gives `"List articles"`. */
function sentence(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

/** What the parameters of a plan write to. */
class OperationWriter implements Operation {
  readonly #components: Components;
  readonly #parameters = new Map<string, ParameterObject>();
  readonly #fields = new Map<string, FormField>();
  readonly #security: { readonly requirement: SecurityRequirement; readonly optional: boolean }[] =
    [];
  #body: { required: boolean; content: Content } | undefined;

  constructor(components: Components) {
    this.#components = components;
  }

  parameter(
    place: ParameterObject["in"],
    name: string,
    schema: unknown,
    {
      required = isSchema(schema) && !takesUndefined(schema),
    }: { readonly required?: boolean } = {},
  ): void {
    const { description, deprecated, ...json } = this.#components.schema(schema, "input");
    this.#parameters.set(`${place} ${name}`, {
      name,
      in: place,
      required,
      ...(typeof description === "string" && { description }),
      ...(deprecated === true && { deprecated }),
      schema: json,
    });
  }

  body(mediaType: string, schema: unknown): void {
    this.#body = {
      required: isSchema(schema) && !takesUndefined(schema),
      content: { [mediaType]: { schema: this.#components.schema(schema, "input") } },
    };
  }

  field(name: string, field: FormField): void {
    this.#fields.set(name, field);
  }

  credential(...[name, scheme, { scopes, optional }]: Parameters<Operation["credential"]>): void {
    const key = this.#components.securityScheme(name, scheme);
    this.#security.push({ requirement: { [key]: [...scopes] }, optional });
  }

  parts(): Pick<OperationObject, "parameters" | "requestBody" | "security"> {
    const body = this.#body ?? this.#form();
    const security = this.#requirements();
    return {
      ...(this.#parameters.size > 0 && { parameters: [...this.#parameters.values()] }),
      ...(body && { requestBody: body }),
      ...(security.length > 0 && { security }),
    };
  }

  /** Credentials that are all needed are one requirement; optional ones may be left out. */
  #requirements(): SecurityRequirement[] {
    if (this.#security.length === 0) return [];
    const needed = this.#security.filter((each) => !each.optional);
    const all = mergeScopes(this.#security.map((each) => each.requirement));
    const least = mergeScopes(needed.map((each) => each.requirement));
    return needed.length === this.#security.length ? [all] : [all, least];
  }

  #form(): { required: boolean; content: Content } | undefined {
    if (this.#fields.size === 0) return undefined;
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    let multipart = false;
    for (const [name, { schema, file }] of this.#fields) {
      multipart ||= file !== undefined;
      properties[name] = file ? fileSchema(file) : this.#components.schema(schema, "input");
      const needed = file ? !file.optional : isSchema(schema) && !takesUndefined(schema);
      if (needed) required.push(name);
    }
    const type = multipart ? "multipart/form-data" : "application/x-www-form-urlencoded";
    const schema = { type: "object", properties, ...(required.length > 0 && { required }) };
    return { required: required.length > 0, content: { [type]: { schema } } };
  }
}

function fileSchema({ many }: NonNullable<FormField["file"]>): JsonSchema {
  const one = { type: "string", format: "binary", contentMediaType: "application/octet-stream" };
  return many ? { type: "array", items: one } : one;
}

/** One requirement with the scopes of all. */
function mergeScopes(requirements: readonly SecurityRequirement[]): SecurityRequirement {
  const merged: SecurityRequirement = {};
  for (const [name, scopes] of requirements.flatMap((each) => Object.entries(each))) {
    merged[name] = [...new Set([...(merged[name] ?? []), ...scopes])];
  }
  return merged;
}

function successes(
  route: PlacedRoute,
  { components }: OperationContext,
): OperationObject["responses"] {
  const responses: OperationObject["responses"] = {};
  for (const [status, model] of route.data.outcomes) {
    responses[status] = {
      description: phrases[status] ?? "Success",
      ...(model !== null && {
        content: {
          "application/json": { schema: model ? components.schema(model, "output") : {} },
        },
      }),
    };
  }
  return responses;
}

const phrases: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No content",
};

/** The problems of a plan: those its callables declare, and those its parameters can cause. */
function problems(
  plan: Plan,
  { components, format }: OperationContext,
): OperationObject["responses"] {
  const { phases } = plan;
  const caused: AnyProblem[] = [
    ...(phases.has("credentials") ? [Unauthorized] : []),
    ...(phases.has("body") ? [MalformedBody, ContentTooLarge, UnsupportedMediaType] : []),
    ...(phases.has("input") || phases.has("body") ? [InvalidInput] : []),
  ];
  const byStatus = new Map<number, Map<string, AnyProblem>>();
  for (const each of [...(plan.throws as readonly AnyProblem[]), ...caused]) {
    const group = byStatus.get(each.status) ?? new Map<string, AnyProblem>();
    byStatus.set(each.status, group.set(each.code, each));
  }
  const responses: OperationObject["responses"] = {};
  for (const [status, group] of [...byStatus].toSorted(([a], [b]) => a - b)) {
    const kinds = [...group.values()];
    const schemas = kinds.map((each) => problemSchema(each, { components, format }));
    const unique = [...new Map(schemas.map((each) => [JSON.stringify(each), each])).values()];
    responses[status] = {
      description: kinds.map((each) => each.title).join(", or "),
      content: {
        [format.mediaType]: {
          schema: unique.length === 1 ? (unique[0] as JsonSchema) : { oneOf: unique },
        },
      },
    };
  }
  return responses;
}

function problemSchema(kind: AnyProblem, { components, format }: OperationContext): JsonSchema {
  const extension: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(kind.shape)) {
    extension[name] = components.schema(schema, "output");
  }
  const isInput = kind.code === InvalidInput.code;
  const schema = format.schema({
    status: kind.status,
    code: kind.code,
    title: kind.title,
    extension: isInput ? invalidInputExtension : extension,
  });
  const title = typeof schema["title"] === "string" ? schema["title"] : kind.code;
  return components.named(pascal(title), schema);
}

/** `"Item not found"` gives `"ItemNotFoundProblem"`. */
function pascal(title: string): string {
  const words = title.split(/[^A-Za-z0-9]+/).filter((each) => each !== "");
  const name = words.map((each) => each.charAt(0).toUpperCase() + each.slice(1)).join("");
  return /(?:Problem|Error|Model)$/.test(name) ? name : `${name}Problem`;
}
