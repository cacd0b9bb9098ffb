/**
 * `martlet/testing`: an application under test, without a server.
 *
 * @module
 */
export {
  type TestCall,
  testClient,
  type TestClient,
  type TestClientOptions,
  type TestRequest,
  type TestSocketRequest,
} from "./client.ts";
export { override, type Replacement } from "./override.ts";
export { SocketRefused } from "./sockets.ts";
