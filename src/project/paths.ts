import { posix } from 'node:path';

/** The path in the repository of a file of an app. */
export const pathIn = (root: string, file: string) => (root === '.' ? file : `${root}/${file}`);

/** A part of a path that is empty, `.` or `..`. */
const unplain = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Gives the paths below a folder of paths of the repository; those outside of the folder start with `../`. */
export function pathsBelow(root: string): (path: string) => string {
  const below = root === '.' ? '' : `${root}/`;
  // this is asked about every file of a repository, and most of them need no working out
  return (path) =>
    path.startsWith(below) && !unplain.test(path) ? path.slice(below.length) : posix.relative(root, path);
}

/** The paths below a folder among paths of the repository, as `pathsBelow` gives them, without those outside of it. */
export const filesBelow = (paths: readonly string[], root: string): readonly string[] =>
  (root === '.' ? paths : paths.filter((path) => path.startsWith(`${root}/`))).map(pathsBelow(root));
