import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../model/errors.ts';
import { type Reserved, reservedIn } from '../model/reserved.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Nothing that is generated comes near it: a larger file is something else, and is not read. Bytes. */
const largest = 16 * 1024 * 1024;

/**
 * Reads a file of the target folder as it is, with its mode; undefined where there is none, or no folder yet. Refused: what leads out
 * of the folder, what is no file, what cannot be read: permission denied, what is larger than any text.
 */
export function readTarget(root: string, path: string): { content: string; mode: number } | undefined {
  if (!isFolder(root)) return undefined;
  const full = inside(root, path);
  if (!existsSync(full)) return undefined;
  const stats = statSync(full);
  if (!stats.isFile()) throw notAFile(path, stats);
  if (stats.size > largest) throw tooLarge(path);
  try {
    return { content: readFileSync(full, 'utf8'), mode: stats.mode & 0o777 };
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(errorCode(error))) throw error;
    throw closed(path, error);
  }
}

/** Whether a folder is there; false where nothing is. Throws a UserError where something else has its name. */
export function isFolder(root: string): boolean {
  const kind = onDisk(root, () => statSync(root, { throwIfNoEntry: false }));
  if (!kind || kind.isDirectory()) return kind !== undefined;
  throw new UserError({
    code: 'not-a-folder',
    message: `${root} is a file, not a folder`,
    next: ['Use an existing folder or a new one: `--output DIR`'],
  });
}

/** The full path of a file inside the root; a path or a link that leads out, and a link in its place, are refused. */
export function inside(root: string, path: string): string {
  const full = locate(root, path);
  if (kindAt(full)?.isSymbolicLink()) {
    throw new UserError({
      code: 'path-is-link',
      message: `${path} is a symbolic link, and Dockwright does not write through links`,
      where: { file: path },
      next: ['Replace the link with the file itself, or use `--output DIR`'],
    });
  }
  return full;
}

/**
 * The same for a place where there may be a link by now. Every path that is read or written here comes through this guard: what lies in
 * `.git`, or beside the files of our own state, is refused by its name and by the name that it has once links are followed.
 */
export function locate(root: string, path: string): string {
  const top = realpathSync(root);
  const full = resolve(top, path);
  const out = relative(top, full);
  if (out === '' || out === '..' || out.startsWith(`..${sep}`)) throw outside(path);
  let parent = dirname(full);
  while (!existsSync(parent)) parent = dirname(parent);
  const real = realpathSync(parent);
  if (real !== top && !real.startsWith(top + sep)) throw outside(path);
  const behind = real === parent ? out : relative(top, join(real, relative(parent, full)));
  for (const name of [out, behind]) {
    const reserved = isOwnState(name) ? undefined : reservedIn(name);
    if (reserved) throw refuseReserved(path, reserved);
  }
  return full;
}

/** The folder of the state, at the top of the folder that is written to. */
export const ownFolder = '.dockwright';

/** The name of the file that marks an interrupted write, by the token of its journal. */
export const markerName = (token: string): string => `writing-${token}`;

/** What Dockwright itself keeps in the folder of its state; nothing else is written there. */
function isOwnState(path: string): boolean {
  const [first, second = '', ...rest] = path.split(sep);
  if (first !== ownFolder) return false;
  if (second === 'applications') return rest.length === 0 || /^[a-z0-9-]+\.json$/.test(rest.join('/'));
  if (second === 'last' || second === 'replaced') return reservedIn(rest.join('/')) === undefined;
  return rest.length === 0 && (['', 'state.json', 'evidence.json', 'pins.json'].includes(second) || isMarker(second));
}

export const isMarker = (name: string): boolean => /^writing-[0-9a-f]{32}$/.test(name);

const refuseReserved = (path: string, reserved: Reserved): UserError =>
  new UserError({
    code: 'path-reserved',
    message:
      reserved === 'git'
        ? `${path} is in a .git folder, whose files can start programs. Dockwright does not write there.`
        : `${path} is in the folder where Dockwright keeps its state, and no other file is written there.`,
    where: { file: path },
    next: ['Choose another path for this file.'],
  });

/**
 * Refuses a folder to write to that lies in `.git`. `named`: a person named it (`--output`), so that the folder of a state is refused
 * too. The folder may not exist yet.
 */
