import { lex } from '../../formats/dockerfile/lex.ts';
import { UserError } from '../../model/errors.ts';

/** Longer words stay as they are written, and no value grows beyond it: each `ENV A=$A$A` would double it. Characters. */
const MAX_WORD = 4096;

/** A word of an instruction with the variables filled in that have a value, and quotes taken out; as it is written where that is not valid. */
export function filledIn(word: string, values: Readonly<Record<string, string>>, mark: string): string {
  if (word.length > MAX_WORD) return word;
  try {
    const { value } = lex(word, values, { escape: mark, keepUnset: true });
    return value.length > MAX_WORD ? word : value;
  } catch (error) {
    if (error instanceof UserError) return word;
    throw error;
  }
}
