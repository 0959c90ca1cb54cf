import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/errors.ts';
import { byHand, clear, type Entry, type Journal, putInPlace, readJournal, remove, syncFolders } from './journal.ts';
import { isMovedLock, ownFolder, removeIfEmpty } from './lock.ts';
import { errorCode, kindAt, locate, sha256 } from './paths.ts';

/** What became of a write that was interrupted. */
export type Recovery = 'nothing' | 'finished' | 'undone';

/** Whether a write that was interrupted left anything in the folder of the state; an empty one is removed. */
export function hasLeftovers(top: string): boolean {
  const folder = join(top, ownFolder);
  if (!kindAt(folder)?.isDirectory()) return false;
  const names = namesIn(folder);
  if (names.length === 0) removeIfEmpty(folder);
  return names.some((name) => ['lock', 'journal.json', 'journal.json.tmp'].includes(name) || isMovedLock(name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    // another Dockwright has just ended, and removed it
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Finishes or undoes what the journal says, under the lock. Throws a UserError where neither is safe, and then changes nothing. */
export function recover(top: string): Recovery {
  const folder = join(top, ownFolder);
  for (const name of readdirSync(folder))
    if (name === 'journal.json.tmp' || isMovedLock(name)) remove(join(folder, name));
  const journal = readJournal(top);
  if (!journal) return 'nothing';
  for (const one of [...journal.folders, ...journal.files.map((file) => file.path)]) locate(top, one);
  if (journal.state === 'staging') {
    clear(top, journal);
    return 'undone';
  }
  const all = journal.files.map((file) => progress(top, file));
  const complete = all.every((one) => one === 'placed' || one === 'theirs');
  if (!complete && !all.every((one) => one === 'placed' || one === 'waits')) {
    goBack(top, journal);
    return 'undone';
  }
  if (!complete) putInPlace(top, journal);
  clear(top, journal);
  return 'finished';
}

/** Brings the old texts back where new ones are in place already, and clears up. Files that are neither are the user's, and stay. */
export function goBack(top: string, journal: Journal): void {
  const placed = journal.files.filter((file) => progress(top, file) === 'placed');
  const lost = placed.find(
    ({ backup, base, sha256: made }) => base !== null && base !== made && textHash(join(top, backup ?? '')) !== base,
  );
  if (lost) throw interrupted(lost.path);
  for (const { path, backup } of placed) {
    if (backup === null) remove(join(top, path));
    else if (kindAt(join(top, backup))) renameSync(join(top, backup), join(top, path));
  }
  syncFolders(top, journal);
  clear(top, journal);
}

/**
 * How far one file came. `waits`: its new text is whole and its place as expected. `placed`: the new text is in its place. `back`: the
 * old one is, and there is no new one. `theirs`: another text is in the place and nothing waits; `blocked`: one that is in the way.
 */
type Progress = 'waits' | 'placed' | 'back' | 'theirs' | 'blocked';

function progress(top: string, file: Entry): Progress {
  const now = textHash(join(top, file.path));
  const temporary = join(top, file.temporary);
  const known = now === file.base || now === file.sha256;
  if (!kindAt(temporary)) return known ? (now === file.sha256 ? 'placed' : 'back') : 'theirs';
  if (!known) return 'blocked';
  return textHash(temporary) === file.sha256 ? 'waits' : 'back';
}

/** The hash of a text, null where there is none, undefined where something else stands there. */
function textHash(full: string): string | null | undefined {
  const kind = kindAt(full);
  if (!kind) return null;
  return kind.isFile() ? sha256(readFileSync(full, 'utf8')) : undefined;
}

const interrupted = (path: string) =>
  new UserError({
    code: 'write-interrupted',
    message: `a write was interrupted, files were changed since, and the text that ${path} had before is gone: it can be neither finished nor undone`,
    where: { file: path },
    next: byHand,
    exit: 3,
  });
