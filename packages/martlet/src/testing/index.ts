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
} from "./client.ts";
export { override, type Replacement } from "./override.ts";
