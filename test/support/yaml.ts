import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Path, parseYaml } from '../../src/formats/yaml/parse.ts';
import { inlineText } from '../../src/formats/yaml/print.ts';
import { UserError } from '../../src/model/errors.ts';

/** Data that can be written: what JSON can hold. */
export type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data };

type Splice = { readonly start: number; readonly end: number; readonly text: string };
type Held = Node & { readonly range: [number, number, number] };

/**
 * Gives a part another value. Only the bytes of that value change: comments, order, layout and line ends around it stay. Throws a
 * UserError (`yaml-edit`) where that cannot be done, such as inside an anchor, or where a comment would be lost.
 */
export function setYaml(text: string, path: Path, value: Data): string {
  const { document, value: before } = parseYaml(text, 'the text');
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (last === undefined) throw refused('a whole document is no part of one');
  const [node, colon] = isMap(parent)
    ? entryValue(parent, last, text)
    : [isSeq(parent) ? parent.items[Number(last)] : undefined, undefined];
  if (node === undefined) throw refused(`there is no ${path.join('.')}`);
  const held = safe(node as Node | null);
  const splice = replacement(text, held, colon, inlineText(value));
  return checked(text, splice, before, (data) => put(data, path, value));
}

/** Adds a key to a mapping, or an item to a sequence (`key` is not used then), behind what is there. */
export function insertYaml(text: string, path: Path, key: string, value: Data): string {
  const { document, value: before } = parseYaml(text, 'the text');
  const target = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(target) && target.has(key)) throw refused(`${key} is there already`);
  if (!isMap(target) && !isSeq(target))
    throw refused(`${path.join('.') || 'the document'} is no mapping and no sequence`);
  safe(target);
  const entry = isMap(target) ? `${inlineText(key)}: ${inlineText(value)}` : inlineText(value);
  const splice = target.flow
    ? intoFlow(text, target, entry)
    : intoBlock(text, target, isMap(target) ? entry : `- ${entry}`);
  return checked(text, splice, before, (data) => add(data, path, isMap(target) ? key : undefined, value));
}

/** Takes a part out, with its lines. The last part of a block collection leaves an empty one behind. */
export function removeYaml(text: string, path: Path): string {
  const { document, value: before } = parseYaml(text, 'the text');
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (last === undefined || (!isMap(parent) && !isSeq(parent))) throw refused(`there is no ${path.join('.')}`);
  const index = isMap(parent) ? parent.items.findIndex((pair) => keyOf(pair) === String(last)) : Number(last);
  if (parent.items[index] === undefined) throw refused(`there is no ${path.join('.')}`);
  safe(parent);
  const splice = parent.flow ? outOfFlow(text, parent, index) : outOfBlock(text, parent, index);
  return checked(text, splice, before, (data) => take(data, path));
}

const refused = (why: string) =>
  new UserError({
    code: 'yaml-edit',
    message: `the edit cannot be made without touching more of the file: ${why}`,
    next: ['make it by hand'],
  });

const keyOf = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key);

/** The value of a key, and the offset behind its colon. */
function entryValue(parent: YAMLMap, key: string | number, text: string): [unknown, number | undefined] {
  const pair = parent.items.find((one) => keyOf(one) === String(key));
  if (!pair) return [undefined, undefined];
  const end = (pair.key as Held).range[1];
  const colon = text.indexOf(':', end);
  return [pair.value ?? null, colon === -1 ? undefined : colon + 1];
}

/** A node that can be edited alone: what is shared by an anchor or an alias is not. */
function safe(node: Node | null): Held | null {
  if (node === null) return null;
  if (isAlias(node)) throw refused('it is an alias: the value stands elsewhere');
  const { range } = node as Held;
  if (!range) throw refused('its place is not known');
  let shared = false;
  visit(node, {
    Node: (_key, inner) => {
      if ('anchor' in inner && inner.anchor) shared = true;
    },
  });
  if (shared) throw refused('it has an anchor, which others may use');
  return node as Held;
}

function replacement(text: string, node: Held | null, colon: number | undefined, value: string): Splice {
  if (node === null || (node.range[0] === node.range[1] && colon !== undefined)) {
    if (colon === undefined) throw refused('its place is not known');
    return { start: colon, end: colon, text: ` ${value}` };
  }
  const [start, end] = node.range;
  const block = (isMap(node) || isSeq(node)) && !node.flow;
  const literal = isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
  const collection = isMap(node) || isSeq(node);
  if (collection || literal) keepComments(text.slice(colon ?? start, literal ? lineEnd(text, start) : end));
  if (!block && !literal) return { start, end, text: value };
  if (colon === undefined) throw refused('it is a block inside a sequence');
  const trimmed = start + text.slice(start, end).trimEnd().length;
  return { start: colon, end: trimmed, text: ` ${value}` };
}

