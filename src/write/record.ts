import { accessSync, constants, realpathSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { errorCode, kindAt, sha256 } from './paths.ts';

/**
 * Where the lock and the journal of one folder are kept: outside of every repository, in the user's own folder of state. What a
 * repository holds is data, so neither is ever read from there.
 */
export type RecordFolder = { readonly folder: string } | { readonly unusable: string };

/** The folder of state of this user (`XDG_STATE_HOME`, else the system's custom); undefined where there is none. */
function stateHome(): string | undefined {
  const own = process.env[process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_STATE_HOME'];
  if (own && isAbsolute(own)) return own;
  try {
    const home = homedir();
    return isAbsolute(home) ? join(home, '.local', 'state') : undefined;
  } catch {
    // a user that the system has no entry for
    return undefined;
  }
}

/**
 * The folder of the record of `top`, the real path of a folder that is written to. It may not exist yet; nothing is made. Unusable, with
 * the reason as a clause: inside the repository, not the user's own, or not to be written. Then files are written without a record.
 */
export function recordFolder(top: string): RecordFolder {
  // the system's own answer: where names have no case, it is the same for each spelling
  return privateFolder(top, () => ['dockwright', 'writes', sha256(realpathSync.native(top)).slice(0, 32)]);
}

/** A folder below the folder of state of this user, which only this user may write, and that lies outside of the repository of `top`. */
export function privateFolder(top: string, names: readonly string[] | (() => readonly string[])): RecordFolder {
  const home = stateHome();
  if (home === undefined) return { unusable: 'this user has no home folder' };
  try {
    const folders = typeof names === 'function' ? names() : names;
    const levels = folders.map((_, index) => join(home, ...folders.slice(0, index + 1)));
    const foreign = levels.find((level) => {
      const kind = kindAt(level);
      return kind && !isPrivate(kind);
    });
    if (foreign !== undefined) return { unusable: `${foreign} is not writable by this user alone` };
    // the last folder comes and goes while others write; those above it stay once they are made
    const above = nearest(levels.at(-2) ?? home);
    const real = realpathSync(above);
    const repository = repositoryOf(top);
    if (real === repository || real.startsWith(withSeparator(repository)))
      return { unusable: `${home} is inside the project` };
    if (!statSync(above).isDirectory()) return { unusable: `${above} is not a folder` };
    accessSync(above, constants.W_OK);
    return { folder: levels.at(-1) ?? home };
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return { unusable: `${home} is not writable` };
  }
}

/** What an attempt to make the folder fails with where it is not to be had. */
export const isUnusable = (error: unknown): boolean =>
  ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'ELOOP', 'ENAMETOOLONG'].includes(errorCode(error));

function nearest(folder: string): string {
  let at = folder;
  while (!kindAt(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

/** The repository that a folder belongs to; where there is none, the folder itself. */
function repositoryOf(top: string): string {
  for (let at = top; ; at = dirname(at)) {
    if (kindAt(join(at, '.git'))) return at;
    if (dirname(at) === at) return top;
  }
}

const withSeparator = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep);

/** A link, or a folder that others may write, could hold what another user put there. */
function isPrivate(kind: Stats): boolean {
  if (!kind.isDirectory()) return false;
  if (process.platform === 'win32') return true;
  return kind.uid === process.geteuid?.() && (kind.mode & 0o022) === 0;
}
