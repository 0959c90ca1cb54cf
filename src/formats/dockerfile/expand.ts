import { UserError } from '../../model/errors.ts';
import { lex } from './lex.ts';
import type { Dockerfile } from './types.ts';

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

/** A table of variables in which `__proto__` is a name like any other. */
export const variableTable = (values: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.assign(Object.create(null) as Record<string, string>, values);

/** The arguments before the first FROM with their values; `given` are those that the build gets. */
export function globalArguments(
  { instructions, escape: mark }: Dockerfile,
  given: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const values = variableTable(given);
  for (const { keyword, pairs } of instructions) {
    if (keyword === 'FROM') break;
    for (const { name, value } of keyword === 'ARG' ? pairs : [])
      if (value !== undefined && !Object.hasOwn(given, name)) values[name] = expandWord(value, values, mark);
  }
  return values;
}
