/**
 * The AsyncAPI 3.0 document, as far as Martlet writes it
 * (https://www.asyncapi.com/docs/reference/specification/v3.0.0).
 *
 * @module
 */
import type { JsonSchema } from "../openapi/document.ts";

/** A reference within the document. */
export interface AsyncApiReference {
  $ref: string;
}

/** A message of one direction. */
export interface AsyncApiMessage {
  title: string;
  contentType: string;
  payload: JsonSchema;
}

/** A socket: its path, what its handshake takes, and its messages. */
export interface AsyncApiChannel {
  address: string;
  title: string;
  summary?: string;
  description?: string;
  tags?: { name: string }[];
  parameters?: Record<
    string,
    { description?: string; enum?: string[]; default?: string; examples?: string[] }
  >;
  messages: Record<string, AsyncApiMessage>;
  bindings: {
    ws: { method: "GET"; query?: JsonSchema; headers?: JsonSchema; bindingVersion: string };
  };
}

/** One direction of a socket, as the server sees it. */
export interface AsyncApiOperation {
  action: "receive" | "send";
  channel: AsyncApiReference;
  messages: AsyncApiReference[];
  summary?: string;
  /** Schemes, or references to them: one of them is enough. */
  security?: object[];
}

/** A whole document. */
export interface AsyncApiDocument {
  asyncapi: "3.0.0";
  info: { title: string; version: string; description?: string; [member: string]: unknown };
  defaultContentType: string;
  servers?: Record<
    string,
    { host: string; pathname?: string; protocol: string; description?: string }
  >;
  channels: Record<string, AsyncApiChannel>;
  operations: Record<string, AsyncApiOperation>;
  components?: {
    schemas?: Record<string, JsonSchema>;
    securitySchemes?: Record<string, object>;
  };
}
