import { map, type YamlEntry, type YamlMap, type YamlNode } from '../formats/yaml/print.ts';
import type { Plan } from '../model/plan.ts';

/** Whether every form begins with compose files of the author's, over which the added ones are laid. */
export const isOverlay = ({ kept }: Plan): boolean => (kept?.compose.length ?? 0) > 0;

/** Whether a form is one that is added: the author has none, and there is something to say in it. */
export const isAdded = ({ kept }: Plan, form: 'development' | 'production'): boolean =>
  kept === undefined || kept.forms[form] === 'added';

/** Two mappings as one: of a key that both have the second counts, and what both hold below it is put together. */
export function merged(first: YamlNode, second: YamlNode): YamlMap {
  const [below, above] = [entriesOf(first), entriesOf(second)];
  const taken = new Map(above.map((entry) => [entry.key, entry]));
  return map([
    ...below.map((entry) => {
      const over = taken.get(entry.key);
      return over ? { ...over, value: mergedValue(entry.value, over.value) } : entry;
    }),
    ...above.filter(({ key }) => !below.some((entry) => entry.key === key)),
  ]);
}

function mergedValue(first: YamlNode, second: YamlNode): YamlNode {
  if (first.type === 'map' && second.type === 'map')
    return { ...merged(first, second), ...(second.flow ? { flow: true } : {}) };
  if (first.type === 'seq' && second.type === 'seq' && second.tag === undefined)
    return { ...second, items: [...first.items, ...second.items] };
  // there is nothing left that an override would have to replace
  if (second.type === 'seq') {
    const { tag: _tag, ...plain } = second;
    return plain;
  }
  return second;
}

const entriesOf = (node: YamlNode): readonly YamlEntry[] => (node.type === 'map' ? node.entries : []);
