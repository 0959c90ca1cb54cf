/**
 * Names of variables as the tables of this folder write them: exact, or with one `*` that stands for one character or more, such as
 * `UV_INDEX_*_PASSWORD`. Case does not matter: Windows has one variable for both spellings, and npm reads its settings in either.
 */
export type NamePattern = string;

/** A matcher for names of variables, linear in the length of the name. A pattern with a second `*` is a mistake in the table, and throws. */
export function nameMatcher(patterns: readonly NamePattern[]): (name: string) => boolean {
  const exact = new Set<string>();
  const open: { readonly start: string; readonly end: string }[] = [];
  for (const pattern of patterns) {
    const [start = '', end, ...more] = pattern.toUpperCase().split('*');
    if (more.length > 0) throw new Error(`a pattern may have one "*": ${pattern}`);
    if (end === undefined) exact.add(start);
    else open.push({ start, end });
  }
  return (name) => {
    const upper = name.toUpperCase();
    return (
      exact.has(upper) ||
      open.some(
        ({ start, end }) => upper.length > start.length + end.length && upper.startsWith(start) && upper.endsWith(end),
      )
    );
  };
}
