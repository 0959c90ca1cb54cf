import { lex } from './lex.ts';

export type Opening = { readonly name: string; readonly fd: number; readonly chomp: boolean; readonly expand: boolean };

const quotes = (text: string) => text.replace(/[^'"]/g, '').length;

/** The heredoc that one word opens, if it opens one. Throws a UserError for a delimiter whose quotes do not close. */
export function heredocOpening(word: string): Opening | undefined {
  const match = /^(\d*)<<(-?)([^<]*)$/.exec(word);
  const delimiter = match?.[3]?.replace(/^[\t\n\f\r ]+/, '') ?? '';
  if (match === null || delimiter === '') return undefined;
  const [name, ...more] = lex(delimiter, {}, { escape: '\\', keepUnset: true }).words;
  if (name === undefined || more.length > 0) return undefined;
  const [raw = ''] = lex(delimiter, {}, { escape: '\\', keepUnset: true, rawQuotes: true }).words;
  return { name, fd: Number(match[1]), chomp: match[2] === '-', expand: quotes(name) === quotes(raw) };
}

/** The heredocs that a whole command line opens, in order. A line that is no shell words at all opens none. */
export function heredocOpenings(line: string): readonly Opening[] {
  let words: readonly string[];
  try {
    words = lex(line, {}, { escape: '\\', rawQuotes: true, rawEscapes: true, keepUnset: true }).words;
  } catch {
    return [];
  }
  return words.flatMap((word) => heredocOpening(word) ?? []);
}
