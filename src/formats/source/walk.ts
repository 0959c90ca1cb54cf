import type { Node } from './parse.ts';
import { oxcParser } from './parser.ts';

/** What a visitor answers: `false` leaves the children of the node out. */
export type Visit = (node: Node, ancestors: readonly Node[]) => unknown;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

let keys: Readonly<Record<string, readonly string[]>> | undefined;

/** The direct children of a node, in the order of the text. */
export function children(node: Node): readonly Node[] {
  const found: Node[] = [];
  keys ??= oxcParser().visitorKeys;
  for (const key of keys[node.type] ?? []) {
    const value: unknown = (node as unknown as Readonly<Record<string, unknown>>)[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

/** A tree as a list, parents first: the depth of each node, and the index behind the last one below it. */
type Flat = { readonly nodes: Node[]; readonly depths: number[]; readonly ends: number[] };

const flats = new WeakMap<Node, Flat>();

/** A whole file is read by many visitors: its list is made once. */
function flatten(root: Node): Flat {
  const known = flats.get(root);
  if (known) return known;
  const flat: Flat = { nodes: [], depths: [], ends: [] };
  const go = (node: Node, depth: number): void => {
    const at = flat.nodes.push(node) - 1;
    flat.depths.push(depth);
    flat.ends.push(0);
    for (const child of children(node)) go(child, depth + 1);
    flat.ends[at] = flat.nodes.length;
  };
  go(root, 0);
  if (root.type === 'Program') flats.set(root, flat);
  return flat;
}

/**
 * Visits a node and all below it, parents first. `ancestors` goes from the root to the parent and is the same array for all calls:
 * copy it to keep it.
 */
export function walk(root: Node, visit: Visit): void {
  const { nodes, depths, ends } = flatten(root);
  const ancestors: Node[] = [];
  for (let at = 0; at < nodes.length; ) {
    const node = nodes[at];
    const depth = depths[at] ?? 0;
    if (!node) break;
    ancestors.length = depth;
    const below = visit(node, ancestors);
    ancestors[depth] = node;
    at = below === false ? (ends[at] ?? nodes.length) : at + 1;
  }
}
