/**
 * One operation of the document, as far as the parameters of its plan describe themselves.
 *
 * @module
 */
import { isSchema, jsonSchemaOf, takesUndefined } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import type { Components } from "./components.ts";
import type {
  Content,
  CredentialWay,
  FormField,
  JsonSchema,
  Operation,
  OperationObject,
  ParameterObject,
  SecurityRequirement,
  SecurityScheme,
} from "./document.ts";

/** The order in which parameters are told. */
const places: readonly ParameterObject["in"][] = ["path", "query", "header", "cookie"];

interface RequestBody {
  required: boolean;
  content: Content;
}

/** What the parameters of a plan write to. */
export class OperationWriter implements Operation {
  readonly #components: Components;
  readonly #showHidden: boolean;
  readonly #parameters = new Map<string, ParameterObject>();
  readonly #fields = new Map<string, FormField>();
  #ways: readonly CredentialWay[] = [[]];
  #body: RequestBody | undefined;

  /** Parameters that their schemas hide are left out, unless `showHidden` is set. */
  constructor(
    components: Components,
    { showHidden = false }: { readonly showHidden?: boolean } = {},
  ) {
    this.#components = components;
    this.#showHidden = showHidden;
  }

  parameter(
    place: ParameterObject["in"],
    name: string,
    schema: unknown,
    { required = isNeeded(schema) }: { readonly required?: boolean } = {},
  ): void {
    if (this.#hides(schema)) return;
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
    if (!this.#hides(field.schema)) this.#fields.set(name, field);
  }

  credential(ways: readonly CredentialWay[]): void {
    this.#ways = this.#ways.flatMap((before) => ways.map((each) => [...before, ...each]));
  }

  #hides(schema: unknown): boolean {
    return !this.#showHidden && isSchema(schema) && isHidden(schema);
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

  /** One way of each credential goes with one of every other. */
  #requirements(): SecurityRequirement[] {
    const possible = this.#ways.filter(isPossible);
    const ways = possible.length > 0 ? possible : this.#ways;
    if (ways.every((each) => each.length === 0)) return [];
    return distinct(ways.map((each) => this.#requirement(each)));
  }

  #requirement(way: CredentialWay): SecurityRequirement {
    const requirement: SecurityRequirement = {};
    for (const { name, scheme, scopes } of way) {
      const key = this.#components.securityScheme(name, scheme);
      requirement[key] = [...new Set([...(requirement[key] ?? []), ...scopes])];
    }
    return requirement;
  }

  #form(): RequestBody | undefined {
    if (this.#fields.size === 0) return undefined;
    const properties: Record<string, JsonSchema> = {};
    const encoding: Record<string, { contentType: string }> = {};
    const required: string[] = [];
    for (const [name, { schema, file, json }] of this.#fields) {
      properties[name] = file ? fileSchema(file) : this.#components.schema(schema, "input");
      if (file && file.types.length > 0) encoding[name] = { contentType: file.types.join(", ") };
      if (json === true) encoding[name] = { contentType: "application/json" };
      if (file ? !file.optional : isNeeded(schema)) required.push(name);
    }
    const hasFiles = [...this.#fields.values()].some((each) => each.file !== undefined);
    const type = hasFiles ? "multipart/form-data" : "application/x-www-form-urlencoded";
    const schema = { type: "object", properties, ...(required.length > 0 && { required }) };
    const content = { schema, ...(Object.keys(encoding).length > 0 && { encoding }) };
    return { required: required.length > 0, content: { [type]: content } };
  }
}

/** Whether the metadata of a schema hide the parameter that it stands for: `.meta({ hidden: true })`. */
function isHidden(schema: AnySchema): boolean {
  const { $ref, $defs, ...own } = jsonSchemaOf(schema, "input") ?? {};
  const name = typeof $ref === "string" ? $ref.slice("#/$defs/".length) : "";
  const target = (($defs ?? {}) as Record<string, JsonSchema>)[name];
  return { ...target, ...own }["hidden"] === true;
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

/** Whether a request can hold all of a way: it has one `Authorization` header, under one scheme. */
function isPossible(way: CredentialWay): boolean {
  return new Set(way.flatMap(({ scheme }) => authorizationOf(scheme))).size <= 1;
}

function authorizationOf({ type, scheme }: SecurityScheme): readonly string[] {
  if (type === "http") return [String(scheme).toLowerCase()];
  return type === "oauth2" || type === "openIdConnect" ? ["bearer"] : [];
}

/** The requirements without those that stand there already, in whatever order of their schemes. */
function distinct(requirements: readonly SecurityRequirement[]): SecurityRequirement[] {
  const texts = requirements.map((each) =>
    JSON.stringify(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
  return requirements.filter((_each, index) => texts.indexOf(texts[index] ?? "") === index);
}
