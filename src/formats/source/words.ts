import type { Node, Source, Span } from './types.ts';
import { nodesOf } from './walk.ts';

/** The text of a node as it is written: to be compared with another, or to be written again. */
export const writtenAs = (source: Source, { start, end }: Span): string => source.sourceText.slice(start, end);

/** The names and the texts below a node, and those of the node itself: identifiers, literals, what stands in templates. */
export function wordsBelow(node: Node): readonly string[] {
  return nodesOf(node, 'Identifier', 'PrivateIdentifier', 'JSXIdentifier', 'Literal', 'TemplateElement').map((item) => {
    if ('name' in item) return item.name;
    if (item.type === 'TemplateElement') return item.value.cooked ?? item.value.raw;
    return 'regex' in item ? item.regex.pattern : String(item.value);
  });
}

const counted = new WeakMap<Source, ReadonlyMap<string, number>>();

/** How often each name stands in a file; a word of a text counts, too, because code may make a name of it. */
export function namesIn(source: Source): ReadonlyMap<string, number> {
  const known = counted.get(source);
  if (known) return known;
  const counts = new Map<string, number>();
  for (const words of wordsBelow(source.program))
    for (const [name] of words.matchAll(/[\w$]+/g)) counts.set(name, (counts.get(name) ?? 0) + 1);
  counted.set(source, counts);
  return counts;
}
