import { textOf } from './lists.ts';
import type { ComposeMap } from './model.ts';
import {
  entriesOf,
  invalid,
  isNull,
  type Mapping,
  mapEntries,
  mapping,
  type Node,
  scalar,
  seq,
  stringOf,
} from './nodes.ts';
import { bytes, decimalNumber, duration, float32, truth, wholeNumber } from './units.ts';
import { splitCommand } from './words.ts';

/**
 * How a key is printed: the value in its one form, or undefined where compose leaves the key out, as it says nothing. `path` is for messages.
 * Throws a UserError where the value is not of the right kind.
 */
export type Shape = (node: Node, path: string) => Node | undefined;

const wrong = (path: string, expected: string, node: Node) => invalid(`${path} must be ${expected}.`, node.at);

/** A shape of values that are there: what is null is left out. */
const known =
  (shape: Shape): Shape =>
  (node, path) =>
    isNull(node) ? undefined : shape(node, path);

/** Leaves out what says nothing: an empty string, list or mapping, 0 and false. */
export const filled =
  (shape: Shape): Shape =>
  (node, path) => {
    const done = shape(node, path);
    return done === undefined || isEmpty(done) ? undefined : done;
  };

function isEmpty(node: Node): boolean {
  if (node.type === 'seq') return node.items.length === 0;
  if (node.type === 'map') return node.entries.size === 0;
  return node.value === '' || node.value === 0 || node.value === false || node.value === null;
}

export const text = known((node, path) => {
  if (node.type !== 'scalar') throw wrong(path, 'a string', node);
  return scalar(node.text, node.at);
});

/** A shape that reads a scalar; the reader gives undefined where it cannot. */
const read = (expected: string, reader: (node: Node & { type: 'scalar' }) => string | number | boolean | undefined) =>
  known((node, path) => {
    const value = node.type === 'scalar' ? reader(node) : undefined;
    if (value === undefined) throw wrong(path, expected, node);
    return scalar(value, node.at);
  });

export const flag = read('true or false', ({ value, text: shown }) =>
  typeof value === 'boolean' ? value : typeof value === 'string' ? truth(shown) : undefined,
);
export const whole = read('a whole number', ({ text: shown }) => wholeNumber(shown));
export const decimal = read('a number', ({ text: shown }) => {
  const value = decimalNumber(shown);
  return value === undefined ? undefined : float32(value);
});
export const span = read('a duration such as 30s', ({ text: shown }) => duration(shown));
/** A size in bytes, as digits. `memswap_limit: -1` means no limit, and stays a number: compose does not read "-1" again. */
export const size = read('a size such as 512m', ({ value, text: shown }) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) return bytes(shown);
  return value < 0 ? value : shown;
});
/** The number of devices; all of them are -1. */
export const count = read('a number or all', ({ text: shown }) =>
  shown.toLowerCase() === 'all' ? -1 : wholeNumber(shown),
);
/** The mode of a file: `0440`. A string is octal, a number counts as it is. */
export const mode = read('a mode such as "0440"', ({ value, text: shown }) => {
  const number =
    typeof value === 'number'
      ? value
      : /^0?o?[0-7]{1,12}$/.test(shown)
        ? Number.parseInt(shown.replace('o', ''), 8)
        : -1;
  return number >= 0 ? `0${number.toString(8)}` : undefined;
});

export const list =
  (shape: Shape): Shape =>
  (node, path) => {
    if (isNull(node)) return undefined;
    if (node.type !== 'seq') throw wrong(path, 'a list', node);
    const items = node.items.flatMap((item, index) => shape(item, `${path}[${index}]`) ?? []);
    return seq(items, node.at);
  };

export const texts = filled(list(text));
/** A list of strings, or one string. */
export const textOrTexts: Shape = (node, path) =>
  texts(stringOf(node) === undefined ? node : seq([node], node.at), path);

/** Keys with values of one shape; `whenNull` is what a key without a value has. */
export const table =
  (shape: Shape, whenNull?: string | null): Shape =>
  (node, path) => {
    if (isNull(node)) return undefined;
    if (node.type !== 'map') throw wrong(path, 'a mapping', node);
    return mapEntries(node, (value, key) => {
      if (!isNull(value)) return shape(value, `${path}.${key}`);
      return whenNull === undefined ? undefined : scalar(whenNull, value.at);
    });
  };

/** `[A=1, B]` as `{ A: 1, B: whenNull }`; a mapping stays. */
const fromPairs = (shape: Shape, whenNull: string | null): Shape => {
  const pairs = table(shape, whenNull);
  return (node, path) => {
    if (node.type !== 'seq') return pairs(node, path);
    const entries = node.items.map((item): [string, Node] => {
      const line = textOf(item);
      const cut = line.indexOf('=');
      return cut === -1
        ? [line, scalar(whenNull, item.at)]
        : [line.slice(0, cut), scalar(line.slice(cut + 1), item.at)];
    });
    return mapping(entries, node.at);
  };
};

