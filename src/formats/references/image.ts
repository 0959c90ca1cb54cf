import type { Reference, Unpinnable } from './types.ts';
import type { Word } from './word.ts';

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** Where an image is named: the text as it is written, its line, and the word that it is once its variables are filled in. */
export type Named = { readonly text: string; readonly line: number; readonly word: Word | undefined };

/** What a pin would be written behind; `at` gives the place where the value of a variable ends. */
type Place = (name: string) => number | undefined;

/** An image where it is named, as something that can be pinned there, or why it cannot. */
export function imageReference({ text, line, word }: Named, place: Place = () => undefined): Reference | Unpinnable {
  const left = (why: string): Unpinnable => ({ text, line, why });
  if (!word) return left('a variable in it has no value in this file');
  const at = typeof word.tail === 'number' ? word.tail : place(word.tail.name);
  const digest = DIGEST.exec(word.text)?.[0] ?? '';
  const name = word.text.slice(0, word.text.length - digest.length);
  if (/[\s@]|[^\x21-\x7e]/.test(name) || name === '') return left('it is not the name of an image');
  if (at === undefined) return left('its last part is a variable that is used for other things as well');
  const tag = tagOf(name);
  // a tag of which only a part is in one piece could be changed by its variable, and the digest would still be that of another one
  if (word.piece < digest.length + (tag === undefined ? 0 : tag.length))
    return left('a variable stands within its tag, and a digest would hold whatever that variable says');
  return {
    kind: 'image',
    key: tag === undefined ? (digest === '' ? `${name}:latest` : undefined) : name,
    pin: digest === '' ? undefined : digest.slice(1),
    line,
    text,
    span: { start: at - digest.length, end: at },
    written: tag === undefined && digest === '' ? ':latest' : '',
  };
}

function tagOf(name: string): string | undefined {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(colon + 1) : undefined;
}
