import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { app } from "../src/app.ts";
import { operations } from "./contract.ts";

const document = app.openapi();
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

test("the OpenAPI document is valid", async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

test("the routes of the API, what it describes and the contract are the same", () => {
  const routes = app.routes().filter((each) => each.path.startsWith("/api"));
  const names = routes.map(({ method, path }) => `${method} ${path}`);
  expect(described.map((each) => each.name).toSorted()).toEqual(names.toSorted());
  expect(names.map((each) => each.replace(" /api", " ")).toSorted()).toEqual(operations.toSorted());
});

test("every operation says what it is for, and belongs to a group of the contract", () => {
  for (const { operation } of described) {
    expect(operation.summary).toMatch(/^[A-Z][a-z]/);
    expect(operation.description).toMatch(/\.$/);
    expect(operation.tags).toHaveLength(1);
  }
});

test("its models have the names of the contract", () => {
  expect(Object.keys(document.components?.schemas ?? {})).toEqual(
    expect.arrayContaining([
      "Article",
      "Comment",
      "GenericErrorModel",
      "LoginUserRequest",
      "MultipleArticlesResponse",
      "MultipleCommentsResponse",
      "NewArticleRequest",
      "NewCommentRequest",
      "NewUserRequest",
      "ProfileResponse",
      "SingleArticleResponse",
      "SingleCommentResponse",
      "TagsResponse",
      "UpdateArticleRequest",
      "UpdateUserRequest",
      "UserResponse",
    ]),
  );
});

test("all errors have Conduit's shape in it", () => {
  const content = {
    "application/json": { schema: { $ref: "#/components/schemas/GenericErrorModel" } },
  };
  for (const { name, operation } of described) {
    const failures = Object.entries(operation.responses).filter(([status]) => Number(status) > 399);
    for (const [status, response] of failures) {
      expect({ name, status, content: response.content }).toEqual({ name, status, content });
    }
  }
});

test("it tells where a token is needed, and where one may be left out", () => {
  const security = Object.fromEntries(
    described.map(({ name, operation }) => [name, operation.security]),
  );
  const [needed, optional] = [[{ Token: [] }], [{ Token: [] }, {}]];
  expect(security).toEqual({
    "POST /api/users": undefined,
    "POST /api/users/login": undefined,
    "GET /api/user": needed,
    "PUT /api/user": needed,
    "GET /api/profiles/{username}": optional,
    "POST /api/profiles/{username}/follow": needed,
    "DELETE /api/profiles/{username}/follow": needed,
    "GET /api/articles": optional,
    "GET /api/articles/feed": needed,
    "POST /api/articles": needed,
    "GET /api/articles/{slug}": optional,
    "PUT /api/articles/{slug}": needed,
    "DELETE /api/articles/{slug}": needed,
    "GET /api/articles/{slug}/comments": optional,
    "POST /api/articles/{slug}/comments": needed,
    "DELETE /api/articles/{slug}/comments/{id}": needed,
    "POST /api/articles/{slug}/favorite": needed,
    "DELETE /api/articles/{slug}/favorite": needed,
    "GET /api/tags": undefined,
  });
});
