import { lex } from './lex.ts';

export type Expanded = {
  readonly value: string;
  /** variables that were looked up and found, in the order of their first use */
  readonly used: readonly string[];
  /** variables that were looked up and not found: each counts as empty */
  readonly unset: readonly string[];
};

/**
 * One word of an instruction as BuildKit takes it: variables put in with every modifier, quotes and escapes taken out. `env` holds the
 * variables that are set; `escape` is the tree's. Throws a UserError (`dockerfile-expansion`) for a quote or brace left open,
 * a modifier that does not exist, and `${name:?message}` where the name has no value.
 */
export function expandWord(
  word: string,
  env: Readonly<Record<string, string>>,
  options: { readonly escape?: string } = {},
): Expanded {
  const { value, used, unset } = lex(word, env, { escape: options.escape ?? '\\' });
  return { value, used, unset };
}

/** The same, then split at white space that no quote holds together: what EXPOSE does with its arguments. */
export const expandWords = (
  text: string,
  env: Readonly<Record<string, string>>,
  options: { readonly escape?: string } = {},
): readonly string[] => lex(text, env, { escape: options.escape ?? '\\' }).words;
