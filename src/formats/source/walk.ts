import type { Node } from './parse.ts';
import { oxcParser } from './parser.ts';

/** What a visitor answers: `false` leaves the children of the node out. */
export type Visit = (node: Node, ancestors: readonly Node[]) => unknown;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** The direct children of a node, in the order of the text. */
export function children(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (const key of oxcParser().visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key);
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) found.push(item);
  }
  return found;
}

/**
 * Visits a node and all below it, parents first. `ancestors` goes from the root to the parent and is the same array for all calls:
 * copy it to keep it.
 */
export function walk(root: Node, visit: Visit): void {
  const ancestors: Node[] = [];
  const go = (node: Node): void => {
    if (visit(node, ancestors) === false) return;
    ancestors.push(node);
    for (const child of children(node)) go(child);
    ancestors.pop();
  };
  go(root);
}
