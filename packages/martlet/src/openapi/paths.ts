/**
 * Paths: the operations of a document, each where OpenAPI has a place for it.
 *
 * @module
 */
import type { PlacedRoute } from "../routing/router.ts";
import type { OpenApiVersion } from "./description.ts";
import type { OperationObject, PathItem } from "./document.ts";
import { mapped } from "./json.ts";
import { placeOf } from "./version.ts";

/** The operations of a path item. */
interface Operations {
  /** Those whose method has a place of its own, by method in lower case. */
  readonly own: Record<string, OperationObject>;
  /** The others, by method as it is sent. */
  readonly additional: Record<string, OperationObject>;
}

function operationsIn({ additionalOperations: additional = {}, ...rest }: PathItem): Operations {
  // A document that a developer has changed may say more of a path: a summary, or parameters.
  const members = Object.entries(rest as Record<string, unknown>);
  const own = members.filter(([, each]) => isOperation(each));
  return { own: Object.fromEntries(own) as Operations["own"], additional };
}

function isOperation(member: unknown): member is OperationObject {
  return typeof member === "object" && member !== null && !Array.isArray(member);
}

function pathItem({ own, additional }: Operations): PathItem {
  const isEmpty = Object.keys(additional).length === 0;
  // TypeScript has no type for a record whose one member is of another kind.
  return { ...own, ...(!isEmpty && { additionalOperations: additional }) } as PathItem;
}

/** The operations of a record of path items, those of callbacks too. */
export function operationsOf(
  items: Readonly<Record<string, PathItem>>,
): readonly OperationObject[] {
  return Object.values(items).flatMap((item) => {
    const { own, additional } = operationsIn(item);
    const all = [own, additional].flatMap((each) => Object.values(each));
    const inner = all.flatMap((each) => Object.values(each.callbacks ?? {}));
    return all.concat(inner.flatMap(operationsOf));
  });
}

/** A copy of a record of path items in which every operation is changed, callbacks first. */
export function mapOperations(
  items: Readonly<Record<string, PathItem>>,
  change: (operation: OperationObject) => OperationObject,
): Record<string, PathItem> {
  const changed = (operation: OperationObject): OperationObject => {
    const { callbacks } = operation;
    if (callbacks === undefined) return change(operation);
    const inner = mapped(callbacks, (each) => mapOperations(each, change));
    return change({ ...operation, callbacks: inner });
  };
  return mapped(items, (item) => {
    const { own, additional } = operationsIn(item);
    return pathItem({ own: mapped(own, changed), additional: mapped(additional, changed) });
  });
}

/** The path item that holds one operation. */
export function itemOf(
  method: string,
  operation: OperationObject,
  version: OpenApiVersion,
): PathItem {
  const place = placeOf(method, version);
  return pathItem({
    own: place === "own" ? { [method.toLowerCase()]: operation } : {},
    additional: place === "additional" ? { [method]: operation } : {},
  });
}

/** The paths of a document, as OpenAPI can write them. */
export class Paths {
  readonly paths: Record<string, PathItem> = {};
  readonly #version: OpenApiVersion;
  /** Paths by their shape: what is left when placeholders have no names. */
  readonly #shapes = new Map<string, string>();

  constructor(version: OpenApiVersion) {
    this.#version = version;
  }

  /** Puts an operation at the path of its route, if there is a place for its method. */
  add({ method, path }: PlacedRoute, operation: OperationObject): void {
    const place = this.#place(path, method);
    const [own, told] = [path, place].map(placeholders);
    const parameters = operation.parameters?.map((each) => {
      const index = each.in === "path" ? (own?.indexOf(each.name) ?? -1) : -1;
      return { ...each, name: told?.[index] ?? each.name };
    });
    const settled = {
      ...operation,
      ...(parameters && { parameters }),
      ...(place !== path && { "x-martlet-path": path }),
    };
    const [known, added] = [this.paths[place] ?? {}, itemOf(method, settled, this.#version)].map(
      operationsIn,
    );
    this.paths[place] = pathItem({
      own: { ...known?.own, ...added?.own },
      additional: { ...known?.additional, ...added?.additional },
    });
  }

  /**
   * The path to tell an operation at: OpenAPI has one kind of placeholder, and may not have two paths
   * that differ only in what their placeholders are called (section 4.8.8.2).
   */
  #place(path: string, method: string): string {
    const plain = path.replaceAll("*}", "}");
    const shape = plain.replaceAll(/\{\w+\}/g, "{}");
    const known = this.#shapes.get(shape) ?? plain;
    this.#shapes.set(shape, known);
    if (!this.#holds(known, method)) return known;
    // `/files/{name}` and `/files/{path*}` are told alike, and both may answer the same method.
    let place = plain;
    while (this.#holds(place, method)) place = place.replace(/\}(?=[^}]*$)/, "_}");
    return place;
  }

  #holds(place: string, method: string): boolean {
    const { own, additional } = operationsIn(this.paths[place] ?? {});
    return method in additional || method.toLowerCase() in own;
  }
}

function placeholders(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\*?\}/g)].map((each) => each[1] as string);
}
