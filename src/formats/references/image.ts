import type { Reference, Unpinnable } from './types.ts';
import type { Word } from './word.ts';

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** Where an image is named: the text as it is written, its line, and the word that it is once its variables are filled in. */
export type Named = { readonly text: string; readonly line: number; readonly word: Word | undefined };

/** Where a pin is written. */
type Places = {
  /** the place where the value of a variable ends, where it is used for nothing else */
  readonly ofVariable?: (name: string) => number | undefined;
  /** the end of the whole, where every variable within its tag has its value in the file; undefined: others set them */
  readonly end?: number;
};

/** An image where it is named, as something that can be pinned there, or why it cannot. */
export function imageReference({ text, line, word }: Named, { ofVariable, end }: Places = {}): Reference | Unpinnable {
  const unpinnable = (why: string): Unpinnable => ({ text, line, why });
  if (!word) return unpinnable('it contains a variable without a value in this file');
  const digest = DIGEST.exec(word.text)?.[0] ?? '';
  const name = word.text.slice(0, word.text.length - digest.length);
  if (/[\s@]|[^\x21-\x7e]/.test(name) || name === '') return unpinnable('not a valid image name');
  const tag = tagOf(name);
  const isWhole = word.piece >= digest.length + (tag === undefined ? 0 : tag.length);
  const ofTail = typeof word.tail === 'number' ? word.tail : ofVariable?.(word.tail.name);
  const own = isWhole ? ofTail : undefined;
  // behind a name that stands there in letters; behind a variable for all of it, the digest would be that of another image
  const at = own ?? (isTagAlone(text) && word.piece >= digest.length ? end : undefined);
  if (at === undefined) {
    return unpinnable(
      isWhole
        ? 'its last part is a variable that is also used elsewhere'
        : 'its tag contains a variable, and a digest would not follow its value',
    );
  }
  return {
    kind: 'image',
    key: tag === undefined ? (digest === '' ? `${name}:latest` : undefined) : name,
    pin: digest === '' ? undefined : digest.slice(1),
    line,
    text,
    span: { start: at - digest.length, end: at },
    written: tag === undefined && digest === '' ? ':latest' : '',
    ...(own === undefined ? { holds: word.variables } : {}),
  };
}

/** Whether variables stand within the tag alone: the name before it is written in letters. */
function isTagAlone(text: string): boolean {
  const colon = text.lastIndexOf(':', text.indexOf('$'));
  return colon > 0 && !text.slice(colon).includes('/');
}

function tagOf(name: string): string | undefined {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(colon + 1) : undefined;
}
