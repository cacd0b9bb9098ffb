/**
 * `martlet/templates`: HTML pages from templates.
 *
 * @module
 */
export type { TemplateEngine } from "./engine.ts";
export { eta, type EtaOptions } from "./eta.ts";
export { type Pages, type Templates, templates } from "./templates.ts";
