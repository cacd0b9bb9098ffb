/**
 * The public core of Martlet: every name, one by one.
 *
 * @module
 */
export { type App, type AppOptions, martlet, type Override, type Resolved } from "./app.ts";
export type {
  AsyncApiChannel,
  AsyncApiDocument,
  AsyncApiMessage,
  AsyncApiOperation,
  AsyncApiReference,
} from "./asyncapi/document.ts";
export { around, type CallableParam, dependency, type DependencyOptions } from "./callable.ts";
export type { Answered, Given } from "./answer-type.ts";
export {
  type AnyProblem,
  BadRequest,
  ContentTooLarge,
  Forbidden,
  HttpProblem,
  InternalError,
  InvalidInput,
  type Issue,
  MalformedBody,
  MethodNotAllowed,
  NotFound,
  problem,
  type ProblemArguments,
  type ProblemClass,
  type ProblemDetails,
  type ProblemHeaders,
  type ProblemOptions,
  RequestTimeout,
  Unauthorized,
  Unavailable,
  UnsupportedMediaType,
} from "./errors.ts";
export { Fault, type FaultCode, faultCodes, type FaultOptions, Faults } from "./fault.ts";
export {
  Answer,
  type AnswerBody,
  type AnswerHeaders,
  html,
  isStream,
  redirect,
  text,
} from "./http/answer.ts";
export { isCompressible, preferredCoding } from "./http/coding.ts";
export type { Exchange, IncomingBody } from "./http/exchange.ts";
export { exchangeOf, responseOf, type WebContext } from "./http/fetch.ts";
export {
  issuesByField,
  type ProblemFormat,
  problemJson,
  type ProblemKind,
} from "./http/problem.ts";
export { consoleReporter, type Report, type Reporter } from "./http/report.ts";
export { HttpRequest } from "./http/request.ts";
export type { Connection, ConnectionEvents, Frame, MessageKind, Upgrade } from "./http/upgrade.ts";
export type {
  EventFields,
  EventModels,
  NamedEvent,
  PlainEvent,
  RawEvent,
  ReceivedEvent,
  ReceivedEvents,
  SentEvent,
  SilentEvent,
} from "./http/event.ts";
export { events, type EventsOptions } from "./http/events.ts";
export { jsonLines } from "./http/json-lines.ts";
export type { Codec } from "./source.ts";
export { json, type JsonOptions, type Partially } from "./http/json-representation.ts";
export { media, type MediaBody } from "./http/media.ts";
export type { Omission } from "./http/omission.ts";
export {
  type AnyRepresentation,
  type ContentDescriber,
  type Representation,
  type RepresentationPlace,
  ResponseMismatch,
  type Write,
} from "./http/representation.ts";
export type { Chunk, Streamed } from "./http/stream.ts";
export { varied } from "./http/vary.ts";
export { type Outcome, reply, type Reply, type Returns } from "./http/serialize.ts";
export { type Weighted, weightOf, weightsOf } from "./http/weight.ts";
export type {
  Callback,
  Deprecation,
  DocumentInfo,
  Examples,
  GroupDescription,
  HeaderDescription,
  MediaTypeDescription,
  NamedRoute,
  OpenApiOptions,
  OpenApiVersion,
  OperationExamples,
  OperationExtension,
  OperationOptions,
  ResponseDescription,
  ResponseDescriptions,
  RouterDescription,
  SharedDescription,
  Webhook,
} from "./openapi/description.ts";
export type { DocsPageOptions } from "./openapi/docs.ts";
export type {
  AskedScheme,
  Content,
  CredentialWay,
  Document,
  ExampleObject,
  ExternalDocs,
  FormField,
  HeaderObject,
  JsonSchema,
  MediaTypeObject,
  Operation,
  OperationObject,
  ParameterObject,
  PathItem,
  ResponseObject,
  SecurityRequirement,
  SecurityScheme,
  ServerObject,
  ServerVariable,
  TagObject,
} from "./openapi/document.ts";
export type { BodyInfo, ParameterInfo, RouteInfo } from "./openapi/route-info.ts";
export { callback, webhook, type WebhookSignature } from "./openapi/webhook.ts";
export {
  type BodyKind,
  bytes,
  type BytesOptions,
  byteStream,
  type SentBytes,
} from "./params/bytes.ts";
export { background, request, response, scopes, signal } from "./params/context.ts";
export type { RouteLimits } from "./params/limits.ts";
export { file, type FileOptions, type FileParam, files, type FilesOptions } from "./params/file.ts";
export {
  type AnyCallable,
  type Around,
  type Compiler,
  Invalid,
  type Lifetime,
  type Param,
  type Params,
  type Phase,
  type Read,
} from "./params/param.ts";
export {
  type ErrorClass,
  type ErrorHandler,
  type Handled,
  onError,
} from "./routing/error-handler.ts";
export type { Middleware, Next } from "./routing/middleware.ts";
export { type FetchHandler, mount, type Mountable, type MountedApp } from "./routing/mount.ts";
export {
  type UrlOf,
  type UrlParams,
  type UrlQuery,
  urls,
  type Urls,
  type UrlTarget,
  type UrlValue,
} from "./routing/urls.ts";
export {
  type AnyRoute,
  del,
  get,
  type Handler,
  head,
  options,
  type OutcomesOf,
  patch,
  post,
  put,
  type Result,
  route,
  type Route,
  type RouteOptions,
  trace,
  type Verb,
} from "./routing/route.ts";
export {
  type AnyRouter,
  type LifespanEntry,
  router,
  type Router,
  type RouterOptions,
} from "./routing/router.ts";
export type { Socket } from "./routing/socket.ts";
export type { Closing } from "./routing/socket-close.ts";
export { binary, type SocketLimits, type SocketOrigins } from "./routing/socket-data.ts";
export {
  type SocketMessages,
  type SocketOptions,
  type SocketRoute,
  websocket,
} from "./routing/websocket.ts";
export {
  UnknownVersion,
  versionFrom,
  VersionNotAcceptable,
  type VersionOptions,
  type VersionPlace,
} from "./routing/version.ts";
export { jsonSchemaOf as jsonSchema, textShapeOf as textShape, validator } from "./schema.ts";
export type { ValueOrigin } from "./schema/adapter.ts";
export type { TextKind, TextShape } from "./schema/text-shape.ts";
export { type Cleanup, Scope } from "./scope.ts";
export { Secret } from "./secret.ts";
export type { Arguments, Dependency, Sections, Use, ValueOf, Wire } from "./signature.ts";
export { byteSize } from "./size.ts";
export type {
  Background,
  BodySource,
  BytesLimits,
  CookieOptions,
  FileLimits,
  FormContent,
  FormLimits,
  HttpSource,
  ResponseDraft,
  SaveOptions,
  TextValues,
  UploadedFile,
} from "./source.ts";
export type { AnySchema, Input, MaybePromise, Output, Schema, Shape } from "./standard.ts";
export { decodeText } from "./text.ts";
