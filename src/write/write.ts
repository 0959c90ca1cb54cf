import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../model/errors.ts';

/** One file to write: the whole text, and the hash of the file that it was worked out from (null: there was none). */
export type FileWrite = {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly base: string | null;
};

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads a file of the target folder as it is, with its mode; undefined where there is none. */
export function readTarget(root: string, path: string): { content: string; mode: number } | undefined {
  const full = inside(root, path);
  if (!existsSync(full)) return undefined;
  if (!statSync(full).isFile()) throw notAFile(path);
  return { content: readFileSync(full, 'utf8'), mode: statSync(full).mode & 0o777 };
}

/**
 * Writes all files or none that was not ready: everything is written beside its place first, then renamed, so that each file is
 * whole at any moment. Refused: a path outside the folder, a link, a file that is no longer what the change was worked out from.
 */
export function writeFiles(root: string, files: readonly FileWrite[]): void {
  const staged: { temporary: string; full: string }[] = [];
  try {
    for (const file of files) staged.push(stage(root, file));
    for (const { temporary, full } of staged) renameSync(temporary, full);
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    throw asUserError(error, root);
  }
}

function stage(root: string, file: FileWrite): { temporary: string; full: string } {
  const full = inside(root, file.path);
  const now = existsSync(full) ? sha256(readFileSync(full, 'utf8')) : null;
  if (now !== file.base) {
    throw new UserError({
      code: 'file-changed',
      message: `${file.path} changed while the preview was shown; nothing was written`,
      where: { file: file.path },
      next: ['run the command again: the new preview starts from the file as it is now'],
      exit: 3,
    });
  }
  mkdirSync(dirname(full), { recursive: true });
  const temporary = join(dirname(full), `.${basename(full)}.${randomBytes(6).toString('hex')}.tmp`);
  writeFileSync(temporary, file.content, { mode: file.mode, flag: 'wx' });
  return { temporary, full };
}

/** The full path of a file inside the root; a path or a link that leads out is refused. */
function inside(root: string, path: string): string {
  const top = realpathSync(root);
  const full = resolve(top, path);
  const out = relative(top, full);
  if (out === '' || out === '..' || out.startsWith(`..${sep}`)) throw outside(path);
  let parent = dirname(full);
  while (!existsSync(parent)) parent = dirname(parent);
  const real = realpathSync(parent);
  if (real !== top && !real.startsWith(top + sep)) throw outside(path);
  if (isLink(full)) {
    throw new UserError({
      code: 'path-is-link',
      message: `${path} is a symbolic link; Dockwright writes through none`,
      where: { file: path },
      next: ['replace the link by the file itself, or use `--output DIR`'],
    });
  }
  return full;
}

function isLink(full: string): boolean {
  try {
    return lstatSync(full).isSymbolicLink();
  } catch {
    return false;
  }
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

const causes: Readonly<Record<string, [message: string, next: string]>> = {
  EACCES: ['the folder may not be written', 'give yourself the right to write there, or use `--output DIR`'],
  EPERM: ['the folder may not be written', 'give yourself the right to write there, or use `--output DIR`'],
  EROFS: ['the file system is read-only', 'use `--output DIR` with a folder that can be written'],
  ENOSPC: ['the disk is full', 'make room and run the command again'],
};

function asUserError(error: unknown, root: string): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const known = causes[code];
  if (error instanceof UserError || !known) return error;
  return new UserError({
    code: 'cannot-write',
    message: `${known[0]}: ${root}`,
    next: [known[1]],
    exit: 4,
    cause: error,
  });
}

/** Makes the folder that `--output` names, where it is not there yet. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw asUserError(error, path);
  }
}
