/**
 * The OpenAPI document, as far as Martlet writes it: 3.1 (https://spec.openapis.org/oas/v3.1.1), and
 * on request 3.2 (https://spec.openapis.org/oas/v3.2.0). Sections are those of 3.1.
 *
 * @module
 */

/** A JSON Schema (draft 2020-12). */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** The content of a body: schemas by media type. */
export type Content = Record<string, MediaTypeObject>;

/** The content of a body in one media type (section 4.8.14). */
export interface MediaTypeObject {
  /** The whole body. A document of 3.2 leaves it out where there is an `itemSchema`. */
  schema?: JsonSchema;
  /** One item of a body that comes item by item. A document of 3.1 leaves it out: only 3.2 has it. */
  itemSchema?: JsonSchema;
  example?: unknown;
  examples?: Record<string, ExampleObject>;
  /** The media types that a field of a form may have, where there are some to choose from. */
  encoding?: Record<string, { contentType: string }>;
}

/** A named example (section 4.8.19). */
export interface ExampleObject {
  summary?: string;
  /** Markdown. */
  description?: string;
  value?: unknown;
  /** Where the example is, if it does not stand here. */
  externalValue?: string;
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
  examples?: Record<string, ExampleObject>;
  explode?: boolean;
  style?: string;
}

/** A header of a response (section 4.8.21). */
export interface HeaderObject {
  description?: string;
  required?: boolean;
  deprecated?: boolean;
  schema: JsonSchema;
}

/** A response (section 4.8.17). */
export interface ResponseObject {
  description: string;
  headers?: Record<string, HeaderObject>;
  content?: Content;
  /** What a client may call next (section 4.8.20). */
  links?: Record<string, unknown>;
}

/** Where there is more to read (section 4.8.11). */
export interface ExternalDocs {
  readonly url: string;
  /** Markdown. */
  readonly description?: string;
}

/** Where the API is (section 4.8.5). */
export interface ServerObject {
  /** Absolute, or relative to the document; `{name}` stands for a variable. */
  readonly url: string;
  /** Markdown. */
  readonly description?: string;
  /** What people call it; only 3.2 has it. */
  readonly name?: string;
  readonly variables?: Readonly<Record<string, ServerVariable>>;
}

/** A variable in the URL of a server (section 4.8.6). */
export interface ServerVariable {
  readonly default: string;
  /** All values there are; without it, any. */
  readonly enum?: readonly string[];
  readonly description?: string;
}

/** A group of operations (section 4.8.22). The order of tags is the order on the docs page. */
export interface TagObject {
  readonly name: string;
  /** Markdown. */
  readonly description?: string;
  readonly externalDocs?: ExternalDocs;
  /** A few words instead of the name; in 3.1 it is told as `x-displayName`. */
  readonly summary?: string;
  /** The tag that this one is a part of; only 3.2 has it. */
  readonly parent?: string;
  /** What the tag is for, such as `nav`, `badge` or `audience`; only 3.2 has it. */
  readonly kind?: string;
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
  externalDocs?: ExternalDocs;
  deprecated?: boolean;
  parameters?: ParameterObject[];
  requestBody?: {
    required: boolean;
    content: Content;
    description?: string;
    /** The arguments that are members of the body, where the body itself is none. */
    "x-martlet-members"?: readonly string[];
  };
  responses: Record<string, ResponseObject>;
  /** What the server may call, by name and then by the expression of its URL (section 4.8.18). */
  callbacks?: Record<string, Record<string, PathItem>>;
  security?: SecurityRequirement[];
  servers?: readonly ServerObject[];
  /** The route's place in the routers, where its operationId is another: `"items.update"`. */
  "x-martlet-name"?: string;
  /** The path as Martlet writes it, where OpenAPI has no word for it: `"/files/{file*}"`. */
  "x-martlet-path"?: string;
}

/** The operations of one path, by method in lower case (section 4.8.9). */
export type PathItem = { [method: string]: OperationObject } & {
  /** Those whose method has no place of its own, by method as it is sent; only 3.2 has it. */
  additionalOperations?: Record<string, OperationObject>;
};

/** Where the arguments of a socket go, and how its messages are written: what clients need. */
export interface SocketEntry {
  method: "WEBSOCKET";
  /** The path as Martlet writes it. */
  path: string;
  query?: string[];
  /** In lower case. */
  header?: string[];
  receives: "text" | "binary" | "json";
  sends: "text" | "binary" | "json";
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
  servers?: readonly ServerObject[];
  tags?: readonly TagObject[];
  externalDocs?: ExternalDocs;
  /** What an operation needs that says nothing of it: nothing. */
  security?: SecurityRequirement[];
  paths: Record<string, PathItem>;
  /** What the server sends to those who asked for it, by name. */
  webhooks?: Record<string, PathItem>;
  components?: {
    schemas?: Record<string, JsonSchema>;
    securitySchemes?: Record<string, SecurityScheme>;
  };
  /** The sockets, by their places in the routers: `"chat.room"`. */
  "x-martlet-sockets"?: Record<string, SocketEntry>;
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
  /** Adds a parameter, or a field of the form, for each field of a model. */
  readonly model: (
    place: ParameterObject["in"] | "form",
    schema: unknown,
    nameOf?: (field: string) => string,
  ) => void;
  /** Sets the body of one media type; without one, of JSON and whatever the codecs read. */
  readonly body: (schema: unknown, mediaType?: string) => void;
  /** Adds a member to the object that is the body. */
  readonly member: (name: string, schema: unknown) => void;
  /** Adds one field to the form of the request. */
  readonly field: (name: string, field: FormField) => void;
  /**
   * Adds a credential: the ways to present it, of which one is enough. One that may be missing has
   * the empty way too.
   */
  readonly credential: (ways: readonly CredentialWay[]) => void;
}

/** Security schemes that are presented together. */
export type CredentialWay = readonly AskedScheme[];

/** A security scheme, and the scopes (or roles, where the scheme has no scopes) that are asked of it. */
export interface AskedScheme {
  readonly name: string;
  readonly scheme: SecurityScheme;
  readonly scopes: readonly string[];
}

/** A field of a form: text with a schema, or a file. */
export interface FormField {
  readonly schema: unknown;
  /** Whether its text is JSON. */
  readonly json?: boolean;
  /** A field of a model: what the model's JSON Schema says of it. */
  readonly told?: { readonly schema: JsonSchema; readonly required: boolean };
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
