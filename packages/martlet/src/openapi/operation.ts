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
  FormField,
  JsonSchema,
  Operation,
  OperationObject,
  ParameterObject,
  SecurityRequirement,
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
  readonly #needed: SecurityRequirement[] = [];
  readonly #optional: SecurityRequirement[] = [];
  #body: RequestBody | undefined;

  /** Parameters that their schemas hide are left out, unless `showHidden` is set. */
  constructor(
    components: Components,
    { showHidden = false }: { readonly showHidden?: boolean } = {},
  ) {
    this.#components = components;
    this.#showHidden = showHidden;
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

  credential(...[name, scheme, { scopes, optional }]: Parameters<Operation["credential"]>): void {
    const key = this.#components.securityScheme(name, scheme);
    (optional ? this.#optional : this.#needed).push({ [key]: [...scopes] });
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

/** One requirement with the scopes of all. */
function mergeScopes(requirements: readonly SecurityRequirement[]): SecurityRequirement {
  const merged: SecurityRequirement = {};
  for (const [name, scopes] of requirements.flatMap((each) => Object.entries(each))) {
    merged[name] = [...new Set([...(merged[name] ?? []), ...scopes])];
  }
  return merged;
}
