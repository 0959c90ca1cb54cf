import library from '@balena/dockerignore';

/** The package is CommonJS and its types speak of an ES module: what it exports has itself as `default`. */
const matcherOf = library.default;

/** Whether Docker leaves a file out of the build context under these patterns (lines of a `.dockerignore`, in order). */
export function ignored(patterns: readonly string[], file: string): boolean {
  const matcher = matcherOf();
  matcher.add(patterns.filter((pattern) => pattern.trim() !== '' && !pattern.startsWith('#')));
  return matcher.ignores(file);
}
