import { hasHidden, visible, yamlString } from '../../model/visible.ts';

/** A value to be printed. `decision` is what `explain` shows for the lines of an entry; those inside it may have their own. */
export type YamlNode = YamlScalar | YamlSeq | YamlMap;
type Style = {
  /** on one line: `[a, b]`, `{ a: b }`; false: never, also as an item of a sequence */
  readonly flow?: boolean;
  /** such as `!override` */
  readonly tag?: string;
};
export type YamlScalar = {
  readonly type: 'scalar';
  readonly value: string | number | boolean | null;
  readonly quote?: boolean;
  /** line by line as it is, behind a `|` */
  readonly block?: boolean;
};
export type YamlSeq = Style & { readonly type: 'seq'; readonly items: readonly YamlNode[] };
export type YamlMap = Style & { readonly type: 'map'; readonly entries: readonly YamlEntry[] };
export type YamlEntry = {
  readonly key: string;
  readonly value: YamlNode;
  /** stands above the entry */
  readonly comment?: string;
  /** stands behind its value, on the same line */
  readonly remark?: string;
  readonly decision?: string;
};

export const scalar = (
  value: YamlScalar['value'],
  style: { readonly quote?: boolean; readonly block?: boolean } = {},
): YamlScalar => ({
  type: 'scalar',
  value,
  ...style,
});
export const seq = (items: readonly YamlNode[], style: Style = {}): YamlSeq => ({ type: 'seq', items, ...style });
export const map = (entries: readonly YamlEntry[], style: Style = {}): YamlMap => ({ type: 'map', entries, ...style });

type Line = { readonly text: string; readonly decision: string };
export type Printed = {
  readonly text: string;
  /** lines (1-based, inclusive) and the decision of the deepest entry that they belong to */
  readonly origins: readonly { readonly start: number; readonly end: number; readonly decision: string }[];
};

/** Prints a mapping as a YAML text, two spaces deep, a blank line between its own entries. */
export function printYaml(root: YamlMap): Printed {
  const lines: Line[] = [];
  for (const [index, yamlEntry] of root.entries.entries()) {
    if (index > 0) lines.push({ text: '', decision: '' });
    entryLines(yamlEntry, '', '', lines);
  }
  const origins: { start: number; end: number; decision: string }[] = [];
  for (const [index, { text, decision }] of lines.entries()) {
    const last = origins.at(-1);
    if (text === '' || decision === '') continue;
    if (last?.decision === decision && last.end === index) last.end = index + 1;
    else origins.push({ start: index + 1, end: index + 1, decision });
  }
  return { text: lines.map((line) => `${line.text}\n`).join(''), origins };
}

function entryLines(entry: YamlEntry, indent: string, inherited: string, out: Line[]): void {
  const decision = entry.decision ?? inherited;
  if (entry.comment) out.push({ text: `${indent}# ${visible(entry.comment.replace(/\t+/g, ' '))}`, decision });
  const key = `${indent}${scalarText(entry.key, false)}:`;
  const { value } = entry;
  if (value.type === 'scalar' && value.block === true && typeof value.value === 'string') {
    out.push({ text: `${key} |`, decision });
    for (const line of blockLines(value.value)) out.push({ text: line === '' ? '' : `${indent}  ${line}`, decision });
    return;
  }
  if (value.type === 'scalar' || isInline(value)) {
    const text = inline(value, false);
    const remark = entry.remark === undefined ? '' : ` # ${visible(entry.remark)}`;
    out.push({ text: `${text === '' ? key : `${key} ${text}`}${remark}`, decision });
    return;
  }
  out.push({ text: value.tag ? `${key} ${value.tag}` : key, decision });
  if (value.type === 'map') for (const yamlEntry of value.entries) entryLines(yamlEntry, `${indent}  `, decision, out);
  else for (const item of value.items) itemLines(item, `${indent}  `, decision, out);
}

