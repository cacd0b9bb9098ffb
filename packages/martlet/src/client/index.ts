/**
 * `martlet/client`: an application's routes as typed functions. Takes nothing of the server but its
 * type.
 *
 * @module
 */
export type { ClientAnswer, Failure, Success } from "./answer.ts";
export type {
  AnyApp,
  Branch,
  Call,
  Client,
  DataOf,
  FreeCall,
  FreeSocketCall,
  NoArguments,
  ProblemOf,
  SocketCall,
} from "./calls.ts";
export { client } from "./client.ts";
export { type Contract, contractOf, type ContractOperation } from "./contract.ts";
export type { Json } from "./json.ts";
export type {
  CallOptions,
  ClientOptions,
  HeaderValues,
  Provided,
  SocketCallOptions,
} from "./options.ts";
export type { PlatformSocket, PlatformSocketEvent, WebSocketInit } from "./platform.ts";
export type {
  AlwaysPossible,
  Declared,
  InvalidInputBody,
  ProblemBody,
  UnexpectedAnswer,
  Unreachable,
} from "./problem.ts";
export { type AnySocket, type ClientSocket, type OverOptions, overWebSocket } from "./socket.ts";
