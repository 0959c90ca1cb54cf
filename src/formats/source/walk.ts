import { oxcParser } from './parser.ts';
import type { Node } from './types.ts';

/** What a visitor answers: `false` leaves the children of the node out. */
export type Visit = (node: Node, ancestors: readonly Node[]) => unknown;

/** What stands under a key that the parser names for visitors. */
type Below = Node | readonly (Node | null)[] | null | undefined;

/** A tree as a list, parents first: the depth of each node, the index behind the last one below it, and where those of each type are. */
type Flat = {
  readonly nodes: Node[];
  readonly depths: number[];
  readonly ends: number[];
  readonly byType: Map<string, number[]>;
};

const flats = new WeakMap<Node, Flat>();

/** A whole file is read by many visitors: its list is made once. */
function flatten(root: Node): Flat {
  const known = flats.get(root);
  if (known) return known;
  const flat: Flat = { nodes: [], depths: [], ends: [], byType: new Map() };
  const keys: Readonly<Record<string, readonly string[]>> = oxcParser().visitorKeys;
  const { nodes, depths, ends, byType } = flat;
  // plain loops: this runs for every node of every file, most often before it is worth compiling
  const go = (node: Node, depth: number): void => {
    const at = nodes.length;
    nodes.push(node);
    depths.push(depth);
    ends.push(0);
    const same = byType.get(node.type);
    if (same) same.push(at);
    else byType.set(node.type, [at]);
    const own = keys[node.type] ?? [];
    for (let index = 0; index < own.length; index += 1) {
      const below = (node as unknown as Readonly<Record<string, Below>>)[own[index] ?? ''];
      if (!below) continue;
      if ('type' in below) go(below, depth + 1);
      else for (let item = 0; item < below.length; item += 1) goIn(below[item], depth + 1);
    }
    ends[at] = nodes.length;
  };
  const goIn = (node: Node | null | undefined, depth: number): void => {
    if (node) go(node, depth);
  };
  go(root, 0);
  if (root.type === 'Program') flats.set(root, flat);
  return flat;
}

/** The nodes of some types below a node, and the node itself, parents first: for readers that need neither ancestors nor leave branches out. */
export function nodesOf<T extends Node['type']>(
  root: Node,
  ...types: readonly T[]
): readonly Extract<Node, { type: T }>[] {
  const { nodes, byType } = flatten(root);
  const places = types.flatMap((type) => byType.get(type) ?? []);
  if (types.length > 1) places.sort((a, b) => a - b);
  return places.flatMap((at) => (nodes[at] ?? []) as Extract<Node, { type: T }>);
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
