import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/errors.ts';
import {
  byHand,
  clear,
  type Entry,
  forget,
  isMarked,
  type Journal,
  journalPath,
  putInPlace,
  readJournal,
  remove,
  syncFolders,
  unsavedJournal,
} from './journal.ts';
import { isMovedLock, writerOf } from './lock.ts';
import { errorCode, kindAt, locate, markerName, ownFolder, sha256 } from './paths.ts';

/** What became of a write that was interrupted. */
export type Recovery = 'nothing' | 'finished' | 'undone';

/** Whether an interrupted write of this user left anything in the record of a folder. */
export const hasLeftovers = (folder: string): boolean =>
  namesIn(folder).some((name) => ['lock', 'journal.json', 'journal.json.tmp'].includes(name) || isMovedLock(name));

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    // another Dockwright has just ended, and removed it; or there never was one
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return [];
    throw error;
  }
}

/**
 * Finishes or undoes what the journal says, under the lock. `folder` is the record of `top`. Throws a UserError where neither is safe,
 * and then changes nothing.
 */
export function recover(top: string, folder: string): Recovery {
  for (const name of namesIn(folder))
    if (join(folder, name) === unsavedJournal(folder) || isMovedLock(name)) remove(join(folder, name));
  const journal = readJournal(folder);
  if (!journal) return 'nothing';
  const { way, outcome } = wayOf(top, folder, journal);
  if (way === 'forget') forget(top, folder, journal);
  if (way === 'back') goBack(top, folder, journal);
  if (way === 'forward') putInPlace(top, journal);
  if (way === 'forward' || way === 'clear') clear(top, folder, journal);
  return outcome;
}

/**
 * What has to be done about a journal. `forget`: nothing, as it belongs to another folder, or nothing was begun. `clear`: only what was
 * on the way is left. `forward`: what waits is put in its place. `back`: the old texts are.
 */
type RecoveryWay = { readonly way: 'forget' | 'clear' | 'forward' | 'back'; readonly outcome: Recovery };

/** Reads alone. Throws a UserError where a path of the journal is one that is never written, or where there is no safe way. */
function wayOf(top: string, folder: string, journal: Journal): RecoveryWay {
  if (!isMarked(top, journal)) return { way: 'forget', outcome: 'nothing' };
  for (const path of [...journal.folders, ...journal.files.map((file) => file.path)]) locate(top, path);
  if (journal.state === 'staging') return { way: 'clear', outcome: 'undone' };
  const all = journal.files.map((file) => progress(top, file));
  if (all.every((state) => state === 'placed' || state === 'theirs')) return { way: 'clear', outcome: 'finished' };
  if (all.every((state) => state === 'placed' || state === 'waits')) return { way: 'forward', outcome: 'finished' };
  refuseLost(top, folder, journal);
  return { way: 'back', outcome: 'undone' };
}

/** A text as it will be once an interrupted write is finished or undone; undefined: there will be no file. */
type Text = { readonly content: string; readonly mode: number } | undefined;

/** A write of this user that was interrupted, as whoever only reads sees it. */
export type Interrupted = {
  /** what the next write does about it; `unclear`: neither is safe, and the files are as they are */
  readonly outcome: Exclude<Recovery, 'nothing'> | 'unclear';
  /** the process that is still at it, where it lives */
  readonly writer: number | undefined;
  /** the paths that are not on disk as they will be then */
  readonly texts: ReadonlyMap<string, Text>;
};

/** The interrupted write of a folder, undefined where there is none. `folder` is its record. Changes nothing. */
export function readInterrupted(top: string, folder: string): Interrupted | undefined {
  try {
    const journal = readJournal(folder);
    if (!journal || !isMarked(top, journal)) return undefined;
    const { way, outcome } = wayOf(top, folder, journal);
    if (outcome === 'nothing') return undefined;
    return { outcome, writer: writerOf(folder), texts: textsOf(top, journal, way) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { outcome: 'unclear', writer: writerOf(folder), texts: new Map() };
  }
}

function textsOf(top: string, journal: Journal, way: RecoveryWay['way']): ReadonlyMap<string, Text> {
  const texts = new Map<string, Text>([[`${ownFolder}/${markerName(journal.token)}`, undefined]]);
  for (const file of journal.files) {
    for (const name of [file.temporary, file.backup ?? file.temporary]) texts.set(name, undefined);
    const state = progress(top, file);
    if (way === 'forward' && state === 'waits') texts.set(file.path, textAt(join(top, file.temporary)));
    if (way === 'back' && state === 'placed')
      texts.set(file.path, file.backup === null ? undefined : textAt(join(top, file.backup)));
  }
  return texts;
}

function textAt(full: string): Text {
  if (!kindAt(full)?.isFile()) return undefined;
  return { content: readFileSync(full, 'utf8'), mode: statSync(full).mode & 0o777 };
}

/** Brings the old texts back where new ones are in place already, and clears up. Files that are neither are the user's, and stay. */
export function goBack(top: string, folder: string | undefined, journal: Journal): void {
  refuseLost(top, folder, journal);
  for (const file of journal.files.filter((item) => progress(top, item) === 'placed')) {
    const { path, backup } = file;
    if (backup === null) remove(join(top, path));
    else if (kindAt(join(top, backup))) renameSync(join(top, backup), join(top, path));
  }
  syncFolders(top, journal);
  clear(top, folder, journal);
}

/** Throws where a new text is in place and the old one is gone. */
function refuseLost(top: string, folder: string | undefined, journal: Journal): void {
  const lost = journal.files.find(
    (file) =>
      progress(top, file) === 'placed' &&
      file.base !== null &&
      file.base !== file.sha256 &&
      textHash(join(top, file.backup ?? '')) !== file.base,
  );
  if (lost) throw interrupted(lost.path, folder);
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

const interrupted = (path: string, folder: string | undefined) =>
  new UserError({
    code: 'write-interrupted',
    message: `A write was interrupted and files were changed since. The previous content of ${path} is gone, so the write can be neither finished nor undone.`,
    where: { file: path },
    next: byHand(folder === undefined ? undefined : journalPath(folder)),
    exit: 3,
  });
