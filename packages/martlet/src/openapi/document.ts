/**
 * The OpenAPI 3.1 document, as far as Martlet writes it (https://spec.openapis.org/oas/v3.1.1).
 *
 * @module
 */

/** A JSON Schema (draft 2020-12). */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** The content of a body: schemas by media type. */
export type Content = Record<string, MediaTypeObject>;

/** The content of a body in one media type (section 4.8.14). */
export interface MediaTypeObject {
  schema: JsonSchema;
  example?: unknown;
  /** The media types that a field of a form may have, where there are some to choose from. */
  encoding?: Record<string, { contentType: string }>;
}

/** A path, query, header or cookie parameter (section 4.8.12). */
export interface ParameterObject {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required: boolean;
  schema: JsonSchema;
  description?: string;
  deprecated?: boolean;
  example?: unknown;
  explode?: boolean;
  style?: string;
}

/** A response (section 4.8.17). */
export interface ResponseObject {
  description: string;
  headers?: Record<string, { description?: string; schema: JsonSchema }>;
  content?: Content;
}

/** A security scheme (section 4.8.27). */
export type SecurityScheme = { readonly type: string; readonly [member: string]: unknown };

/** The schemes, with their scopes, that together allow a call. */
export type SecurityRequirement = Record<string, string[]>;

/** One operation of a path (section 4.8.10). */
export interface OperationObject {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  deprecated?: boolean;
  parameters?: ParameterObject[];
  requestBody?: { required: boolean; content: Content; description?: string };
  responses: Record<string, ResponseObject>;
  security?: SecurityRequirement[];
  /** The route's place in the routers, where its operationId is another: `"items.update"`. */
  "x-martlet-name"?: string;
  /** The path as Martlet writes it, where OpenAPI has no word for it: `"/files/{file*}"`. */
  "x-martlet-path"?: string;
}

/** A whole document. */
export interface Document {
  openapi: string;
  info: {
    title: string;
    version: string;
    summary?: string;
    description?: string;
    [member: string]: unknown;
  };
  servers?: readonly { url: string; description?: string }[];
  tags?: readonly { name: string; description?: string }[];
  /** What an operation needs that says nothing of it: nothing. */
  security?: SecurityRequirement[];
  paths: Record<string, Record<string, OperationObject>>;
  components?: {
    schemas?: Record<string, JsonSchema>;
    securitySchemes?: Record<string, SecurityScheme>;
  };
}

/**
 * An operation while the parameters of its plan describe themselves on it. A parameter calls one of
 * these methods; how schemas become components is the document's affair.
 */
export interface Operation {
  /** Adds a parameter of the request line, a header or a cookie. */
  readonly parameter: (
    place: ParameterObject["in"],
    name: string,
    schema: unknown,
    options?: { readonly required?: boolean },
  ) => void;
  /** Sets the body of one media type. */
  readonly body: (mediaType: string, schema: unknown) => void;
  /** Adds one field to the form of the request. */
  readonly field: (name: string, field: FormField) => void;
  /** Adds a credential that is needed (or, when `optional`, used if it is there). */
  readonly credential: (
    name: string,
    scheme: SecurityScheme,
    options: { readonly scopes: readonly string[]; readonly optional: boolean },
  ) => void;
}

/** A field of a form: text with a schema, or a file. */
export interface FormField {
  readonly schema: unknown;
  readonly file?: {
    readonly many: boolean;
    /** The media types that are taken; all if there are none. */
    readonly types: readonly string[];
    readonly optional: boolean;
    /** Bytes of one file. */
    readonly maxSize?: number;
    readonly maxCount?: number;
  };
}
