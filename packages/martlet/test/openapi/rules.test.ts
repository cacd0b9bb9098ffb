import {
  type AppOptions,
  callback,
  type Fault,
  Faults,
  get,
  martlet,
  post,
  type RouteOptions,
} from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const Body = z.object({ name: z.string() });

/** The faults of an application with these options, each as code and message. */
function faultsOf(options: AppOptions, route: Partial<RouteOptions<never, never, number>> = {}) {
  const create = post("/{id}", { path: { id: z.int() }, body: Body, ...route }, () => null);
  try {
    martlet({ create }, options).ready();
    return [];
  } catch (error) {
    if (!(error instanceof Faults)) throw error;
    return error.errors.map(({ code, message }: Fault) => `${code} ${message.split("\n")[0]}`);
  }
}

describe("the start finds, of the application,", () => {
  test.each<[string, AppOptions]>([
    [
      "The license has an identifier and a url",
      { license: { name: "MIT", identifier: "MIT", url: "https://mit.test" } },
    ],
    ['The server https://{a}.test has no variable "a"', { servers: [{ url: "https://{a}.test" }] }],
    [
      'The variable "b" is not in the server https://a.test',
      { servers: [{ url: "https://a.test", variables: { b: { default: "c" } } }] },
    ],
    [
      'The default of the variable "a" is not among its values',
      { servers: [{ url: "https://{a}.test", variables: { a: { default: "x", enum: ["y"] } } }] },
    ],
    ["Two tags have one name", { tags: [{ name: "a" }, { name: "a", description: "again" }] }],
    [
      'The parents of the tag "a" lead nowhere, or in a circle',
      { tags: [{ name: "a", parent: "b" }] },
    ],
  ])("M014 %s", (message, options) => {
    expect(faultsOf(options)).toEqual([`M014 M014 ${message}`]);
  });

  test("M014 tags that are parts of each other", () => {
    const tags = [
      { name: "a", parent: "b" },
      { name: "b", parent: "a" },
    ];
    expect(faultsOf({ tags })).toHaveLength(2);
    expect(faultsOf({ tags: [{ name: "a", parent: "b" }, { name: "b" }] })).toEqual([]);
  });

  test("nothing in tags that are used nowhere, or told nowhere", () => {
    expect(faultsOf({ tags: [{ name: "unused" }] }, { tags: ["untold"] })).toEqual([]);
  });
});

describe("the start finds, of a route,", () => {
  test.each<[string, Partial<RouteOptions<never, never, number>>]>([
    ['"600" is no status of a response', { responses: { 600: {} } }],
    ['"4xx" is no status of a response', { responses: { "4xx": {} } }],
    [
      'There are examples of the query parameter "q", which the route does not have',
      { examples: { query: { q: { a: { value: 1 } } } } },
    ],
    [
      'There are examples of the header parameter "ifMatch", which the route does not have',
      { examples: { header: { ifMatch: {} } } },
    ],
    [
      "There are examples of the response 404, which the route does not have",
      { examples: { responses: { 404: { a: { value: 1 } } } } },
    ],
    ['The server https://{a}.test has no variable "a"', { servers: [{ url: "https://{a}.test" }] }],
  ])("M014 %s", (message, options) => {
    expect(faultsOf({}, options)).toEqual([`M014 M014 ${message}`]);
  });

  test("M014 examples of a body that it does not take", () => {
    const read = get("/", { examples: { body: { a: { value: 1 } } } }, () => null);
    expect(() => martlet({ read }).ready()).toThrow(
      /M014 There are examples of a body[^]*at GET \/ > examples/,
    );
  });

  test("what is wrong with its callbacks", () => {
    const sold = callback("{$request.body#/url}", "POST", { body: Body, form: { a: z.string() } });
    expect(faultsOf({}, { callbacks: { sold } })).toEqual([expect.stringMatching(/^M006/)]);
  });

  test("nothing in statuses and examples that there are", () => {
    expect(
      faultsOf(
        {},
        {
          responses: { 404: { content: { "text/plain": {} } }, "5XX": {}, default: {} },
          examples: {
            path: { id: { seven: { value: 7 } } },
            body: { ann: { value: { name: "Ann" } } },
            responses: { 404: { gone: { value: "gone" } }, 422: { bad: { value: {} } } },
          },
        },
      ),
    ).toEqual([]);
  });
});