function itemLines(item: YamlNode, indent: string, decision: string, out: Line[]): void {
  if (item.type !== 'map' || item.flow !== false || item.entries.length === 0) {
    out.push({ text: `${indent}- ${inline(item, false)}`, decision });
    return;
  }
  const lines: Line[] = [];
  for (const [index, { comment, ...entry }] of item.entries.entries()) {
    // the first line of an item begins with the dash: its comment stands above that
    if (index === 0 && comment !== undefined)
      out.push({ text: `${indent}# ${visible(comment)}`, decision: entry.decision ?? decision });
    entryLines(index === 0 || comment === undefined ? entry : { ...entry, comment }, `${indent}  `, decision, lines);
  }
  const [first, ...others] = lines;
  if (first) out.push({ ...first, text: `${indent}- ${first.text.slice(indent.length + 2)}` }, ...others);
}

/** The lines of a text that a block holds byte for byte: nothing hidden, no tab or space in front of the first, no line break but its own. */
function blockLines(text: string): readonly string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  if (/^\s/.test(text) || lines.some(hasHidden)) throw new Error('this string cannot be written as a YAML block');
  return lines;
}

/** Items of a block sequence are printed on one line each; a mapping or sequence that is empty has no other form. */
const isInline = (node: YamlSeq | YamlMap): boolean =>
  node.flow === true || (node.type === 'map' ? node.entries : node.items).length === 0;

function inline(node: YamlNode, inFlow: boolean): string {
  if (node.type === 'scalar') {
    if (node.value === null) return inFlow ? 'null' : '';
    return node.quote === true && typeof node.value === 'string'
      ? yamlString(node.value)
      : scalarText(node.value, inFlow);
  }
  const text =
    node.type === 'seq'
      ? `[${node.items.map((item) => inline(item, true)).join(', ')}]`
      : node.entries.length === 0
        ? '{}'
        : `{ ${node.entries.map((entry) => `${scalarText(entry.key, true)}: ${inline(entry.value, true)}`).join(', ')} }`;
  return node.tag ? `${node.tag} ${text}` : text;
}

/** Words and numbers that YAML 1.1 readers take for something else: booleans, sexagesimal, octal, dates, merges (yaml.org/type). */
const misread = /^(y|n|yes|no|on|off|true|false|null|~|<<|=)$|^[-+.]?\d[\d:_.,eExXa-f-]*$|^[-+]?\.(\d|inf|nan)/i;

/** What may not begin a plain scalar, what may not stand in one, and what else may not inside `[]` and `{}` (YAML 1.2.2, 7.3.3). */
const opening = /^-(?!-?[a-z])|^[?:,[\]{}#&*!|>'"%@`~\s]/i;
const inside = /: |:$| #|\s$|\t/;
const insideFlow = /[,[\]{}]/;

/** A scalar as text: plain where every reader sees the same in it, else in double quotes. */
function scalarText(value: string | number | boolean, inFlow: boolean): string {
  if (typeof value !== 'string') return String(value);
  const plain =
    value !== '' &&
    !misread.test(value) &&
    !opening.test(value) &&
    !inside.test(value) &&
    !hasHidden(value) &&
    !(inFlow && (insideFlow.test(value) || value.includes(':')));
  return plain || (inFlow && isAddress(value)) ? value : yamlString(value);
}

/** `a:b` without spaces is one text inside brackets too; every reader agrees on names, paths and mounts. */
const isAddress = (value: string): boolean => /^[A-Za-z_.][\w./:-]*[\w/-]$/.test(value) && !misread.test(value);

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Data on one line, for the places of a text that hold one: scalars, `[a, b]`, `{ a: b }`. */
export function inlineText(value: Plain, inFlow = false): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return scalarText(value, inFlow);
  if (Array.isArray(value)) return `[${value.map((item: Plain) => inlineText(item, true)).join(', ')}]`;
  const rows = Object.entries(value).map(([key, item]) => `${scalarText(key, true)}: ${inlineText(item, true)}`);
  return rows.length === 0 ? '{}' : `{ ${rows.join(', ')} }`;
}
