import {
  dependency,
  file,
  get,
  martlet,
  type Middleware,
  NotFound,
  post,
  problem,
  reply,
  type RouteInfo,
  router,
} from "martlet";
import { apiKey, bearer, optional } from "martlet/auth";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const pass: Middleware = (_request, next) => next();
const Locked = problem(423, "locked");
const caller = dependency(
  { security: { token: bearer() }, query: { as: z.string().optional() }, throws: [Locked] },
  ({ token }) => token,
);
const update = post(
  "/{id}",
  {
    path: { id: z.int() },
    query: { dry: z.boolean().default(false), trace: z.string().meta({ hidden: true }) },
    header: { ifMatch: z.string() },
    body: z.object({ name: z.string() }),
    use: { caller: caller.scopes("items:write") },
    returns: { 200: z.string(), 204: null },
    throws: [NotFound],
    tags: ["writing"],
    middleware: [pass],
    deprecated: { sunset: "2027-01-01" },
  },
  () => reply(204),
);
const upload = post(
  "/photo",
  { files: { photo: file() }, security: { key: optional(apiKey({ header: "X-Key" })) } },
  () => null,
);
const app = martlet(
  {
    items: router(
      "/items",
      { update, upload, internal: get("/internal", { hidden: true }, () => null) },
      { middleware: [pass], tags: ["items"] },
    ),
  },
  { middleware: [pass] },
);

describe("what tools are told of routes", () => {
  test("is all that a route declares, with what it uses", () => {
    expect(app.routes()[0]).toEqual({
      method: "POST",
      path: "/items/{id}",
      operationId: "items.update",
      names: ["items", "update"],
      tags: ["items", "writing"],
      hidden: false,
      deprecated: { sunset: "2027-01-01" },
      parameters: [
        { name: "id", in: "path", required: true },
        { name: "as", in: "query", required: false },
        { name: "dry", in: "query", required: false },
        { name: "trace", in: "query", required: true },
        { name: "if-match", in: "header", required: true },
      ],
      body: { required: true, mediaTypes: ["application/json"] },
      security: [{ bearer: ["items:write"] }],
      returns: [200, 204],
      throws: ["locked", "not-found", "unauthorized"],
      middleware: 3,
    });
  });

  test("names forms, optional credentials and hidden routes", () => {
    const [, photo, internal] = app.routes();
    expect(photo).toMatchObject({
      body: { required: true, mediaTypes: ["multipart/form-data"] },
      security: [{ apiKey: [] }, {}],
      deprecated: false,
      returns: [200],
    });
    expect(internal).toMatchObject({ hidden: true, parameters: [], security: [], middleware: 2 });
    expect(internal).not.toHaveProperty("body");
  });

  test("is plain data, and of its own each time", () => {
    const [first] = app.routes();
    expect(structuredClone(first)).toEqual(first);
    const { parameters, tags, names } = first as RouteInfo;
    for (const each of [parameters, tags, names]) (each as unknown[]).length = 0;
    expect(app.routes()[0]?.parameters).toHaveLength(5);
    expect(app.routes()[0]?.tags).toHaveLength(2);
    expect(app.routes()[0]?.names).toHaveLength(2);
  });

  test("agrees with the document", () => {
    for (const info of app.routes().filter((each) => !each.hidden)) {
      const operation = app.openapi().paths[info.path]?.[info.method.toLowerCase()];
      expect(operation).toMatchObject({ operationId: info.operationId, tags: info.tags });
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining(info.returns.map(String)),
      );
      expect(operation?.security).toEqual(info.security);
    }
  });
});
