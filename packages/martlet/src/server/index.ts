/**
 * `martlet/server`: an application behind node:http.
 *
 * @module
 */
export {
  listen,
  type ListenOptions,
  type RunningServer,
  type ServerLimits,
  type StopOptions,
} from "./node.ts";
export { serve, type ServeOptions } from "./serve.ts";
