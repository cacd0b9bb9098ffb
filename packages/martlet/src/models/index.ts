/**
 * `martlet/models`: what models need beyond Zod.
 *
 * @module
 */
export type { Answering } from "./answering.ts";
export { computed, type Computed, type ComputedFields } from "./computed.ts";
export {
  applyPatch,
  type Patch,
  patchOf,
  type PatchOf,
  type PatchOptions,
  type PatchShape,
} from "./patch.ts";
export {
  camelCase,
  type CamelCased,
  type CamelCaseOptions,
  type CamelName,
  type CamelShape,
} from "./camel-case.ts";
export { path, type NamePath, type WireName } from "./names.ts";
export { renamed, type Renamed, type WireNames, type WireShape } from "./renamed.ts";
