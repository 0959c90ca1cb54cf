import { type Document, isAlias, isMap, isScalar, parseDocument, type Scalar, visit } from 'yaml';
import { lineCounter } from '../lines.ts';
import type { Span } from './types.ts';

/** A string of a YAML file under a key, with where it stands without its quotes. */
export type Value = {
  readonly path: readonly string[];
  readonly text: string;
  readonly span: Span;
  /** behind the quotes */
  readonly end: number;
  readonly line: number;
  /** the keys beside it, with the plain values of some */
  readonly beside: Readonly<Record<string, unknown>>;
};

/** The strings of a YAML text under keys of some names, an alias standing for what it names. Strings with escapes or in several lines are left out. */
export function yamlValues(text: string, keys: readonly string[]): readonly Value[] {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' });
  const lineOf = lineCounter(text);
  const found: Value[] = [];
  visit(document, {
    Pair: (_, pair, above) => {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (!keys.includes(key)) return;
      const node = scalarOf(pair.value, document);
      const map = above.at(-1);
      const span = node && spanOf(node, text);
      if (!node?.range || !span) return;
      found.push({
        ...{ path: [...pathOf(above), key], text: text.slice(span.start, span.end), span },
        end: node.range[1],
        line: lineOf(span.start),
        beside: isMap(map) ? besideOf(map) : {},
      });
    },
  });
  return found;
}

/** The keys that lead to every mapping that has a key. */
export function pathsWith(text: string, wanted: string): readonly (readonly string[])[] {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' });
  const found: (readonly string[])[] = [];
  visit(document, {
    Pair: (_, { key }, above) => {
      if (isScalar(key) && key.value === wanted) found.push(pathOf(above));
    },
  });
  return found;
}

/** The keys of a mapping, with their values where these are plain. */
const besideOf = (map: { readonly items: readonly { key: unknown; value: unknown }[] }): Record<string, unknown> =>
  Object.fromEntries(
    map.items.flatMap(({ key, value }) =>
      isScalar(key) ? [[String(key.value), isScalar(value) ? value.value : true] as const] : [],
    ),
  );

function scalarOf(node: unknown, document: Document): Scalar | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  return isScalar(target) ? target : undefined;
}

/** Where the characters of a string are, where they are written as they are read. */
function spanOf(node: Scalar, text: string): Span | undefined {
  if (!node.range || typeof node.value !== 'string') return undefined;
  const quotes = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  const span = { start: node.range[0] + quotes, end: node.range[1] - quotes };
  return text.slice(span.start, span.end) === node.value ? span : undefined;
}

/** The keys that lead to a mapping. */
const pathOf = (above: readonly unknown[]): readonly string[] =>
  above.flatMap((item) =>
    typeof item === 'object' && item !== null && 'key' in item && isScalar(item.key) ? [String(item.key.value)] : [],
  );
