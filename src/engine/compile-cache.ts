import { lstatSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheHome } from './cache-home.ts';
import { isWithin, realPath, repositoryAround } from './folders.ts';

/**
 * The folder in which the compiled form of Dockwright is kept between runs; undefined where there is none that is safe: see
 * `compileCacheFolder`. `words` is the command line; nothing is thrown.
 */
export const compileCache = (words: readonly string[]): string | undefined =>
  process.env['NODE_DISABLE_COMPILE_CACHE']
    ? undefined
    : compileCacheFolder(cacheHome(), [process.cwd(), ...foldersNamed(words)]);

/** The folders that a command line names: those of the project, and where files are written. */
function foldersNamed(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const [, joined] = /^--(?:cwd|output)=(.*)$/s.exec(word) ?? [];
    const next = word === '--cwd' || word === '--output' ? words[index + 1] : undefined;
    return [joined, next].filter((folder) => folder !== undefined);
  });
}

/**
 * The folder for compiled code below `home`, made for this user alone (mode 700). Whoever can write there can have this user run any code,
 * so it is undefined where `home` or a folder below it is a link, where another user could put something in its place, and where it
 * lies in the repository around one of `projects`.
 */
export function compileCacheFolder(home: string | undefined, projects: readonly string[]): string | undefined {
  if (home === undefined) return undefined;
  try {
    // systems have links above the home folders, such as /home
    const folder = join(realPath(dirname(home)), basename(home), 'dockwright', 'compiled');
    if (projects.some((project) => isWithin(folder, repositoryAround(realPath(project))))) return undefined;
    if (!isPrivate(folder)) return undefined;
    for (const level of [dirname(dirname(folder)), dirname(folder), folder]) makeLevel(level);
    // once more with the folders that were made
    return isPrivate(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function makeLevel(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })) mkdirSync(path, { mode: 0o700 });
}

/**
 * Whether a folder, and each above it, is a real one that nobody but this user and root can change; what is not there yet can be nobody's.
 * Windows keeps other users out of a profile by itself.
 */
function isPrivate(folder: string): boolean {
  const kind = lstatSync(folder, { throwIfNoEntry: false });
  if (kind && !kind.isDirectory()) return false;
  const user = process.geteuid?.();
  if (kind && user !== undefined && !([user, 0].includes(kind.uid) && (kind.mode & 0o022) === 0)) return false;
  const above = dirname(folder);
  return above === folder || isPrivate(above);
}
