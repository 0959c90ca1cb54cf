import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar as YamlScalar } from 'yaml';
import { lineCounter } from '../lines.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { Place } from './model.ts';
import { invalid, type Mapping, mapping, type Node, scalar, seq, type WorkBudget } from './nodes.ts';
import { resolveScalar } from './scalars.ts';

/** A path of keys in a file. */
export type KeyPath = readonly string[];

/** A compose file as data. `resets` are the keys tagged `!reset` or `!override`: what other files say there does not count. */
export type ComposeFile = { readonly root: Mapping; readonly resets: readonly KeyPath[] };

/** No compose file is nested deeper; recursive code below relies on it. */
const MAX_DEPTH = 100;

type Reading = {
  readonly place: (node: ParsedNode | null, otherwise: Place) => Place;
  readonly resolve: (node: ParsedNode | null) => ParsedNode | null;
  readonly budget: WorkBudget;
  readonly resets: KeyPath[];
};

/** Reads a compose file: anchors, merge keys and tags resolved, scalars as compose reads them. Throws a UserError with the line. */
export function readComposeFile(text: string, file: string, budget: WorkBudget): ComposeFile {
  const { document } = parseYaml(text, file);
  const lines = lineCounter(text);
  const named = new Map<Alias, ParsedNode | null>();
  const resolve = (alias: Alias.Parsed) => {
    const known = named.get(alias);
    if (known !== undefined) return known;
    const node = (alias.resolve(document) ?? null) as ParsedNode | null;
    named.set(alias, node);
    return node;
  };
  const reading: Reading = {
    place: (node, otherwise) => (node?.range ? { file, line: lines(node.range[0]) } : otherwise),
    resolve: (node) => (isAlias(node) ? resolve(node) : node),
    budget,
    resets: [],
  };
  const start = { file, line: 1 };
  const root = document.contents === null ? mapping([], start) : nodeOf(document.contents, [], start, reading);
  if (root === undefined || (root.type === 'scalar' && root.value === null))
    return { root: mapping([], start), resets: [] };
  if (root.type !== 'map') throw invalid('A compose file must be a mapping.', root.at);
  return { root, resets: reading.resets };
}

/** A node of the file; undefined where it is tagged `!reset`. */
function nodeOf(given: ParsedNode | null, path: KeyPath, at: Place, reading: Reading): Node | undefined {
  reading.budget.spend(1, at);
  if (path.length > MAX_DEPTH) throw invalid(`The file is nested more than ${MAX_DEPTH} levels deep.`, at);
  const node = reading.resolve(given);
  if (node === null) return scalar(null, at);
  if (node.tag === '!reset' || node.tag === '!override') reading.resets.push(path);
  if (node.tag === '!reset') return undefined;
  if (isScalar(node)) return scalarOf(node, at);
  if (isSeq(node)) {
    const items = node.items.flatMap((item, index) => {
      const read = nodeOf(item as ParsedNode, [...path, String(index)], reading.place(item as ParsedNode, at), reading);
      return read === undefined ? [] : [read];
    });
    return seq(items, at);
  }
  return isMap(node) ? mappingOf(node as ParsedNode, path, at, reading) : scalar(null, at);
}

function scalarOf(node: YamlScalar, at: Place): Node {
  const plain = node.type === 'PLAIN' || node.type === undefined;
  const source = node.source ?? '';
  const read = resolveScalar(source, node.tag ?? (plain ? undefined : 'tag:yaml.org,2002:str'));
  return scalar(read.value, at, read.text);
}

/** Keys of a mapping win over those of what it merges (`<<`), and what is merged first wins over what comes later. */
function mappingOf(node: ParsedNode, path: KeyPath, at: Place, reading: Reading): Mapping {
  const entries = new Map<string, Node>();
  const merged: ParsedNode[] = [];
  for (const { key, value } of isMap(node) ? node.items : []) {
    const keyAt = reading.place(key as ParsedNode, at);
    if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') {
      merged.push(...mergeSources(value as ParsedNode | null, keyAt, reading));
      continue;
    }
    const name = keyName(key, keyAt);
    const read = nodeOf(value as ParsedNode | null, [...path, name], keyAt, reading);
    if (read !== undefined) entries.set(name, read);
  }
  for (const source of merged)
    for (const [name, value] of mappingOf(source, path, at, reading).entries)
      if (!entries.has(name)) entries.set(name, value);
  return mapping(entries, at);
}

function mergeSources(value: ParsedNode | null, at: Place, reading: Reading): ParsedNode[] {
  const node = reading.resolve(value);
  const sources = isSeq(node) ? node.items.map((item) => reading.resolve(item as ParsedNode)) : [node];
  return sources.map((source) => {
    reading.budget.spend(1, at);
    if (!isMap(source)) throw invalid('A merge key (<<) must name a mapping or a list of mappings.', at);
    return source as ParsedNode;
  });
}

function keyName(key: unknown, at: Place): string {
  if (isScalar(key)) {
    const read = scalarOf(key, at);
    if (read.type === 'scalar' && typeof read.value === 'string') return read.value;
  }
  throw invalid('A key must be a string. Write it in quotes.', at);
}
