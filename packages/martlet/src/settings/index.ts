/**
 * `martlet/settings`: typed settings from the environment, read once, at start.
 *
 * @module
 */
export { type BrokenLine, type Dotenv, parseDotenv } from "./dotenv.ts";
export { envExample } from "./env-example.ts";
export { Secret } from "../index.ts";
export { secret, type SecretOptions } from "./secret.ts";
export type { SettingInfo } from "./setting.ts";
export { type Settings, settings, type SettingsOptions, type SettingValues } from "./settings.ts";
export type { Environment, SourceOptions } from "./sources.ts";
