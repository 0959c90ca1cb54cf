import { imageReference } from './image.ts';
import type { Reference, References, Unpinnable } from './types.ts';
import { readWord } from './word.ts';
import { pathsWith, type Value, yamlValues } from './yaml.ts';

/** The images that a compose file names: of services, in extension fields, and in defaults of variables. What it builds is none of them. */
export function composeReferences(text: string): References {
  const images = yamlValues(text, ['image']).filter(isImage);
  const ofServices = pathsWith(text, 'build').filter(isService).map(named);
  const read = ({ text: written, span, line }: Value): Reference | Unpinnable =>
    imageReference({ text: written, line, word: readWord(text, span, () => undefined) });
  const own = images.filter(({ beside }) => 'build' in beside);
  const built = [...ofServices, ...own.map((value) => value.text), ...own.flatMap((value) => keyOf(read(value)) ?? [])];
  const found = new Map<number, Reference | Unpinnable>();
  for (const value of images) {
    const { text: written, span, path, beside } = value;
    const isMade = ['never', 'build'].includes(String(beside['pull_policy'])) || built.includes(named(path));
    const item = read(value);
    if (isMade || [written, keyOf(item)].some((name) => name !== undefined && built.includes(name))) continue;
    found.set(span.start, { ...item, ...ofService(path) });
  }
  const all = [...found.values()];
  return {
    references: all.flatMap((item) => ('span' in item ? [item] : [])),
    left: all.flatMap((item) => ('why' in item ? [item] : [])),
    built,
  };
}

const keyOf = (item: Reference | Unpinnable): string | undefined => ('key' in item ? item.key : undefined);

const isService = (path: readonly string[]): boolean => path[0] === 'services' && path.length >= 2;

const isImage = ({ path }: Value): boolean =>
  (isService(path) && path.length === 3) || path[0]?.startsWith('x-') === true;

/** The service that a path leads to or into. */
const named = ([first = '', second = '']: readonly string[]): string => `${first}.${second}`;

const ofService = (path: readonly string[]): { readonly service?: string } =>
  isService(path) ? { service: named(path) } : {};
