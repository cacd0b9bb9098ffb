import { app } from "./app.ts";

// A worker is the default export of its module.
// oxlint-disable-next-line import/no-default-export
export default { fetch: (request: Request): Promise<Response> => app.fetch(request) };
