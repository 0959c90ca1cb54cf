import { type Entry, outlineYaml } from '../formats/yaml/outline.ts';
import { UserError } from '../model/errors.ts';
import type { MergeContent, MergeNode } from './merge-nodes.ts';

/** A YAML text as entries inside entries, each with the comments above it; undefined: it is none that can be read so. */
export function yamlUnit(text: string): MergeNode | undefined {
  const entries = readable(text);
  if (!entries) return undefined;
  const parts = entries.map((entry) => unitOf(text, entry, ''));
  return { title: 'the file', key: '', kind: undefined, text, start: 0, inside: { type: 'block', parts } };
}

function readable(text: string): readonly Entry[] | undefined {
  try {
    return outlineYaml(text, 'the text');
  } catch (error) {
    // a file that a user has broken is merged by its lines
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function unitOf(text: string, entry: Entry, above: string): MergeNode {
  const title = entry.name === undefined ? `an item of ${above}` : `${above}${above === '' ? '' : '.'}${entry.name}`;
  const slice = text.slice(entry.start, entry.end);
  return {
    title,
    key: entry.name,
    kind: entry.isItem ? 'item' : undefined,
    text: slice,
    start: entry.start,
    inside: insideOf(text, entry, title),
  };
}

function insideOf(text: string, { start, end, inside }: Entry, title: string): MergeContent {
  switch (inside.type) {
    case 'leaf':
      return { type: 'lines', holds: () => true };
    case 'flow': {
      const items = inside.items.map((item) => unitOf(text, item, title));
      const [first, second] = inside.items;
      const last = inside.items.at(-1);
      return {
        type: 'list',
        open: text.slice(start, first?.start),
        items,
        between: first && second ? text.slice(first.end, second.start) : ', ',
        close: text.slice(last?.end, end),
      };
    }
    case 'block': {
      const head: MergeNode = {
        title,
        key: '',
        kind: undefined,
        text: text.slice(start, inside.from),
        start,
        inside: { type: 'lines', holds: () => true },
      };
      const brackets = inside.entries[0]?.isItem ? '[]' : '{}';
      return {
        type: 'block',
        parts: [head, ...inside.entries.map((entry) => unitOf(text, entry, title))],
        empty: (own) => `${own.trimEnd()} ${brackets}${own.slice(own.trimEnd().length)}`,
      };
    }
  }
}
