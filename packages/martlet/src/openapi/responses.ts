/**
 * The responses of an operation: its outcomes, and its problems grouped by status.
 *
 * @module
 */
import {
  type AnyProblem,
  ContentTooLarge,
  InvalidInput,
  MalformedBody,
  UnsupportedMediaType,
} from "../errors.ts";
import { isBodyless } from "../http/answer.ts";
import { invalidInputExtension, type ProblemFormat } from "../http/problem.ts";
import type { ContentDescriber } from "../http/representation.ts";
import type { Outcomes } from "../http/serialize.ts";
import type { Plan } from "../plan.ts";
import type { Components } from "./components.ts";
import type { JsonSchema, OperationObject } from "./document.ts";
import { discriminatorOf } from "./json.ts";
import { phraseOf } from "./phrases.ts";

type Responses = OperationObject["responses"];

/** The responses of a route's outcomes. */
export function successes(outcomes: Outcomes, describer: ContentDescriber): Responses {
  const responses: Responses = {};
  for (const [status, each] of outcomes) {
    const content = isBodyless(status) ? undefined : each?.describe(describer);
    responses[status] = {
      description: phraseOf(status),
      ...(content !== undefined && { content }),
    };
  }
  return responses;
}

/** What the problems of an operation are told with. */
export interface ProblemParts {
  readonly components: Components;
  readonly format: ProblemFormat;
}

/** The problems of a plan: those its callables declare, and those its parameters can cause. */
export function problems(
  { phases, throws }: Pick<Plan, "phases" | "throws">,
  parts: ProblemParts,
): Responses {
  const caused: AnyProblem[] = [
    ...(phases.has("body") ? [MalformedBody, ContentTooLarge, UnsupportedMediaType] : []),
    ...(phases.has("input") || phases.has("body") ? [InvalidInput] : []),
  ];
  const byStatus = new Map<number, Map<string, AnyProblem>>();
  for (const each of [...(throws as readonly AnyProblem[]), ...caused]) {
    const group = byStatus.get(each.status) ?? new Map<string, AnyProblem>();
    byStatus.set(each.status, group.set(each.code, each));
  }
  const responses: Responses = {};
  for (const [status, group] of [...byStatus].toSorted(([a], [b]) => a - b)) {
    const kinds = [...group.values()];
    responses[status] = {
      description: kinds.map((each) => each.title).join(", or "),
      content: { [parts.format.mediaType]: { schema: oneOfThem(kinds, parts) } },
    };
  }
  return responses;
}

/** The schema of whichever problem it is. */
function oneOfThem(kinds: readonly AnyProblem[], parts: ProblemParts): JsonSchema {
  const told = kinds.map((each) => problemSchema(each, parts));
  const unique = [...new Map(told.map((each) => [JSON.stringify(each.schema), each])).values()];
  const references = unique.map(({ name, schema }) => parts.components.named(name, schema));
  if (references.length === 1) return references[0] as JsonSchema;
  // `oneOf` promises that no two of them fit, which is known only where a member tells them apart.
  const apart = discriminatorOf(unique.map((each) => each.schema)) !== undefined;
  return { [apart ? "oneOf" : "anyOf"]: references };
}

function problemSchema(
  kind: AnyProblem,
  { components, format }: ProblemParts,
): { readonly name: string; readonly schema: JsonSchema } {
  const { status, code, title } = kind;
  const extension: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(kind.shape)) {
    extension[name] = components.schema(schema, "output");
  }
  const told = code === InvalidInput.code ? invalidInputExtension : extension;
  const schema = format.schema({ status, code, title, extension: told });
  if (typeof schema["title"] === "string" && schema["title"] !== title) {
    return { name: pascal(schema["title"]), schema };
  }
  const anyKind = format.schema({ status: 0, code: "", title: "", extension: told });
  const isGeneral = JSON.stringify(anyKind) === JSON.stringify(schema);
  return { name: isGeneral ? "Problem" : problemName(title), schema };
}

/** `"Item not found"` gives `"ItemNotFoundProblem"`. */
function problemName(title: string): string {
  const name = pascal(title);
  return /(?:Problem|Error)$/.test(name) ? name : `${name}Problem`;
}

function pascal(title: string): string {
  const words = title.split(/[^A-Za-z0-9]+/).filter((each) => each !== "");
  return words.map((each) => each.charAt(0).toUpperCase() + each.slice(1)).join("");
}
