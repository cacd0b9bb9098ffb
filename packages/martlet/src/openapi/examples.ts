/**
 * Named examples: those that a route gives of its parameters, its body and its responses.
 *
 * @module
 */
import { Fault } from "../fault.ts";
import { headerName } from "../params/header.ts";
import type { Examples, OperationExamples } from "./description.ts";
import type { Content, MediaTypeObject, OperationObject, ParameterObject } from "./document.ts";
import { mapped } from "./json.ts";

/** The operation with its examples. */
export function withExamples(
  operation: OperationObject,
  examples: OperationExamples,
): OperationObject {
  const { parameters, requestBody, responses } = operation;
  return {
    ...operation,
    ...(parameters && {
      parameters: parameters.map((each) => exemplified(each, ofParameter(each, examples))),
    }),
    ...(requestBody && {
      requestBody: { ...requestBody, content: inAll(requestBody.content, examples.body) },
    }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, { content, ...rest }]) => {
        const told = content && inAll(content, examples.responses?.[status]);
        return [status, { ...rest, ...(told && { content: told }) }];
      }),
    ),
  };
}

/** Examples of what the operation does not have. */
export function* exampleFaults(
  operation: OperationObject,
  examples: OperationExamples,
  trail: readonly string[],
): Generator<Fault> {
  const { parameters = [], requestBody, responses } = operation;
  const missing = (what: string): Fault =>
    new Fault("M014", `There are examples of ${what}, which the route does not have`, {
      trail: [...trail, "examples"],
      hint: "Declare it, or take the examples away.",
    });
  for (const place of ["path", "query", "header", "cookie"] as const) {
    for (const name of Object.keys(examples[place] ?? {})) {
      const isThere = parameters.some((each) => each.in === place && isCalled(each, name));
      if (!isThere) yield missing(`the ${place} parameter "${name}"`);
    }
  }
  if (examples.body !== undefined && requestBody === undefined) yield missing("a body");
  for (const status of Object.keys(examples.responses ?? {})) {
    if (responses[status]?.content === undefined) yield missing(`the response ${status}`);
  }
}

function ofParameter(
  parameter: ParameterObject,
  examples: OperationExamples,
): Examples | undefined {
  const found = Object.entries(examples[parameter.in] ?? {});
  return found.find(([name]) => isCalled(parameter, name))?.[1];
}

/** Whether a parameter was declared by a name: headers are told as they are sent. */
function isCalled(parameter: ParameterObject, name: string): boolean {
  return parameter.name === (parameter.in === "header" ? headerName(name) : name);
}

/** The content with the same examples in each of its media types. */
function inAll(content: Content, examples: Examples | undefined): Content {
  return mapped(content, (each) => exemplified(each, examples));
}

/** With named examples there may be no other one (section 4.8.12). */
function exemplified<T extends ParameterObject | MediaTypeObject>(
  each: T,
  examples: Examples | undefined,
): T {
  if (examples === undefined) return each;
  const { example: _example, ...rest } = each;
  // Only the one member was taken away, and one that both have is put there.
  return { ...rest, examples: { ...each.examples, ...examples } } as T;
}
