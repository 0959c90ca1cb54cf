import library from '@balena/dockerignore';

/** The package is CommonJS and its types speak of an ES module: what it exports has itself as `default`. */
const matcherOf = library.default;

/** Which files Docker leaves out of the build context under these patterns (lines of a `.dockerignore`, in order). */
export function matcher(patterns: readonly string[]): (file: string) => boolean {
  const rules = matcherOf();
  rules.add(patterns.filter((pattern) => pattern.trim() !== '' && !pattern.startsWith('#')));
  return (file) => rules.ignores(file);
}

/** The same for one file. */
export const ignored = (patterns: readonly string[], file: string): boolean => matcher(patterns)(file);

/** A line of a `.dockerignore` that says something; `line` is 1-based. A `#` is a comment only as the first character of its line. */
export type IgnoreLine = { readonly pattern: string; readonly line: number };

/** The patterns of a `.dockerignore` in their order, which decides: the last one that matches a file wins. */
export function parseIgnore(text: string): readonly IgnoreLine[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((raw, index) => ({ raw, pattern: raw.trim(), line: index + 1 }))
    .filter(({ raw, pattern }) => pattern !== '' && !raw.startsWith('#'))
    .map(({ pattern, line }) => ({ pattern, line }));
}

/** The files, out of these, that a `.dockerignore` keeps from the build context. */
export function leavesOut(text: string, files: readonly string[]): readonly string[] {
  // escaped, or the `#` of an indented line would make a comment of it now that its indentation is gone
  const patterns = parseIgnore(text).map(({ pattern }) => (pattern.startsWith('#') ? `\\${pattern}` : pattern));
  return files.filter(matcher(patterns));
}
