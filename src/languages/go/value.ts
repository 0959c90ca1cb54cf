/** What an expression comes to, as far as the sources say it. */
export type Value =
  | { readonly is: 'text'; readonly text: string }
  /** a variable of the environment, with what is taken where it is not set */
  | { readonly is: 'variable'; readonly name: string; readonly fallback?: Value; readonly required?: true }
  | { readonly is: 'join'; readonly parts: readonly Value[] };

/** The text of a value where nothing is set; undefined: a variable without a default is in it. */
export function textOf(value: Value | undefined): string | undefined {
  if (!value) return undefined;
  if (value.is === 'text') return value.text;
  if (value.is === 'variable') return textOf(value.fallback);
  const parts = value.parts.map(textOf);
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
}
