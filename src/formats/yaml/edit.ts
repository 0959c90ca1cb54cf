import { type Entry, outlineYaml } from './outline.ts';

/** Offsets are UTF-16 units of the text that was read. */
export type YamlEdit = { readonly start: number; readonly end: number; readonly text: string };

/** The entry of a mapping that a path of keys leads to; undefined: there is none, or it does not stand in a mapping with keys of its own. */
function entryAt(entries: readonly Entry[] | undefined, [key, ...more]: readonly string[]): Entry | undefined {
  const entry = entries?.find(({ name, isItem }) => name === key && !isItem);
  return entry === undefined || more.length === 0 ? entry : entryAt(entriesOf(entry), more);
}

const entriesOf = ({ inside }: Entry): readonly Entry[] =>
  inside.type === 'block' ? inside.entries : inside.type === 'flow' ? inside.items : [];

/** The line of an entry itself, behind the comments above it. */
function ownLine(text: string, { start, end }: Entry): { readonly start: number; readonly end: number } {
  let at = start;
  for (const line of text.slice(start, end).split('\n')) {
    if (line.trim() !== '' && !line.trimStart().startsWith('#')) return { start: at, end: at + line.length };
    at += line.length + 1;
  }
  return { start, end };
}

/**
 * One more entry at the end of a mapping on lines of its own. `lines` is the entry as it would stand at the left edge. Undefined: there is no such
 * mapping, or it has the key. Throws a UserError where the text is no YAML.
 */
export function addedEntry(text: string, path: readonly string[], key: string, lines: string): YamlEdit | undefined {
  const entry = entryAt(outlineYaml(text, 'the file'), path);
  if (entry?.inside.type !== 'block' || entry.inside.entries.some(({ name }) => name === key)) return undefined;
  const last = entry.inside.entries.at(-1);
  if (!last || last.isItem) return undefined;
  const indent = /^[ ]*/.exec(text.slice(ownLine(text, last).start))?.[0] ?? '';
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const added = lines
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}`)
    .join(lineBreak);
  const at = last.start + text.slice(last.start, last.end).trimEnd().length;
  return { start: at, end: at, text: `${lineBreak}${added}` };
}

/** Another plain value of an entry; undefined: there is no such entry, or it has another value than `before`. */
export function changedValue(
  text: string,
  path: readonly string[],
  before: string,
  after: string,
): YamlEdit | undefined {
  const entry = entryAt(outlineYaml(text, 'the file'), path);
  if (entry?.inside.type !== 'leaf') return undefined;
  const line = ownLine(text, entry);
  const colon = text.indexOf(':', line.start);
  const [, space = '', quote = '', value = ''] =
    /^(\s*)(["']?)([\w./-]*)\2/.exec(text.slice(colon + 1, line.end)) ?? [];
  if (colon === -1 || colon > line.end || value !== before) return undefined;
  const start = colon + 1 + space.length + quote.length;
  return { start, end: start + value.length, text: after };
}

/** An entry of a mapping on lines of its own taken out; the comments above it stay. Undefined: there is none, or it is the only one. */
export function removedEntry(text: string, path: readonly string[]): YamlEdit | undefined {
  const outline = outlineYaml(text, 'the file');
  const entry = entryAt(outline, path);
  const around = path.length > 1 ? entryAt(outline, path.slice(0, -1)) : undefined;
  if (!entry || around?.inside.type !== 'block' || around.inside.entries.length < 2) return undefined;
  const { start } = ownLine(text, entry);
  const feed = text.indexOf('\n', entry.start + text.slice(entry.start, entry.end).trimEnd().length);
  return { start, end: feed === -1 ? text.length : feed + 1, text: '' };
}
