import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { UserError } from '../model/errors.ts';
import { z } from '../model/zod.ts';
import { removeIfEmpty } from './lock.ts';
import { errorCode, hashAt, inside, kindAt, locate, markerName, ownFolder, sha256 } from './paths.ts';

/** One file to write: the whole text, and the hash of the file that it was worked out from (null: there was none). */
export type FileWrite = {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly base: string | null;
};

/** The file of the journal in the record of a folder, which lies outside of every repository. */
export const journalPath = (folder: string): string => join(folder, 'journal.json');

/** What a journal that was not put in its place is called. */
export const unsavedJournal = (folder: string): string => `${journalPath(folder)}.tmp`;

// schemas are made where one is read: most runs read none, and making them takes a while
const pathSchema = () =>
  z
    .string()
    .refine(
      (path) =>
        path !== '' &&
        !posix.isAbsolute(path) &&
        posix.normalize(path) === path &&
        !['.', '..'].includes(path.split('/')[0] ?? ''),
    );
const hashSchema = () => z.string().regex(/^[0-9a-f]{64}$/);

/** A file on its way: the new text waits in `temporary`, the old one is kept in `backup` until all are in place. */
const entrySchema = () =>
  z
    .strictObject({
      path: pathSchema(),
      temporary: pathSchema(),
      backup: pathSchema().nullable(),
      sha256: hashSchema(),
      base: hashSchema().nullable(),
      mode: z.int(),
    })
    // what is removed or moved is called as we name it, whatever else a journal says
    .refine(({ path, temporary, backup }) => [temporary, backup ?? temporary].every((value) => isOurs(value, path)));
export type Entry = z.infer<ReturnType<typeof entrySchema>>;

/**
 * `staging`: no file is in its place yet. `ready`: all wait, and some may be in place. Folders are those made for it, outer ones first.
 * `root` is the real path of the folder, for people to read, and `token` names its marker: a folder without it is another one that has the same path by now.
 */
const journalSchema = () =>
  z.strictObject({
    version: z.literal(2),
    root: z.string(),
    token: z.string().regex(/^[0-9a-f]{32}$/),
    state: z.enum(['staging', 'ready']),
    folders: z.array(pathSchema()),
    files: z.array(entrySchema()),
  });
export type Journal = Readonly<z.infer<ReturnType<typeof journalSchema>>>;

const newName = (path: string, end: 'new' | 'old') =>
  posix.join(posix.dirname(path), `.dockwright-${randomBytes(6).toString('hex')}.${end}`);

const isOurs = (name: string, path: string) =>
  posix.dirname(name) === posix.dirname(path) && /^\.dockwright-[0-9a-f]{12}\.(new|old)$/.test(posix.basename(name));

/** What is going to happen. Nothing is changed yet; refused is what no longer is what the change was worked out from. */
export function newJournal(top: string, files: readonly FileWrite[]): Journal {
  const folders = new Set(missing(top, ownFolder));
  const entries = files.map((file): Entry => {
    const full = inside(top, file.path);
    if (hashAt(full, file.path) !== file.base) throw changed(file.path);
    const path = relative(top, full).split(sep).join('/');
    for (const folder of missing(top, posix.dirname(path))) folders.add(folder);
    return {
      path,
      temporary: newName(path, 'new'),
      backup: file.base === null ? null : newName(path, 'old'),
      sha256: sha256(file.content),
      base: file.base,
      mode: file.mode,
    };
  });
  const twice = entries.find(({ path }, index) => entries.findIndex((entry) => entry.path === path) < index);
  if (twice) throw new Error(`two texts for one file: ${twice.path}`);
  const token = randomBytes(16).toString('hex');
  return { version: 2, root: top, token, state: 'staging', folders: [...folders], files: entries };
}

function missing(top: string, folder: string): readonly string[] {
  if (folder === '.' || kindAt(join(top, folder))) return [];
  return [...missing(top, posix.dirname(folder)), folder];
}

