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
export { emailAddress, httpUrl, ipAddress } from "./address.ts";
export { byteSize, bytesBase64, type BytesOptions } from "./bytes.ts";
export {
  type ClockOptions,
  type DateOfClock,
  futureDate,
  instant,
  pastDate,
  plainDate,
  timeOfDay,
} from "./calendar.ts";
export { decimal, type DecimalOptions } from "./decimal.ts";
export { duration } from "./duration.ts";
export { jsonText } from "./json-text.ts";
export { type SecretText, secretText, type SecretTextOptions } from "./secret-text.ts";
export { type Encodable, encodable } from "./encodable.ts";
export { type Lax, lax } from "./lax.ts";
