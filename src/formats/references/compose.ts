import { imageReference } from './image.ts';
import type { Reference, References, Unpinnable } from './types.ts';
import { readWord } from './word.ts';
import { pathsWith, type Value, yamlValues } from './yaml.ts';

/** The images that a compose file names: of services, in extension fields, and in defaults of variables. What it builds is none of them. */
export function composeReferences(text: string): References {
  const images = yamlValues(text, ['image']).filter(isImage);
  const ofServices = pathsWith(text, 'build').filter(isService).map(named);
  const built = [...ofServices, ...images.filter(({ beside }) => 'build' in beside).map((one) => one.text)];
  const found = new Map<number, Reference | Unpinnable>();
  for (const value of images) {
    const { text: written, span, line, path, beside } = value;
    const isMade = ['never', 'build'].includes(String(beside['pull_policy'])) || built.includes(named(path));
    if (isMade || built.includes(written)) continue;
    const word = readWord(text, span, () => undefined);
    found.set(span.start, { ...imageReference({ text: written, line, word }), ...ofService(path) });
  }
  const all = [...found.values()];
  return {
    references: all.flatMap((one) => ('span' in one ? [one] : [])),
    left: all.flatMap((one) => ('why' in one ? [one] : [])),
    built,
  };
}

const isService = (path: readonly string[]): boolean => path[0] === 'services' && path.length >= 2;

const isImage = ({ path }: Value): boolean =>
  (isService(path) && path.length === 3) || path[0]?.startsWith('x-') === true;

/** The service that a path leads to or into. */
const named = ([first = '', second = '']: readonly string[]): string => `${first}.${second}`;

const ofService = (path: readonly string[]): { readonly service?: string } =>
  isService(path) ? { service: named(path) } : {};
