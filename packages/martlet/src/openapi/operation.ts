/**
 * One operation of the document, as far as the parameters of its plan describe themselves.
 *
 * @module
 */
import { isSchema, jsonSchemaOf, takesUndefined } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import type { Codec } from "../source.ts";
import type { Components, FieldOfModel } from "./components.ts";
import type {
  Content,
  CredentialWay,
  FormField,
  JsonSchema,
  MediaTypeObject,
  Operation,
  OperationObject,
  ParameterObject,
  SecurityRequirement,
  SecurityScheme,
} from "./document.ts";

/** The order in which parameters are told. */
const places: readonly ParameterObject["in"][] = ["path", "query", "header", "cookie"];

type RequestBody = NonNullable<OperationObject["requestBody"]>;

/** What a writer of operations may be told. */
interface WriterOptions {
  readonly showHidden?: boolean;
  readonly codecs?: readonly Codec[];
}

/** What the parameters of a plan write to. */
export class OperationWriter implements Operation {
  readonly #components: Components;
  readonly #showHidden: boolean;
  readonly #parameters = new Map<string, ParameterObject>();
  readonly #fields = new Map<string, FormField>();
  #ways: readonly CredentialWay[] = [[]];
  readonly #members = new Map<string, FieldOfModel>();
  readonly #jsonTypes: readonly string[];
  #body: RequestBody | undefined;

  /** Parameters that their schemas hide are left out, unless `showHidden` is set. */
  constructor(components: Components, { showHidden = false, codecs = [] }: WriterOptions = {}) {
    this.#components = components;
    this.#jsonTypes = ["application/json", ...codecs.map((each) => each.mediaType)];
    this.#showHidden = showHidden;
  }

  parameter(
    place: ParameterObject["in"],
    name: string,
    schema: unknown,
    { required = isNeeded(schema) }: { readonly required?: boolean } = {},
  ): void {
    if (this.#hides(schema)) return;
    this.#parameter(place, name, { schema: this.#components.schema(schema, "input"), required });
  }

  model(
    place: ParameterObject["in"] | "form",
    schema: unknown,
    nameOf: (field: string) => string = (field) => field,
  ): void {
    for (const [field, told] of this.#components.fields(schema)) {
      if (told.schema["hidden"] === true && !this.#showHidden) continue;
      if (place === "form") this.#fields.set(field, { schema: undefined, told });
      else this.#parameter(place, nameOf(field), told);
    }
  }

  #parameter(
    place: ParameterObject["in"],
    name: string,
    { schema: told, required }: { readonly schema: JsonSchema; readonly required: boolean },
  ): void {
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

  body(schema: unknown, mediaType?: string): void {
    const told = { schema: this.#components.schema(schema, "input") };
    const types = mediaType === undefined ? this.#jsonTypes : [mediaType];
    this.#body = {
      required: (this.#body?.required ?? true) && isNeeded(schema),
      content: { ...this.#body?.content, ...contentOf(types, told) },
    };
  }

  member(name: string, schema: unknown): void {
    const told = this.#components.schema(schema, "input");
    this.#members.set(name, { schema: told, required: isNeeded(schema) });
  }

  #memberBody(): RequestBody | undefined {
    if (this.#members.size === 0) return undefined;
    const members = [...this.#members];
    const names = members.filter(([, each]) => each.required).map(([name]) => name);
    const schema = {
      type: "object",
      properties: Object.fromEntries(members.map(([name, each]) => [name, each.schema])),
      ...(names.length > 0 && { required: names }),
    };
    return {
      required: names.length > 0,
      content: contentOf(this.#jsonTypes, { schema }),
      "x-martlet-members": members.map(([name]) => name),
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
    const body = this.#body ?? this.#memberBody() ?? this.#form();
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

  /** What is said of one field of the form. */
  #told({ schema, file, told }: FormField): FieldOfModel {
    if (file !== undefined) return { schema: fileSchema(file), required: !file.optional };
    return told ?? { schema: this.#components.schema(schema, "input"), required: isNeeded(schema) };
  }

  #form(): RequestBody | undefined {
    if (this.#fields.size === 0) return undefined;
    const properties: Record<string, JsonSchema> = {};
    const encoding: Record<string, { contentType: string }> = {};
    const required: string[] = [];
    for (const [name, field] of this.#fields) {
      const { schema, required: isRequired } = this.#told(field);
      properties[name] = schema;
      if (isRequired) required.push(name);
      const types = field.file?.types ?? [];
      if (types.length > 0) encoding[name] = { contentType: types.join(", ") };
      if (field.json === true) encoding[name] = { contentType: "application/json" };
    }
    const hasFiles = [...this.#fields.values()].some((each) => each.file !== undefined);
    const type = hasFiles ? "multipart/form-data" : "application/x-www-form-urlencoded";
    const schema = { type: "object", properties, ...(required.length > 0 && { required }) };
    const content = { schema, ...(Object.keys(encoding).length > 0 && { encoding }) };
    return { required: required.length > 0, content: { [type]: content } };
  }
}

function contentOf(types: readonly string[], told: MediaTypeObject): Content {
  return Object.fromEntries(types.map((each) => [each, { ...told }]));
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
