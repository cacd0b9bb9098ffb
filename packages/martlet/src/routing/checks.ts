/**
 * What is checked of routes at start, beyond what their plans report.
 *
 * @module
 */
import { Fault } from "../fault.ts";
import { deprecationFaults } from "./deprecation.ts";
import type { Endpoint } from "./endpoint.ts";
import { operationIdOf } from "./inheritance.ts";
import type { Found } from "./router.ts";
import { socketMethod } from "./socket-data.ts";
import type { RouteTree } from "./tree.ts";

const wellFormed = /^(?:\/(?:[^{}/]|\{\w+\})*)*(?:\/\{\w+\*\})?$/;

/** Malformed paths and prefixes, and names that hold nothing. */
export function* pathFaults({ routes, routers, missing, bare }: Found): Generator<Fault> {
  for (const { prefix } of routers) {
    if (prefix === "" || (wellFormed.test(prefix) && !prefix.endsWith("/"))) continue;
    yield new Fault("M008", `The prefix "${prefix}" is malformed`, {
      hint: 'A prefix starts with "/" and does not end with one: "/items".',
    });
  }
  for (const { method, path } of routes) {
    if (wellFormed.test(path) && path !== "") continue;
    yield new Fault("M008", `The path of ${method} ${path} is malformed`, {
      hint: 'A path starts with "/", and its placeholders are {name} or, at the end, {name*}.',
    });
  }
  const ids = new Map<string, string>();
  for (const route of routes) {
    const { method, path } = route;
    const id = operationIdOf(route);
    const other = ids.get(id);
    if (other !== undefined) {
      yield new Fault("M011", `${other} and ${method} ${path} have the operationId "${id}"`, {
        hint: "Give one of them another operationId.",
      });
    }
    ids.set(id, `${method} ${path}`);
  }
  yield* nameFaults(missing, bare);
}

/** Names that hold nothing, and records that no router was made of. */
function* nameFaults(missing: Found["missing"], bare: Found["bare"]): Generator<Fault> {
  for (const names of bare) {
    const name = names.at(-1) ?? "";
    yield new Fault(
      "M016",
      `"${names.join(".")}" is a record of routes, which nobody would serve`,
      {
        hint: `Make a router of it: router("/${name}", ${name}).`,
      },
    );
  }
  for (const names of missing) {
    yield new Fault("M016", `"${names.join(".")}" is undefined`, {
      hint: "Two modules that import each other leave one of them empty: move what they share.",
    });
  }
}

/** Puts an endpoint into the tree; gives what is wrong with it. */
export function* routeFaults(endpoint: Endpoint, tree: RouteTree<Endpoint>): Generator<Fault> {
  const { route, plan } = endpoint;
  const name = `${route.method} ${route.path}`;
  yield* deprecationFaults(route);
  const known = tree.add(route.method, route.path, endpoint);
  if (known !== undefined) {
    const other = known.route.names.join(".");
    yield new Fault("M001", `${name} is answered by "${other}" and by "${route.names.join(".")}"`, {
      hint: "Remove one of them, or give it another path.",
    });
  }
  const placeholders = [...route.path.matchAll(/\{(\w+)\*?\}/g)].map((each) => each[1] as string);
  for (const each of new Set(plan.pathNames)) {
    if (placeholders.includes(each)) continue;
    yield new Fault(
      "M002",
      `${name} reads "{${each}}", which is in neither its path nor a prefix`,
      {
        hint: `Put {${each}} into the path of the route or into the prefix of a router around it.`,
      },
    );
  }
  for (const each of placeholders) {
    if (plan.pathNames.includes(each)) continue;
    yield new Fault("M003", `"{${each}}" in ${name} is declared nowhere`, {
      hint: `Declare it: path: { ${each}: z.string() }.`,
    });
  }
  if (plan.phases.has("body") && route.method === socketMethod) {
    yield new Fault("M020", `${name} reads a body, and a handshake has none`, {
      hint: "Read the query instead, or the first message.",
    });
  }
  if (plan.phases.has("body") && /^(?:GET|HEAD|TRACE)$/.test(route.method)) {
    yield new Fault("M013", `${name} declares a body`, {
      hint: "Read the query instead, or use POST.",
    });
  }
}
