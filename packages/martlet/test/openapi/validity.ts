/**
 * Whether an OpenAPI document is valid, by two opinions: the schema of the specification, and the
 * strict rules of a linter.
 *
 * @module
 */
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { Document } from "martlet";

/** Everything that the two object to, one line each. */
export async function objections(document: Document): Promise<string[]> {
  return [...(await ofSpecification(document)), ...(await ofLinter(document))];
}

async function ofSpecification(document: Document): Promise<string[]> {
  const validator = new Validator();
  type Specification = Parameters<Validator["validate"]>[0];
  const copy = JSON.parse(JSON.stringify(document)) as Specification;
  const { valid, errors } = await validator.validate(copy);
  return valid ? [] : [`specification: ${JSON.stringify(errors)}`];
}

/** The rules that documents of Martlet break on purpose. */
const exceptions = {
  // A route that takes nothing has no answer of its own below 500.
  "operation-4xx-response": "off",
} as const;

async function ofLinter(document: Document): Promise<string[]> {
  const config = await createConfig({ extends: ["recommended-strict"], rules: exceptions });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ ruleId, message, location }) => {
    const places = location.map((each) => each.pointer ?? "").join(" ");
    return `linter: ${ruleId}: ${message} at ${places}`;
  });
}
