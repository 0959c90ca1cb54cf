import { UserError } from '../../model/errors.ts';
import { lex } from './lex.ts';

/** Longer words are left as they are written, and no value grows beyond it: each `ENV A=$A$A` would double it. Characters. */
const MAX_WORD = 4096;

/**
 * A word of an instruction with its variables filled in, quotes and escapes taken out, as BuildKit takes it. `env` holds the variables that
 * are set; a variable that is not set stays as it is written (`$NAME`), and so does a word that BuildKit would refuse. Never throws.
 */
export function expandWord(word: string, env: Readonly<Record<string, string>>, mark: string): string {
  if (word.length > MAX_WORD) return word;
  try {
    const { value } = lex(word, env, { escape: mark, keepUnset: true });
    return value.length > MAX_WORD ? word : value;
  } catch (error) {
    if (error instanceof UserError) return word;
    throw error;
  }
}
