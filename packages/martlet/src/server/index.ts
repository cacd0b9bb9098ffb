/**
 * `martlet/server`: an application behind node:http.
 *
 * @module
 */
export type { Coding } from "./coder.ts";
export { compress, type CompressOptions } from "./compression.ts";
export {
  listen,
  type ListenOptions,
  type RunningServer,
  type ServerLimits,
  type StopOptions,
} from "./node.ts";
export { serve, type ServeOptions } from "./serve.ts";
