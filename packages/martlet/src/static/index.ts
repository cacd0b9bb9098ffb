/**
 * `martlet/static`: files as answers, directories as routers.
 *
 * @module
 */
export type { DirectoryOptions } from "./directory.ts";
export { contentDisposition, type Disposition } from "./disposition.ts";
export { type FileAnswerOptions, sendFile } from "./file-answer.ts";
export { frontend, type FrontendOptions } from "./frontend.ts";
export type { PresenceOptions } from "./presence.ts";
export { type FilesRouter, staticFiles, type StaticFilesOptions } from "./static-files.ts";