/** Puts the journal in its place, whole and durably. `folder` is the record; undefined where there is none to be had. */
export function saveJournal(folder: string | undefined, journal: Journal): void {
  if (folder === undefined) return;
  writeDurably(unsavedJournal(folder), `${JSON.stringify(journal, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  renameSync(unsavedJournal(folder), journalPath(folder));
  syncFolder(folder);
}

/** The journal of a record, undefined where there is none. Throws a UserError where it says nothing that we would have written. */
export function readJournal(folder: string): Journal | undefined {
  const full = journalPath(folder);
  const kind = kindAt(full);
  if (!kind) return undefined;
  // a link or a device is none of ours, and reading it may never end
  const text = kind.isFile() ? readFileSync(full, 'utf8') : '';
  try {
    return journalSchema().parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    throw new UserError({
      code: 'journal-broken',
      message: 'A write was interrupted, and its progress record could not be read.',
      where: { file: full },
      next: byHand(full),
      exit: 3,
      cause: error,
    });
  }
}

/** What a person does where the journal (`file`, where one was kept) is of no use. */
export const byHand = (file: string | undefined): readonly string[] => [
  'Review what was written with `git status` and `git diff`, and restore what you do not want.',
  `Then delete ${file === undefined ? '' : `${file} and `}the files named .dockwright-*.new and .dockwright-*.old, and run the command again.`,
];

const markerOf = (top: string, { token }: Journal): string => join(top, ownFolder, markerName(token));

/** Whether this is the folder that the journal was written for: a copy has no record, and another one at its path has no marker. */
export const isMarked = (top: string, journal: Journal): boolean => kindAt(markerOf(top, journal))?.isFile() === true;

/** Says in the folder itself that it is being written to, for its owner to see and for the journal to be known by. */
export function mark(top: string, journal: Journal): void {
  inside(top, ownFolder);
  if (journal.folders.includes(ownFolder)) makeFolder(top, ownFolder);
  writeDurably(markerOf(top, journal), MARKER_TEXT, { flag: 'wx', mode: 0o644 });
  syncFolder(join(top, ownFolder));
}

const MARKER_TEXT =
  'Dockwright was writing files in this project. If it is no longer running, run it again: it finishes or undoes the write.\n';

/** Writes the new texts beside their places, and keeps the old ones. */
export function stage(top: string, journal: Journal, contents: readonly string[]): void {
  for (const folder of journal.folders) makeFolder(top, folder);
  journal.files.forEach((file, index) => {
    const full = inside(top, file.path);
    if (hashAt(full, file.path) !== file.base) throw changed(file.path);
    // the mode of a file that was there is kept whole; that of a new one is the user's umask's too
    const options = { flag: 'wx', mode: file.mode, keep: file.base !== null };
    writeDurably(join(top, file.temporary), contents[index] ?? '', options);
    if (file.backup) {
      const mode = statSync(full).mode & 0o7777;
      writeDurably(join(top, file.backup), readFileSync(full), { flag: 'wx', mode, keep: true });
    }
  });
  syncFolders(top, journal);
}

function makeFolder(top: string, folder: string): void {
  const full = locate(top, folder);
  try {
    mkdirSync(full);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST' || !kindAt(full)?.isDirectory()) throw error;
  }
}

/** Renames what waits. Each place is looked at once more: a link there, or a text that nobody expects, ends it. */
export function putInPlace(top: string, journal: Journal): void {
  for (const file of journal.files) {
    const temporary = join(top, file.temporary);
    if (!kindAt(temporary)) continue;
    const full = inside(top, file.path);
    const now = hashAt(full, file.path);
    if (now !== file.base && now !== file.sha256) throw changed(file.path);
    renameSync(temporary, full);
  }
  syncFolders(top, journal);
}

/** Removes what was only on the way: temporaries, kept texts, folders that hold nothing; the marker and the journal last. */
export function clear(top: string, folder: string | undefined, journal: Journal): void {
  for (const { temporary, backup } of journal.files) {
    remove(join(top, temporary));
    if (backup) remove(join(top, backup));
  }
  for (const made of [...journal.folders].reverse()) if (made !== ownFolder) removeIfEmpty(join(top, made));
  if (folder !== undefined) forget(top, folder, journal);
  else if (journal.folders.includes(ownFolder)) removeIfEmpty(join(top, ownFolder));
}

/** Ends the record of a write: the marker, and the journal after it. */
export function forget(top: string, folder: string, journal: Journal): void {
  if (kindAt(join(top, ownFolder))?.isDirectory()) {
    remove(markerOf(top, journal));
    if (journal.folders.includes(ownFolder)) removeIfEmpty(join(top, ownFolder));
  }
  for (const file of [unsavedJournal(folder), journalPath(folder)]) remove(file);
  syncFolder(folder);
}

/** Removes a file where there is one, also where not even its folder is one. */
export function remove(full: string): void {
  if (kindAt(full)) rmSync(full, { force: true });
}

function writeDurably(
  full: string,
  content: string | Uint8Array,
  options: { flag: string; mode: number; keep?: boolean },
): void {
  const file = openSync(full, options.flag, options.mode);
  try {
    writeFileSync(file, content);
    if (options.keep) fchmodSync(file, options.mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the names in a folder durable, where the system can. */
function syncFolder(full: string): void {
  try {
    const folder = openSync(full, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (errorCode(error) === '') throw error;
  }
}

/** The same for every folder that something was renamed in. */
export function syncFolders(top: string, journal: Journal): void {
  const folders = [...journal.folders, ...journal.files.map((file) => file.path)].map((path) => posix.dirname(path));
  for (const folder of new Set(folders)) syncFolder(join(top, folder));
}

const changed = (path: string) =>
  new UserError({
    code: 'file-changed',
    message: `${path} changed while the preview was shown. Nothing was written.`,
    where: { file: path },
    next: ['Run the command again: the new preview starts from the file as it is now.'],
    exit: 3,
  });
