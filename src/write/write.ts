import { realpathSync } from 'node:fs';
import { UserError } from '../model/errors.ts';
import { makeFolders } from './folders.ts';
import { clear, type FileWrite, type Journal, mark, newJournal, putInPlace, saveJournal, stage } from './journal.ts';
import { type AssertLocked, removeIfEmpty, withLock } from './lock.ts';
import { checkTarget, errorCode, inside, onDisk, ownFolder } from './paths.ts';
import { isUnusable, recordFolder } from './record.ts';
import { goBack, hasLeftovers, type Recovery, recover } from './recover.ts';

export type { FileWrite } from './journal.ts';
export { checkTarget, isFolder, readTarget, sha256 } from './paths.ts';
export type { Interrupted, Recovery } from './recover.ts';

/**
 * Writes all files or none, and says what became of a write of this user that was interrupted before: that one is finished or undone
 * first. Everything is written beside its place, then renamed, and a journal outside of the repository says how far that came.
 * Where no journal can be kept (`recordFolder`), a process that is killed in between leaves what it did. Refused, with nothing changed:
 * a path outside the folder or in `.git`, a link, a file that is no longer what the change was worked out from (exit 3), a folder in
 * which another Dockwright of this user writes (`locked`, exit 4); `journal-broken` or `write-interrupted` where an interrupted write can
 * be neither finished nor undone. With no files it only does the latter.
 */
export function writeFiles(root: string, files: readonly FileWrite[]): Recovery {
  return onDisk(root, () => {
    const top = realpathSync(root);
    if (files.length > 0) {
      checkTarget(top, false);
      inside(top, ownFolder);
    }
    const record = usableRecord(top, files.length > 0);
    if (files.length === 0 && (record === undefined || !hasLeftovers(record))) {
      if (record !== undefined) removeIfEmpty(record);
      return 'nothing';
    }
    if (record === undefined) {
      write(top, undefined, files, () => undefined);
      return 'nothing';
    }
    return withLock(record, (holdsStill) => {
      const recovery = recover(top, record);
      if (files.length > 0) write(top, record, files, holdsStill);
      return recovery;
    });
  });
}

/** The record of a folder, made where something will be written; undefined where none is to be had. */
function usableRecord(top: string, make: boolean): string | undefined {
  const found = recordFolder(top);
  if ('unusable' in found) return undefined;
  try {
    if (make) makeFolders(found.folder, 0o700);
  } catch (error) {
    if (!isUnusable(error)) throw error;
    return undefined;
  }
  return found.folder;
}

function write(top: string, record: string | undefined, files: readonly FileWrite[], holdsStill: AssertLocked): void {
  const journal = newJournal(top, files);
  prepare(top, record, journal, files, holdsStill);
  try {
    putInPlace(top, journal);
  } catch (error) {
    goBack(top, record, journal);
    throw error;
  }
  clear(top, record, journal);
}

function prepare(
  top: string,
  record: string | undefined,
  journal: Journal,
  files: readonly FileWrite[],
  holdsStill: AssertLocked,
): void {
  try {
    saveJournal(record, journal);
    if (record !== undefined) mark(top, journal);
    stage(
      top,
      journal,
      files.map((file) => file.content),
    );
    holdsStill();
    saveJournal(record, { ...journal, state: 'ready' });
  } catch (error) {
    clear(top, record, journal);
    throw error;
  }
}

/** Makes the folder that `--output` names, where it is not there yet. */
export function makeFolder(path: string): void {
  checkTarget(path, true);
  onDisk(path, () => {
    try {
      makeFolders(path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      throw new UserError({
        code: 'cannot-write',
        message: `The folder ${path} could not be created: its file system does not allow new folders there.`,
        next: ['Use another folder: `--output DIR`.'],
        exit: 4,
        cause: error,
      });
    }
  });
}
