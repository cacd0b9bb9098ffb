/**
 * Finds the route of a request: a tree of path segments with one leaf for each method. A static
 * segment wins over one with a placeholder, that over a whole placeholder, and that over the rest of
 * the path, whatever was declared first; where the winner does not take the method, the next is tried.
 *
 * @module
 */

/** What {@link RouteTree.find} found. */
export interface Match<Leaf> {
  readonly leaf: Leaf;
  readonly params: Readonly<Record<string, string>>;
}

/** What stands at one place of the tree: a leaf for each method, with its placeholders' names. */
type Leaves<Leaf> = Map<string, { readonly leaf: Leaf; readonly names: readonly string[] }>;

interface Pattern<Leaf> {
  readonly text: string;
  readonly regexp: RegExp;
  readonly node: Node<Leaf>;
}

interface Node<Leaf> {
  readonly fixed: Map<string, Node<Leaf>>;
  /** Segments with text around a placeholder: `{id}.json`. The most text comes first. */
  readonly patterns: Pattern<Leaf>[];
  whole: Node<Leaf> | undefined;
  rest: Leaves<Leaf> | undefined;
  readonly leaves: Leaves<Leaf>;
}

/** The method of a leaf that takes every method which no other leaf of its place takes. */
export const anyMethod = "*";

const noParams: Readonly<Record<string, string>> = Object.freeze({});

/** A table of routes. */
export class RouteTree<Leaf> {
  readonly #root: Node<Leaf> = node();
  readonly #static = new Map<string, Leaves<Leaf>>();

  /** Adds a leaf. Gives the one that stands there already, if there is one, and adds nothing. */
  add(method: string, path: string, leaf: Leaf): Leaf | undefined {
    const names: string[] = [];
    const leaves = this.#place(path, names);
    const known = leaves.get(method);
    if (known !== undefined) return known.leaf;
    leaves.set(method, { leaf, names });
    if (names.length === 0) this.#static.set(path, leaves);
    return undefined;
  }

  /** The leaf for a method and a path as it was sent; the methods that the path takes if none fits. */
  find(method: string, path: string): Match<Leaf> | ReadonlySet<string> {
    const direct = this.#static.get(path)?.get(method);
    if (direct !== undefined) return { leaf: direct.leaf, params: noParams };
    const methods = new Set<string>();
    for (const { leaves, values } of candidates(this.#root, segmentsOf(path), 0, [])) {
      const found = leaves.get(method) ?? leaves.get(anyMethod);
      if (found !== undefined) return { leaf: found.leaf, params: paramsOf(found.names, values) };
      for (const each of leaves.keys()) methods.add(each);
    }
    return methods;
  }

  #place(path: string, names: string[]): Leaves<Leaf> {
    let current = this.#root;
    for (const segment of path.slice(1).split("/")) {
      const rest = /^\{(\w+)\*\}$/.exec(segment)?.[1];
      if (rest !== undefined) {
        names.push(rest);
        return (current.rest ??= new Map());
      }
      current = step(current, segment, names);
    }
    return current.leaves;
  }
}

function node<Leaf>(): Node<Leaf> {
  return { fixed: new Map(), patterns: [], whole: undefined, rest: undefined, leaves: new Map() };
}

/** The node below `from` for a declared segment, made if there is none. */
function step<Leaf>(from: Node<Leaf>, segment: string, names: string[]): Node<Leaf> {
  const found = [...segment.matchAll(/\{(\w+)\}/g)].map((each) => each[1] as string);
  names.push(...found);
  if (found.length === 0) {
    const known = from.fixed.get(segment) ?? node();
    from.fixed.set(segment, known);
    return known;
  }
  if (found.length === 1 && segment.startsWith("{") && segment.endsWith("}")) {
    return (from.whole ??= node());
  }
  const text = segment.replaceAll(/\{\w+\}/g, "{}");
  const known = from.patterns.find((each) => each.text === text);
  if (known !== undefined) return known.node;
  const source = text.split("{}").map(escapeRegExp).join("(.+?)");
  const pattern = { text, regexp: new RegExp(`^${source}$`, "s"), node: node<Leaf>() };
  from.patterns.push(pattern);
  from.patterns.sort((a, b) => b.text.length - a.text.length);
  return pattern.node;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** The segments of a path as it was sent, each decoded. `%2F` stays inside its segment. */
function segmentsOf(path: string): readonly string[] {
  const segments = path.slice(1).split("/");
  return path.includes("%") ? segments.map((each) => decodeURIComponent(each)) : segments;
}

interface Candidate<Leaf> {
  readonly leaves: Leaves<Leaf>;
  readonly values: readonly string[];
}

/** Every place that the path fits, the most particular first. */
function* candidates<Leaf>(
  from: Node<Leaf>,
  segments: readonly string[],
  index: number,
  values: readonly string[],
): Generator<Candidate<Leaf>> {
  const segment = segments[index];
  if (segment === undefined) {
    if (from.leaves.size > 0) yield { leaves: from.leaves, values };
    return;
  }
  const fixed = from.fixed.get(segment);
  if (fixed !== undefined) yield* candidates(fixed, segments, index + 1, values);
  for (const pattern of from.patterns) {
    const found = pattern.regexp.exec(segment)?.slice(1);
    if (found !== undefined) {
      yield* candidates(pattern.node, segments, index + 1, [...values, ...found]);
    }
  }
  if (from.whole !== undefined && segment !== "") {
    yield* candidates(from.whole, segments, index + 1, [...values, segment]);
  }
  if (from.rest !== undefined) {
    yield { leaves: from.rest, values: [...values, segments.slice(index).join("/")] };
  }
}

function paramsOf(
  names: readonly string[],
  values: readonly string[],
): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) params[name] = values[index] as string;
  return params;
}
