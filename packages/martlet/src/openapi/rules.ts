/**
 * Rules: what OpenAPI asks of descriptions and no signature can break, checked at start.
 *
 * @module
 */
import { Fault } from "../fault.ts";
import type { Endpoint } from "../routing/endpoint.ts";
import { layers, nearest, operationIdOf } from "../routing/inheritance.ts";
import type { DocumentInfo, Webhook } from "./description.ts";
import type { ServerObject } from "./document.ts";
import { exampleFaults } from "./examples.ts";
import { describeRoute, type OperationContext } from "./route-operation.ts";
import { outgoingPlan } from "./webhook.ts";

/** What is wrong with what the application says of itself. */
export function* infoFaults(info: DocumentInfo): Generator<Fault> {
  const { license, servers = [], tags = [] } = info;
  if (license?.identifier !== undefined && license.url !== undefined) {
    yield new Fault("M014", "The license has an identifier and a url", {
      hint: "Take one of them away: they say the same.",
    });
  }
  for (const each of servers) yield* serverFaults(each, ["servers"]);
  const parents = new Map(tags.map((each) => [each.name, each.parent]));
  if (parents.size < tags.length) {
    yield new Fault("M014", "Two tags have one name", {
      hint: "Make one of them.",
      trail: ["tags"],
    });
  }
  for (const { name, parent } of tags) {
    if (parent === undefined || isRooted(name, parents)) continue;
    yield new Fault("M014", `The parents of the tag "${name}" lead nowhere, or in a circle`, {
      hint: "Let each `parent` be the name of another tag of the list.",
      trail: ["tags"],
    });
  }
}

/** Whether the parents of a tag come to an end, all of them in the list. */
function isRooted(name: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  let current: string | undefined = name;
  for (let count = 0; current !== undefined && count <= parents.size; count += 1) {
    if (!parents.has(current)) return false;
    current = parents.get(current);
  }
  return current === undefined;
}

function* serverFaults(
  { url, variables = {} }: ServerObject,
  trail: readonly string[],
): Generator<Fault> {
  const used = [...url.matchAll(/\{([^{}]*)\}/g)].map((each) => each[1] as string);
  for (const name of used.filter((each) => !Object.hasOwn(variables, each))) {
    yield new Fault("M014", `The server ${url} has no variable "${name}"`, {
      hint: `Declare it: variables: { ${name}: { default: "…" } }.`,
      trail,
    });
  }
  for (const [name, variable] of Object.entries(variables)) {
    if (!used.includes(name)) {
      yield new Fault("M014", `The variable "${name}" is not in the server ${url}`, {
        hint: `Put {${name}} into the URL, or take the variable away.`,
        trail,
      });
    }
    if (variable.enum?.includes(variable.default) ?? true) continue;
    yield new Fault("M014", `The default of the variable "${name}" is not among its values`, {
      hint: "Add it to `enum`, or choose another.",
      trail,
    });
  }
}

/** What is wrong with what is said of routes, and of what the application sends. */
export function* descriptionFaults(
  info: DocumentInfo,
  endpoints: readonly Endpoint[],
  context: OperationContext,
): Generator<Fault> {
  const ids = new Set(endpoints.map(({ route }) => operationIdOf(route)));
  for (const [name, each] of Object.entries(info.webhooks ?? {})) {
    yield* planFaults(each);
    if (!ids.has(name)) continue;
    yield new Fault("M011", `A route and a webhook have the operationId "${name}"`, {
      hint: "Give one of them another name.",
    });
  }
  for (const endpoint of endpoints) yield* routeFaults(endpoint, context);
}

function* routeFaults({ route, plan }: Endpoint, context: OperationContext): Generator<Fault> {
  const trail = [`${route.method} ${route.path}`];
  for (const each of nearest(route, "servers") ?? []) {
    yield* serverFaults(each, [...trail, "servers"]);
  }
  for (const status of layers(route, "responses").flatMap(Object.keys)) {
    if (/^(?:[1-5](?:\d\d|XX)|default)$/.test(status)) continue;
    yield new Fault("M014", `"${status}" is no status of a response`, {
      hint: 'Write one as 404, all of a kind as "4XX", and all others as "default".',
      trail: [...trail, "responses"],
    });
  }
  for (const all of layers(route, "callbacks")) {
    for (const each of Object.values(all)) yield* planFaults(each);
  }
  const { examples } = route.data.options;
  if (examples === undefined) return;
  yield* exampleFaults(describeRoute(route, plan, context), examples, trail);
}

/** What the plan of a webhook or callback reports. */
function planFaults(webhook: Webhook): readonly Fault[] {
  const faults: Fault[] = [];
  outgoingPlan(webhook, (fault) => void faults.push(fault));
  return faults;
}
