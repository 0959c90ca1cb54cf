import { globalArguments, type Instruction, parseDockerfile } from '../dockerfile/index.ts';
import { imageReference } from './image.ts';
import type { Reference, References, Span, Unpinnable } from './types.ts';
import { readWord } from './word.ts';

type Argument = { readonly value: string; readonly end: number };

/** What of a Dockerfile the images are looked for in. */
type ReferenceScope = {
  readonly source: string;
  readonly stages: ReadonlySet<string>;
  /** arguments before the first FROM whose default stands there in one piece */
  readonly args: ReadonlyMap<string, Argument>;
  /** their values; those without one are not known */
  readonly values: Readonly<Record<string, string>>;
  /** arguments that the stages read as well */
  readonly read: ReadonlySet<string>;
};

type ReferencePlace = { readonly span: Span; readonly line: number; readonly isBase: boolean };

/** The images that a Dockerfile names: its frontend, bases, those that files are copied from, and defaults of arguments that are one of these. */
export function dockerfileReferences(text: string): References {
  const tree = parseDockerfile(text);
  const ground: ReferenceScope = {
    source: text,
    stages: new Set(tree.stages.flatMap(({ name, index }) => [name ?? String(index), String(index)])),
    args: argumentsOf(tree.instructions, text),
    values: globalArguments(tree),
    read: new Set(
      tree.stages.flatMap(({ instructions }) => instructions.flatMap(({ keyword, pairs }) => declared(keyword, pairs))),
    ),
  };
  const frontends = tree.directives.flatMap(({ name, value, span, line }): ReferencePlace[] => {
    const start = text.lastIndexOf(value, span.end);
    return name === 'syntax' && !/\s/.test(value)
      ? [{ span: { start, end: start + value.length }, line, isBase: false }]
      : [];
  });
  const places = [...frontends, ...tree.instructions.flatMap((instruction) => placesIn(instruction, text))];
  const found = places.flatMap((place): (Reference | Unpinnable)[] => {
    const item = referenceAt(place, ground);
    return item ? [item] : [];
  });
  return { ...sorted(found), built: [] };
}

const declared = (keyword: string, pairs: Instruction['pairs']): readonly string[] =>
  keyword === 'ARG' ? pairs.map(({ name }) => name) : [];

/** Both kinds apart; a default that several instructions take is one place. */
function sorted(all: readonly (Reference | Unpinnable)[]): Pick<References, 'references' | 'left'> {
  const references = new Map<number, Reference>();
  for (const item of all) if ('span' in item && !references.has(item.span.start)) references.set(item.span.start, item);
  return {
    references: [...references.values()],
    left: all.flatMap((item) => ('why' in item ? [item] : [])),
  };
}

function argumentsOf(instructions: readonly Instruction[], source: string): ReadonlyMap<string, Argument> {
  const found = new Map<string, Argument>();
  for (const { keyword, pairs } of instructions) {
    if (keyword === 'FROM') break;
    for (const { name, value, span } of keyword === 'ARG' ? pairs : []) {
      const written = source.slice(span.start, span.end);
      const [quote = ''] = /^["']/.exec(value ?? '') ?? [];
      const plain = quote === '' ? (value ?? '') : (value ?? '').slice(1, -1);
      const isPlain = plain !== '' && /^[\w./:@-]*$/.test(plain) && written.endsWith(`${quote}${plain}${quote}`);
      // what is said twice is not said here alone
      if (isPlain && !found.has(name)) found.set(name, { value: plain, end: span.end - quote.length });
      else found.delete(name);
    }
  }
  return found;
}

/** Where an instruction names an image, or a stage. */
function placesIn(instruction: Instruction, source: string): readonly ReferencePlace[] {
  const { keyword, args, flags, startLine: line } = instruction;
  const [first] = args;
  if (keyword === 'FROM') {
    const isWhole = first && source.slice(first.span.start, first.span.end) === first.text;
    return isWhole ? [{ span: first.span, line, isBase: true }] : [];
  }
  return flags.flatMap(({ name, value = '', span }): ReferencePlace[] => {
    const start = span.end - value.length;
    if (source.slice(start, span.end) !== value) return [];
    if (keyword === 'COPY' && name === 'from') return [{ span: { start, end: span.end }, line, isBase: false }];
    return name === 'mount' ? mountedFrom(value, start).map((found) => ({ span: found, line, isBase: false })) : [];
  });
}

function mountedFrom(value: string, start: number): readonly Span[] {
  let at = start;
  return value.split(',').flatMap((part) => {
    const from = at;
    at += part.length + 1;
    return part.startsWith('from=') ? [{ start: from + 'from='.length, end: from + part.length }] : [];
  });
}

function referenceAt(
  { span, line, isBase }: ReferencePlace,
  ground: ReferenceScope,
): Reference | Unpinnable | undefined {
  const { source, stages, args, values, read } = ground;
  const text = source.slice(span.start, span.end);
  const word = readWord(source, span, (name) => (isBase && Object.hasOwn(values, name) ? values[name] : undefined));
  const name = (word?.text ?? text).toLowerCase();
  if (name === 'scratch' || stages.has(name)) return undefined;
  // the digest of a whole image says nothing that a stage could misread; behind a bare version it would
  const ofVariable = (variable: string) => {
    const isWhole = args.get(variable)?.value === word?.text;
    return isWhole || !read.has(variable) ? args.get(variable)?.end : undefined;
  };
  return imageReference({ text, line, word }, { ofVariable, ...(isBase ? { end: span.end } : {}) });
}