/** Pairs where a name alone is an empty string, such as labels. */
export const pairs = filled(fromPairs(text, ''));
/** Pairs where a name alone takes the value of the environment. */
export const variables = filled(fromPairs(text, null));
/** Keys that may stand with several values: each key has a list. */
export const lists: Shape = filled(
  table((node, path) => list(text)(node.type === 'seq' ? node : seq([node], node.at), path)),
);

/** A command: arguments, or a line of a shell that is split. An empty one is kept, as it clears that of the image. */
export const command: Shape = (node, path) => {
  if (isNull(node)) return scalar(null, node.at);
  const line = stringOf(node);
  if (line === undefined) return list(text)(node, path);
  const words = splitCommand(line);
  if (words === undefined) throw invalid(`${path} has a quote or a bracket that is not closed.`, node.at);
  return seq(
    words.map((word) => scalar(word, node.at)),
    node.at,
  );
};

export const healthTest: Shape = known((node, path) =>
  stringOf(node) === undefined
    ? list(text)(node, path)
    : seq([scalar('CMD-SHELL', node.at), scalar(textOf(node), node.at)], node.at),
);

/** Names of hosts and their addresses as `NAME=ADDRESS`, sorted. */
export const hosts: Shape = known((node, path) => {
  const rows = node.type === 'seq' ? node.items.flatMap((item) => hostLine(item, path)) : hostTable(node, path);
  const lines = rows.map(({ host, address, at }) => {
    if (host === '' || /[:=]/.test(host)) throw wrong(path, 'a list of NAME=ADDRESS', at);
    return scalar(`${host}=${/^\[.+\]$/.test(address) ? address.slice(1, -1) : address}`, at.at);
  });
  return seq(
    lines.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)),
    node.at,
  );
});

type Host = { readonly host: string; readonly address: string; readonly at: Node };

function hostLine(item: Node, path: string): readonly Host[] {
  const line = textOf(item);
  const cut = line.includes('=') ? line.indexOf('=') : line.indexOf(':');
  if (cut === -1) throw wrong(path, 'a list of NAME=ADDRESS', item);
  const addresses = line.slice(cut + 1).split(',');
  return addresses.map((address) => ({ host: line.slice(0, cut), address, at: item }));
}

function hostTable(node: Node, path: string): readonly Host[] {
  if (node.type !== 'map') throw wrong(path, 'a list or a mapping', node);
  return [...node.entries].flatMap(([host, value]) => {
    const values = value.type === 'seq' ? value.items : [value];
    return values.map((item) => ({ host, address: isNull(item) ? '' : textOf(item), at: item }));
  });
}

/**
 * A mapping of known keys. Keys that begin with `x-` are for people and are left out; others that are not known stay as they are. `always`
 * are keys that compose prints where nothing is said.
 */
export const object =
  (keys: Readonly<Record<string, Shape>>, always: Readonly<Record<string, ComposeMap | null>> = {}): Shape =>
  (node, path) => {
    if (isNull(node)) return undefined;
    if (node.type !== 'map') throw wrong(path, 'a mapping', node);
    const done = mapEntries(node, (value, key) => {
      if (key.startsWith('x-')) return undefined;
      const shape = Object.hasOwn(keys, key) ? keys[key] : undefined;
      return shape ? shape(value, path === '' ? key : `${path}.${key}`) : value;
    });
    const missing = Object.entries(always).filter(([key]) => !done.entries.has(key));
    const added = missing.map(([key, value]): [string, Node] => [key, emptyOf(value, done)]);
    return missing.length === 0 ? done : mapping([...done.entries, ...added], done.at);
  };

const emptyOf = (value: ComposeMap | null, { at }: Mapping): Node =>
  value === null
    ? scalar(null, at)
    : mapping(
        Object.keys(value).map((key) => [key, scalar(null, at)]),
        at,
      );

/** The keys of SSH for a build: `default`, or `ID=PATH`. */
export const sshKeys: Shape = filled((node, path) => {
  if (isNull(node)) return undefined;
  if (node.type !== 'map') throw wrong(path, 'a list or a mapping', node);
  const keys = entriesOf(node).map(([id, value]) => scalar(isNull(value) ? id : `${id}=${textOf(value)}`, value.at));
  return seq(keys, node.at);
});

/** A number, or `{ soft, hard }`. */
export const limit: Shape = known((node, path) =>
  node.type === 'map' ? object({ soft: filled(whole), hard: filled(whole) })(node, path) : whole(node, path),
);
