import { UserError } from '../../model/errors.ts';
import type { Place } from './model.ts';

export type Value = string | number | boolean | null;

/** A value of a compose file with where it was written: an entry of a mapping has the line of its key, an item that of its dash. */
export type Node = Scalar | Seq | Mapping;
/** `text` is how compose prints the value as a string: `1.0` is `1`, `0x10` is `16`. */
export type Scalar = { readonly type: 'scalar'; readonly value: Value; readonly text: string; readonly at: Place };
export type Seq = { readonly type: 'seq'; readonly items: readonly Node[]; readonly at: Place };
/** A Map, as names of a hostile file (`__proto__`) are keys like any other here. */
export type Mapping = { readonly type: 'map'; readonly entries: ReadonlyMap<string, Node>; readonly at: Place };

export const scalar = (value: Value, at: Place, text = String(value)): Scalar => ({ type: 'scalar', value, text, at });
export const seq = (items: readonly Node[], at: Place): Seq => ({ type: 'seq', items, at });
export const mapping = (entries: Iterable<readonly [string, Node]>, at: Place): Mapping => ({
  type: 'map',
  entries: new Map(entries),
  at,
});

/** A mapping of plain values, such as a short form written out. Undefined values are left out. */
export function record(values: Readonly<Record<string, Value | Node | undefined>>, at: Place): Mapping {
  const entries = Object.entries(values).flatMap(([key, value]): [string, Node][] =>
    value === undefined ? [] : [[key, isNode(value) ? value : scalar(value, at)]],
  );
  return mapping(entries, at);
}

const isNode = (value: Value | Node): value is Node => typeof value === 'object' && value !== null;

export const isNull = (node: Node | undefined): boolean =>
  node === undefined || (node.type === 'scalar' && node.value === null);

/** The string of a node; undefined where it is something else. */
export const stringOf = (node: Node | undefined): string | undefined =>
  node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;

/** The value of a key; undefined where there is none, or where the node is not a mapping. */
export const entry = (node: Node | undefined, key: string): Node | undefined =>
  node?.type === 'map' ? node.entries.get(key) : undefined;

/** The node at a path of keys; undefined where there is none. */
export const find = (node: Node | undefined, ...path: readonly string[]): Node | undefined => path.reduce(entry, node);

/** The entries of a mapping; none where the node is not a mapping. */
export const entriesOf = (node: Node | undefined): readonly (readonly [string, Node])[] =>
  node?.type === 'map' ? [...node.entries] : [];

/** A mapping with a key of another value, or without the key. */
export function withEntry(node: Mapping, key: string, value: Node | undefined): Mapping {
  const entries = new Map(node.entries);
  if (value === undefined) entries.delete(key);
  else entries.set(key, value);
  return { ...node, entries };
}

/** A mapping with each value changed; undefined leaves the key out. */
export function mapEntries(node: Mapping, change: (value: Node, key: string) => Node | undefined): Mapping {
  const entries = [...node.entries].flatMap(([key, value]): [string, Node][] => {
    const changed = change(value, key);
    return changed === undefined ? [] : [[key, changed]];
  });
  return { ...node, entries: new Map(entries) };
}

/** The data of a node. */
export function dataOf(node: Node): unknown {
  if (node.type === 'scalar') return node.value;
  if (node.type === 'seq') return node.items.map(dataOf);
  // defines each key as its own property, `__proto__` too
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, dataOf(value)]));
}

/** Where the part at a path was written, or the nearest part around it. */
export function placeOf(root: Node, path: readonly (string | number)[]): Place {
  let node = root;
  for (const key of path) {
    const next = node.type === 'seq' ? node.items[Number(key)] : entry(node, String(key));
    if (next === undefined) break;
    node = next;
  }
  return node.at;
}

/** An error in a compose file: one sentence without the file's name, which is said with the line. */
export const invalid = (message: string, where: Place, code = 'compose-invalid'): UserError =>
  new UserError({
    code,
    message,
    where: { file: where.file, line: where.line },
    next: ['Fix the line and run the command again.'],
  });

/** Counts the work that the files ask for, so that a small file cannot ask for hours of it. */
export type WorkBudget = { readonly spend: (count: number, at: Place) => void };

/** How many nodes are read, copied or merged: a compose file of a thousand services needs less. */
const MAX_NODES = 500_000;

export function newBudget(): WorkBudget {
  let spent = 0;
  return {
    spend: (count, at) => {
      spent += count;
      if (spent > MAX_NODES) {
        const message = `The compose files contain more than ${MAX_NODES} values, including those repeated by anchors and \`extends\`.`;
        throw invalid(message, at, 'compose-too-large');
      }
    },
  };
}
