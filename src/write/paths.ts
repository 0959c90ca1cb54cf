import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { UserError } from '../model/errors.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads a file of the target folder as it is, with its mode; undefined where there is none. */
export function readTarget(root: string, path: string): { content: string; mode: number } | undefined {
  const full = inside(root, path);
  if (!existsSync(full)) return undefined;
  const stats = statSync(full);
  if (!stats.isFile()) throw notAFile(path);
  return { content: readFileSync(full, 'utf8'), mode: stats.mode & 0o777 };
}

/** The full path of a file inside the root; a path or a link that leads out, and a link in its place, are refused. */
export function inside(root: string, path: string): string {
  const full = locate(root, path);
  if (kindAt(full)?.isSymbolicLink()) {
    throw new UserError({
      code: 'path-is-link',
      message: `${path} is a symbolic link; Dockwright writes through none`,
      where: { file: path },
      next: ['replace the link by the file itself, or use `--output DIR`'],
    });
  }
  return full;
}

/** The same for a place where there may be a link by now. */
export function locate(root: string, path: string): string {
  const top = realpathSync(root);
  const full = resolve(top, path);
  const out = relative(top, full);
  if (out === '' || out === '..' || out.startsWith(`..${sep}`)) throw outside(path);
  let parent = dirname(full);
  while (!existsSync(parent)) parent = dirname(parent);
  const real = realpathSync(parent);
  if (real !== top && !real.startsWith(top + sep)) throw outside(path);
  return full;
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
  if (!kind.isFile()) throw notAFile(path);
  const bytes = readFileSync(full);
  if (!isUtf8(bytes)) {
    throw new UserError({
      code: 'not-utf8',
      message: `${path} is no UTF-8 text; to write it again would change bytes that are yours`,
      where: { file: path },
      next: ['save the file as UTF-8 and run the command again'],
    });
  }
  return sha256(bytes.toString('utf8'));
}

const outside = (path: string) =>
  new UserError({
    code: 'path-outside',
    message: `${path} leads out of the project; nothing was written`,
    where: { file: path },
    next: ['take the link away, or use `--output DIR`'],
  });

const notAFile = (path: string) =>
  new UserError({
    code: 'not-a-file',
    message: `${path} is a folder where a file has to be written`,
    where: { file: path },
    next: [`rename the folder ${path}, or use \`--output DIR\``],
  });

const rights = ['the folder may not be written', 'give yourself the right to write there, or use `--output DIR`'];
const room = ['the disk is full', 'make room and run the command again'];
const inTheWay = [
  'something else stands where a file or a folder has to be',
  'take it away or rename it, or use `--output DIR`',
];
const moved = ['a folder went away while files were written to it', 'run the command again'];
const causes: Readonly<Record<string, readonly string[]>> = {
  EACCES: rights,
  EPERM: rights,
  EROFS: ['the file system is read-only', 'use `--output DIR` with a folder that can be written'],
  ENOSPC: room,
  EDQUOT: room,
  EEXIST: inTheWay,
  ENOTDIR: inTheWay,
  EISDIR: inTheWay,
  ELOOP: ['a link leads in circles', 'take the link away, or use `--output DIR`'],
  ENAMETOOLONG: ['a path is too long for the file system', 'use a folder with a shorter path: `--output DIR`'],
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
