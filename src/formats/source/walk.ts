import { oxcParser } from './parser.ts';
import type { Node } from './types.ts';

/** What a visitor answers: `false` leaves the children of the node out. */
export type Visit = (node: Node, ancestors: readonly Node[]) => unknown;

/** What stands under a key that the parser names for visitors. */
type Below = Node | readonly (Node | null)[] | null | undefined;

/** A tree as a list, parents first: the depth of each node, the index of its parent, the index behind the last one below it, and those of each type. */
type Flat = {
  readonly nodes: Node[];
  readonly depths: number[];
  readonly parents: number[];
  readonly ends: number[];
  readonly byType: Map<string, number[]>;
  /** what was asked for by types, since many readers ask for the same ones */
  readonly selected: Map<string, readonly Node[]>;
};

const flats = new WeakMap<Node, Flat>();

/** A whole file is read by many visitors: its list is made once. */
function flatten(root: Node): Flat {
  const known = flats.get(root);
  if (known) return known;
  const flat: Flat = { nodes: [], depths: [], parents: [], ends: [], byType: new Map(), selected: new Map() };
  const keys: Readonly<Record<string, readonly string[]>> = oxcParser().visitorKeys;
  const { nodes, depths, parents, ends, byType } = flat;
  // plain loops: this runs for every node of every file, most often before it is worth compiling
  const go = (node: Node, depth: number, parent: number): void => {
    const at = nodes.length;
    nodes.push(node);
    depths.push(depth);
    parents.push(parent);
    ends.push(0);
    const same = byType.get(node.type);
    if (same) same.push(at);
    else byType.set(node.type, [at]);
    const own = keys[node.type] ?? [];
    for (let index = 0; index < own.length; index += 1) {
      const below = (node as unknown as Readonly<Record<string, Below>>)[own[index] ?? ''];
      if (!below) continue;
      if ('type' in below) go(below, depth + 1, at);
      else for (let item = 0; item < below.length; item += 1) goIn(below[item], depth + 1, at);
    }
    ends[at] = nodes.length;
  };
  const goIn = (node: Node | null | undefined, depth: number, parent: number): void => {
    if (node) go(node, depth, parent);
  };
  go(root, 0, -1);
  if (root.type === 'Program') flats.set(root, flat);
  return flat;
}

/** The indexes of the nodes of some types, parents first. */
function placesOf({ byType }: Flat, types: readonly string[]): readonly number[] {
  if (types.length === 1) return byType.get(types[0] ?? '') ?? [];
  const places: number[] = [];
  for (const type of types) for (const at of byType.get(type) ?? []) places.push(at);
  return places.sort((a, b) => a - b);
}

/** The nodes of some types below a node, and the node itself, parents first: for readers that need neither ancestors nor leave branches out. */
export function nodesOf<T extends Node['type']>(
  root: Node,
  ...types: readonly T[]
): readonly Extract<Node, { type: T }>[] {
  const flat = flatten(root);
  const key = types.length === 1 ? (types[0] ?? '') : types.join();
  let found = flat.selected.get(key);
  if (!found) {
    const nodes: Node[] = [];
    for (const at of placesOf(flat, types)) {
      const node = flat.nodes[at];
      if (node) nodes.push(node);
    }
    found = nodes;
    flat.selected.set(key, found);
  }
  return found as readonly Extract<Node, { type: T }>[];
}

/** Visits the nodes of some types, parents first, each with its ancestors from the root to the parent. */
export function visitTypes(root: Node, types: readonly Node['type'][], visit: Visit): void {
  const flat = flatten(root);
  for (const at of placesOf(flat, types)) {
    const node = flat.nodes[at];
    if (node) visit(node, ancestorsAt(flat, at));
  }
}

function ancestorsAt({ nodes, parents }: Flat, at: number): readonly Node[] {
  const ancestors: Node[] = [];
  for (let up = parents[at] ?? -1; up >= 0; up = parents[up] ?? -1) {
    const node = nodes[up];
    if (node) ancestors.push(node);
  }
  return ancestors.reverse();
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
