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