/** Refuses to drop a remark. A `#` inside quotes looks like one; then the edit is refused although it could be made. */
function keepComments(dropped: string): void {
  if (/(^|\s)#/.test(dropped)) throw refused('comments inside the old value would be lost');
}

const newline = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');

/** The end of the line that an offset stands in, before its line break. */
function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  const end = at === -1 ? text.length : at;
  return text[end - 1] === '\r' ? end - 1 : end;
}

const lineStart = (text: string, offset: number) => text.lastIndexOf('\n', offset - 1) + 1;

/** The offsets of an entry: from its key or dash to the end of what it holds. */
function entrySpan(item: unknown, text: string): { start: number; end: number } {
  const nodes = isPair(item) ? [item.key, item.value] : [item];
  const held = nodes.filter(
    (node): node is Held => node !== null && node !== undefined && (node as Held).range !== undefined,
  );
  const [first] = held;
  const last = held.at(-1);
  if (!first || !last) throw refused('its place is not known');
  const end = first.range[0] + text.slice(first.range[0], last.range[1]).trimEnd().length;
  return { start: first.range[0], end };
}

function intoBlock(text: string, target: YAMLMap | YAMLSeq, entry: string): Splice {
  const last = target.items.at(-1);
  const [first] = target.items;
  if (last === undefined || first === undefined) throw refused('it is empty, and its indentation is not known');
  const start = lineStart(text, entrySpan(first, text).start);
  const indent = /^[ ]*/.exec(text.slice(start))?.[0] ?? '';
  const own = isMap(target) ? text.slice(start, entrySpan(first, text).start) : indent;
  if (own !== indent) throw refused('its first key stands behind a dash');
  const at = lineEnd(text, entrySpan(last, text).end);
  return { start: at, end: at, text: `${newline(text)}${indent}${entry}` };
}

function intoFlow(text: string, target: YAMLMap | YAMLSeq, entry: string): Splice {
  const last = target.items.at(-1);
  const { range } = target as unknown as Held;
  if (last === undefined) {
    keepComments(text.slice(range[0], range[1]));
    return { start: range[0] + 1, end: range[1] - 1, text: isMap(target) ? ` ${entry} ` : entry };
  }
  const { end } = entrySpan(last, text);
  return { start: end, end, text: `, ${entry}` };
}

function outOfBlock(text: string, parent: YAMLMap | YAMLSeq, index: number): Splice {
  const { start, end } = entrySpan(parent.items[index], text);
  const from = lineStart(text, start);
  const to = lineEnd(text, end);
  if (!/^[ ]*(- *)?$/.test(text.slice(from, start))) throw refused('other things stand on its line');
  if (parent.items.length === 1) return { start, end: to, text: isMap(parent) ? '{}' : '[]' };
  const after = text[to] === '\r' ? to + 2 : text[to] === '\n' ? to + 1 : to;
  return { start: from, end: after, text: '' };
}

function outOfFlow(text: string, parent: YAMLMap | YAMLSeq, index: number): Splice {
  const { start, end } = entrySpan(parent.items[index], text);
  const next = parent.items[index + 1];
  const before = parent.items[index - 1];
  const from = next !== undefined || before === undefined ? start : entrySpan(before, text).end;
  const to = next === undefined ? end : entrySpan(next, text).start;
  keepComments(text.slice(from, to));
  return { start: from, end: to, text: '' };
}

/** Makes the edit, reads the result again, and refuses it where it says anything else than what was meant. */
function checked(
  text: string,
  { start, end, text: added }: Splice,
  before: unknown,
  change: (data: unknown) => unknown,
): string {
  const result = text.slice(0, start) + added + text.slice(end);
  const wanted = change(structuredClone(before));
  let read: unknown;
  try {
    read = parseYaml(result, 'the result').value;
  } catch (cause) {
    throw refused(cause instanceof Error ? cause.message : 'the result cannot be read');
  }
  if (!isDeepStrictEqual(read, wanted)) throw refused('the result would say something else than what was meant');
  return result;
}

type Container = Record<string, unknown> | unknown[];
const holder = (data: unknown, path: Path): Container =>
  path.reduce<unknown>((node, key) => (node as Record<string | number, unknown>)[key], data) as Container;

function put(data: unknown, path: Path, value: Data): unknown {
  Reflect.set(holder(data, path.slice(0, -1)), path.at(-1) ?? '', value);
  return data;
}

function add(data: unknown, path: Path, key: string | undefined, value: Data): unknown {
  const target = holder(data, path);
  if (Array.isArray(target)) target.push(value);
  else if (key !== undefined) target[key] = value;
  return data;
}

function take(data: unknown, path: Path): unknown {
  const target = holder(data, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  if (Array.isArray(target)) target.splice(Number(last), 1);
  else delete target[String(last)];
  return data;
}
