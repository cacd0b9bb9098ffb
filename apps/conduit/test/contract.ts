/**
 * The contract: RealWorld's own API description, against which answers are held.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { parseYaml } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect } from "vitest";
import type { Answered } from "./call.ts";

interface ContractOperation {
  readonly responses: Readonly<Record<string, { readonly $ref: string }>>;
}

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ContractOperation>>>>;
  readonly components: {
    readonly schemas: { readonly GenericErrorModel: unknown };
    readonly responses: Readonly<
      Record<string, { readonly content: { readonly "application/json"?: object } }>
    >;
  };
}

const file = new URL("contract/openapi.yml", import.meta.url);
const contract = parseYaml(readFileSync(file, "utf8")) as Contract;

/** What the contract shows by the one example of `body`, it says of every field in prose. */
const genericErrorModel = {
  type: "object",
  required: ["errors"],
  additionalProperties: false,
  properties: {
    errors: {
      type: "object",
      minProperties: 1,
      additionalProperties: { type: "array", minItems: 1, items: { type: "string" } },
    },
  },
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
// The package is CommonJS, whose default export TypeScript sees as a member.
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(
  {
    ...contract,
    components: {
      ...contract.components,
      schemas: { ...contract.components.schemas, GenericErrorModel: genericErrorModel },
    },
  },
  "contract",
);

/** The operations of the contract: `"GET /articles/{slug}"`. */
export const operations: readonly string[] = Object.entries(contract.paths).flatMap(
  ([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

/** Each as its method and the pattern of its paths; those that have no placeholder come first. */
const patterns = operations
  .map((name) => {
    const [method = "", path = ""] = name.split(" ");
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return { name, method, pattern };
  })
  .toSorted((one, other) => Number(one.name.includes("{")) - Number(other.name.includes("{")));

/** The operation of a request: `"GET /articles/{slug}"` of `"GET"` and `"/articles/any"`. */
export function operationOf(method: string, path: string): string {
  const found = patterns.find((each) => each.method === method && each.pattern.test(path));
  if (found === undefined) throw new Error(`The contract has no ${method} ${path}`);
  return found.name;
}

/** Holds an answer against what the contract says of its operation and status. */
export function expectContract(operation: string, { status, headers, body }: Answered): void {
  const name = schemaOf(operation, status);
  if (name === undefined) {
    expect({ operation, status, body }).toEqual({ operation, status, body: undefined });
    return;
  }
  expect(headers.get("content-type")).toBe("application/json");
  const validate = ajv.getSchema(`contract#${name}`);
  if (validate === undefined) throw new Error(`The contract has no ${name}`);
  const issues = validate(body) ? [] : validate.errors;
  expect({ operation, status, issues }).toEqual({ operation, status, issues: [] });
}

/** Where the schema of an answer stands: that of errors for statuses that the contract has not. */
function schemaOf(operation: string, status: number): string | undefined {
  const [method = "", path = ""] = operation.split(" ");
  const operations = contract.paths[path]?.[method.toLowerCase()];
  const response = operations?.responses[status]?.$ref.split("/").at(-1) ?? "";
  if (status === 204) return undefined;
  const { content = {} } = contract.components.responses[response] ?? {};
  if ("application/json" in content) {
    return `/components/responses/${response}/content/application~1json/schema`;
  }
  expect(status, `${operation} answers what the contract does not know`).toBeGreaterThan(399);
  return "/components/schemas/GenericErrorModel";
}