export function checkTarget(folder: string, named: boolean): void {
  const full = resolve(folder);
  let parent = full;
  while (!existsSync(parent) && dirname(parent) !== parent) parent = dirname(parent);
  const real = onDisk(folder, () => realpathSync(parent));
  for (const name of [full, join(real, relative(parent, full))]) {
    const reserved = reservedIn(name);
    if (reserved === 'git' || (reserved && named)) throw refuseReserved(folder, reserved);
  }
}

/** What stands at a full path, links not followed; undefined where there is nothing. */
export function kindAt(full: string): Stats | undefined {
  try {
    return lstatSync(full);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

/**
 * The hash of the text of a file, null where there is none. A folder or a device in its place is refused, and so is a file that is no
 * UTF-8: read as text and written again it would lose bytes.
 */
export function hashAt(full: string, path: string): string | null {
  const kind = kindAt(full);
  if (!kind) return null;
  if (!kind.isFile()) throw notAFile(path, kind);
  const bytes = readFileSync(full);
  if (!isUtf8(bytes)) {
    throw new UserError({
      code: 'not-utf8',
      message: `${path} is not valid UTF-8, and writing it would change your bytes`,
      where: { file: path },
      next: ['Save the file as UTF-8 and run the command again'],
    });
  }
  return sha256(bytes.toString('utf8'));
}

const outside = (path: string) =>
  new UserError({
    code: 'path-outside',
    message: `${path} points outside the project; nothing was written`,
    where: { file: path },
    next: ['Use a path inside the project, or remove the link that points outside; or use `--output DIR`'],
  });

const tooLarge = (path: string) =>
  new UserError({
    code: 'file-too-large',
    message: `${path} is larger than ${largest / 1024 / 1024} MB, which is more than Dockwright reads or writes`,
    where: { file: path },
    next: [`Rename ${path}, or use \`--output DIR\``],
  });

const closed = (path: string, cause: unknown) =>
  new UserError({
    code: 'file-unreadable',
    message: `${path} cannot be read: permission denied`,
    where: { file: path },
    next: ['Grant yourself read permission, or use `--output DIR`'],
    cause,
  });

/** What is there in the place of a file, as a person would call it. */
function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'named pipe';
  return stats.isSocket() ? 'socket' : 'device';
}

function notAFile(path: string, stats: Stats): UserError {
  const kind = kindOf(stats);
  return new UserError({
    code: 'not-a-file',
    message: `${path} is a ${kind}, but a file must be written there`,
    where: { file: path },
    next: [`${kind === 'folder' ? 'Rename' : 'Remove'} the ${kind} ${path}, or use \`--output DIR\``],
  });
}

const rights = ['no permission to write to the folder', 'Grant yourself write permission, or use `--output DIR`'];
const room = ['the disk is full', 'Free some space and run the command again'];
const inTheWay = ['something else has the path of a file or folder', 'Remove or rename it, or use `--output DIR`'];
const moved = ['a folder disappeared while files were being written to it', 'Run the command again'];
const causes: Readonly<Record<string, readonly string[]>> = {
  EACCES: rights,
  EPERM: rights,
  EROFS: ['the file system is read-only', 'Use `--output DIR` with a writable folder'],
  ENOSPC: room,
  EDQUOT: room,
  EEXIST: inTheWay,
  ENOTDIR: inTheWay,
  EISDIR: inTheWay,
  ELOOP: ['a symbolic link is circular', 'Remove the link, or use `--output DIR`'],
  ENAMETOOLONG: ['a path is too long for the file system', 'Use a folder with a shorter path: `--output DIR`'],
  ENOENT: moved,
};

/** The code of an error of the file system (`EACCES` …), '' for any other error. */
export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Does the work on a folder; what the disk refused becomes a UserError that names the place. */
export function onDisk<T>(root: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const known = causes[errorCode(error)];
    if (error instanceof UserError || !known) throw error;
    const path = error instanceof Error && 'path' in error ? String(error.path) : root;
    throw new UserError({
      code: 'cannot-write',
      message: `${known[0] ?? ''}: ${path}`,
      next: [known[1] ?? ''],
      exit: 4,
      cause: error,
    });
  }
}
