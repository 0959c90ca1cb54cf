import { isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { parseYaml } from './parse.ts';

/** An entry of a mapping or an item of a list: whole lines with the comments above them, or a stretch inside brackets. */
export type Entry = {
  /** the key of a mapping; of an item of a list, the name in it: `A` of `A=1`, the `name` of a mapping */
  readonly name: string | undefined;
  readonly isItem: boolean;
  readonly start: number;
  readonly end: number;
  readonly inside:
    | { readonly type: 'leaf' }
    /** entries on lines of their own, from `from` to the end of this one */
    | { readonly type: 'block'; readonly from: number; readonly entries: readonly Entry[] }
    /** `[a, b]` or `{ a: 1, b: 2 }` without comments in it */
    | { readonly type: 'flow'; readonly items: readonly Entry[] };
};

type RangedNode = Node & { readonly range: [number, number, number] };

/**
 * The entries of a YAML text by their places: those of one mapping lie one behind the other without a gap, so that their texts are the
 * text. Undefined: it is no mapping on lines of its own. Throws a UserError where the text is no YAML (`parseYaml`).
 */
export function outlineYaml(text: string, file: string): readonly Entry[] | undefined {
  const { contents } = parseYaml(text, file).document;
  return isMap(contents) && !contents.flow ? entriesOf(text, contents, 0, text.length) : undefined;
}

function entriesOf(
  text: string,
  collection: YAMLMap | YAMLSeq,
  from: number,
  to: number,
): readonly Entry[] | undefined {
  const starts: number[] = [];
  for (const item of collection.items) {
    const at = ownStart(text, item);
    if (at === undefined) return undefined;
    starts.push(starts.length === 0 ? from : withComments(text, at, from));
  }
  return collection.items.map((item, index): Entry => {
    const [start = from, end = to] = [starts[index], starts[index + 1]];
    return { name: nameOf(item), isItem: isSeq(collection), start, end, inside: insideOf(text, item, end) };
  });
}

/** Where the line of an entry begins; undefined: something else stands before it on its line. */
function ownStart(text: string, item: unknown): number | undefined {
  const node = isPair(item) ? item.key : item;
  const { range } = (node ?? {}) as RangedNode;
  if (!range) return undefined;
  const start = text.lastIndexOf('\n', range[0] - 1) + 1;
  return /^\uFEFF?[ ]*(- +)?$/.test(text.slice(start, range[0])) &&
    isPair(item) !== /-/.test(text.slice(start, range[0]))
    ? start
    : undefined;
}

/** The start of the comments and empty lines right above a line; remarks that are indented deeper belong to what comes before. */
function withComments(text: string, start: number, from: number): number {
  const column = /^ */.exec(text.slice(start))?.[0].length ?? 0;
  let at = start;
  while (at > from) {
    const above = text.lastIndexOf('\n', at - 2) + 1;
    const line = text.slice(above, at).trimEnd();
    const indent = line.length - line.trimStart().length;
    if (above < from || (line !== '' && (!line.trimStart().startsWith('#') || indent > column))) break;
    at = above;
  }
  return at;
}

/** Lists whose items mean something by their place only. */
const lines = new Set(['command', 'entrypoint', 'test']);

function insideOf(text: string, item: unknown, end: number): Entry['inside'] {
  const leaf = { type: 'leaf' } as const;
  const value = isPair(item) ? item.value : item;
  if (!isMap(value) && !isSeq(value)) return leaf;
  if (isPair(item) && lines.has(nameOf(item) ?? '')) return leaf;
  if (value.flow) return flowItems(text, value) ?? leaf;
  // a mapping behind a dash begins on the line of another
  if (!isPair(item)) return leaf;
  const key = (item.key as RangedNode).range;
  const from = text.indexOf('\n', key[1]) + 1;
  const [first] = value.items;
  if (from === 0 || !first || ((isPair(first) ? first.key : first) as RangedNode).range[0] < from) return leaf;
  const entries = entriesOf(text, value, from, end);
  return entries ? { type: 'block', from, entries } : leaf;
}

function flowItems(text: string, value: YAMLMap | YAMLSeq): Entry['inside'] | undefined {
  const items = value.items.map((item) => flowItem(text, item, isSeq(value))).filter((entry) => entry !== undefined);
  const { range } = value as RangedNode;
  if (items.length === 0 || items.length !== value.items.length) return undefined;
  const gaps = [
    text.slice(range[0] + 1, items[0]?.start),
    ...items.slice(1).map((item, at) => text.slice(items[at]?.end, item.start).replace(',', '')),
    text.slice(items.at(-1)?.end, range[1] - 1).replace(',', ''),
  ];
  return gaps.every((gap) => gap.trim() === '') ? { type: 'flow', items } : undefined;
}

function flowItem(text: string, item: unknown, isItem: boolean): Entry | undefined {
  const [first, last] = (isPair(item) ? [item.key, item.value ?? item.key] : [item, item]) as (RangedNode | null)[];
  if (!first?.range || !last?.range) return undefined;
  const [start, end] = [first.range[0], last.range[1]];
  return { name: nameOf(item), isItem, start, end, inside: insideOf(text, item, end) };
}

const scalarText = (node: unknown): string | undefined =>
  isScalar(node) && node.value !== null ? String(node.value) : undefined;

function nameOf(item: unknown): string | undefined {
  if (isPair(item)) return scalarText(item.key);
  if (isMap(item)) {
    const named = ['name', 'source', 'target', 'id'].map((key) =>
      item.items.find((pair: Pair) => scalarText(pair.key) === key),
    );
    return scalarText(named.find((pair) => pair !== undefined)?.value);
  }
  return /^([A-Za-z_]\w*)=/.exec(scalarText(item) ?? '')?.[1];
}
