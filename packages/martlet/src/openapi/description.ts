/**
 * Descriptions: what developers tell the document beside what signatures say, of operations, of
 * routers and of the whole application.
 *
 * @module
 */
import type { AnySchema } from "../standard.ts";
import type {
  Document,
  ExampleObject,
  ExternalDocs,
  OperationObject,
  ServerObject,
  TagObject,
} from "./document.ts";

/** That something is on its way out. Times are ISO 8601: `"2026-12-31"`, which begins in UTC. */
export interface Deprecation {
  /** Since when, or from when on: sent as `Deprecation` (RFC 9745). */
  readonly since?: Date | string;
  /** From when on it may be gone: sent as `Sunset` (RFC 8594). Not before `since`. */
  readonly sunset?: Date | string;
  /** Where one can read what to do: a URL, sent as `Link`. */
  readonly link?: string;
}

/** Named examples. */
export type Examples = Readonly<Record<string, ExampleObject>>;

/** The content of a response in one media type. */
export interface MediaTypeDescription {
  readonly schema?: AnySchema;
  readonly examples?: Examples;
}

/** A header of a response. */
export interface HeaderDescription {
  /** @default a string */
  readonly schema?: AnySchema;
  /** Markdown. */
  readonly description?: string;
  /** Whether it is always there. @default false */
  readonly required?: boolean;
  readonly deprecated?: boolean;
}

/** A response: one of its own, or more about one that the document has already. */
export interface ResponseDescription {
  /** Markdown. @default what the status is called */
  readonly description?: string;
  readonly headers?: Readonly<Record<string, AnySchema | HeaderDescription>>;
  /** A schema, or more than that, for each media type. */
  readonly content?: Readonly<Record<string, AnySchema | MediaTypeDescription>>;
  /** What a client may call next, as OpenAPI writes it. */
  readonly links?: Readonly<Record<string, unknown>>;
}

/** Responses by status: `404`, `"4XX"` or `"default"`. */
export type ResponseDescriptions = Readonly<Record<string, ResponseDescription>>;

/** A request that the application sends and the document describes. Made by `webhook`. */
export interface Webhook {
  readonly method: string;
  /** What `webhook` made of its signature. */
  readonly "~outgoing": unknown;
}

/** A request that the application sends to a URL which it was told. Made by `callback`. */
export interface Callback extends Webhook {
  /** The URL, as a runtime expression: `"{$request.body#/callbackUrl}"`. */
  readonly expression: string;
}

/** What the application, its routers and its routes may tell of routes. */
export interface SharedDescription {
  /**
   * On its way out: struck through in the document, and with times or a link told by every answer,
   * as headers. The nearest that says something counts.
   */
  readonly deprecated?: boolean | Deprecation;
  /** Whether the document leaves it out; the nearest that says something counts. @default false */
  readonly hidden?: boolean;
  /** More responses, or more about those there are; the nearest counts, member by member. */
  readonly responses?: ResponseDescriptions;
  /** What the application may call because of a request, by name. */
  readonly callbacks?: Readonly<Record<string, Callback>>;
}

/** What routers and routes may tell. */
export interface GroupDescription extends SharedDescription {
  /** Groups that operations stand in; those of routers come first. @default the nearest router's name */
  readonly tags?: readonly string[];
  /** Where there is more to read; the nearest counts. */
  readonly externalDocs?: ExternalDocs;
  /** Other servers than the document's; the nearest counts. */
  readonly servers?: readonly ServerObject[];
}

/** What a router tells of its routes. */
export interface RouterDescription extends GroupDescription {
  /** Makes the operationIds of routes that have none of their own; the nearest counts. */
  readonly operationId?: (route: NamedRoute) => string;
}

/** A route, as far as its operationId may depend on it. */
export interface NamedRoute {
  readonly method: string;
  /** The whole path: `"/items/{id}"`. */
  readonly path: string;
  /** The place in the routers: `["items", "update"]`. */
  readonly names: readonly string[];
  readonly tags: readonly string[];
}

/** What a route tells of its operation. */
export interface OperationOptions extends GroupDescription {
  /** A few words for the list of operations. @default made of the route's name */
  readonly summary?: string;
  /** Markdown. */
  readonly description?: string;
  /** @default the route's place in the router record: `"items.update"` */
  readonly operationId?: string;
  /** What comes back when all goes well, in Markdown. @default what the status is called */
  readonly responseDescription?: string;
  readonly examples?: OperationExamples;
  /**
   * Merged last into the operation, as OpenAPI writes it: objects member by member, lists as a
   * whole, and `undefined` takes a member away. Or a function that makes another operation of it.
   */
  readonly openapi?: OperationExtension;
}

/** What has the last word on an operation. */
export type OperationExtension =
  | Readonly<Record<string, unknown>>
  | ((operation: OperationObject) => OperationObject);

/** Named examples of what is sent and of what comes back. */
export interface OperationExamples {
  /** Of parameters, by the names they are declared by. */
  readonly path?: Readonly<Record<string, Examples>>;
  readonly query?: Readonly<Record<string, Examples>>;
  readonly header?: Readonly<Record<string, Examples>>;
  readonly cookie?: Readonly<Record<string, Examples>>;
  /** Of the body, or of the whole form. */
  readonly body?: Examples;
  /** Of responses, by status. */
  readonly responses?: Readonly<Record<string, Examples>>;
}

/** What the document says of the whole application. */
export interface DocumentInfo extends SharedDescription {
  /** @default "API" */
  readonly title?: string;
  /** The version of the API, not of OpenAPI. @default "0.1.0" */
  readonly version?: string;
  readonly summary?: string;
  /** Markdown. */
  readonly description?: string;
  /** A URL. */
  readonly termsOfService?: string;
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  /** With a `url`, or with the `identifier` that SPDX has for it: not with both. */
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string };
  readonly servers?: readonly ServerObject[];
  /** More about tags, in the order of the docs page. Routes may have others too. */
  readonly tags?: readonly TagObject[];
  readonly externalDocs?: ExternalDocs;
  /** What the application sends to those who asked for it, by name: their operationIds. */
  readonly webhooks?: Readonly<Record<string, Webhook>>;
  /** Makes the operationIds of routes that have none of their own. @default their place: `"items.update"` */
  readonly operationId?: (route: NamedRoute) => string;
  /** Has the last word on the document: gives one with more in it, or another. */
  readonly document?: (document: Document) => Document;
}

/** The versions of OpenAPI that documents are written in. */
export type OpenApiVersion = "3.1.1" | "3.2.0";

/** Where the document is, and what it is written in. */
export interface OpenApiOptions {
  /** @default "/openapi.json" */
  readonly path?: string;
  /** @default "3.1.1" */
  readonly version?: OpenApiVersion;
}
