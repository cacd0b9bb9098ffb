/**
 * The seam to a template engine.
 *
 * @module
 */
import type { MaybePromise } from "../index.ts";

/** What fills in templates. */
export interface TemplateEngine {
  /** The text of a template with its data filled in, every value escaped for HTML. */
  readonly render: (name: string, data: object) => MaybePromise<string>;
  /** Called once, at start: looks for mistakes in templates, and throws {@link Faults}. */
  readonly start?: () => Promise<void>;
}
