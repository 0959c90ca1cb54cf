import { globMatcher } from '../glob/index.ts';

/** One line of a `.gitignore` (git-scm.com/docs/gitignore). */
export type IgnoreRule = {
  /** `!`: what it matches is not ignored */
  readonly keeps: boolean;
  readonly foldersOnly: boolean;
  /** `path` is relative to the folder of the file that the rule stands in */
  readonly matches: (path: string) => boolean;
};

/** The rules of a `.gitignore`, in their order, which decides: the last one that matches counts. */
export function parseGitIgnore(text: string): readonly IgnoreRule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line) => ruleOf(withoutTrailingBlanks(line)));
}

function ruleOf(line: string): readonly IgnoreRule[] {
  if (line === '' || line.startsWith('#')) return [];
  const keeps = line.startsWith('!');
  const written = keeps ? line.slice(1) : line;
  const foldersOnly = written.endsWith('/');
  const pattern = foldersOnly ? written.slice(0, -1) : written;
  return pattern === '' ? [] : [{ keeps, foldersOnly, matches: pathMatcher(pattern) }];
}

/** A pattern of git: with a `/` in it, a path from the folder of its file; without one, a name in any folder below. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const matches = globMatcher(pattern.startsWith('/') ? pattern.slice(1) : pattern);
  return pattern.includes('/') ? matches : (path) => matches(path.slice(path.lastIndexOf('/') + 1));
}

/** Blanks at the end do not count, unless a backslash stands before them. */
function withoutTrailingBlanks(line: string): string {
  let end = line.endsWith('\r') ? line.length - 1 : line.length;
  while (end > 0 && line[end - 1] === ' ' && line[end - 2] !== '\\') end -= 1;
  return line.slice(0, end);
}
