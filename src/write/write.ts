import { mkdirSync, realpathSync } from 'node:fs';
import { clear, type FileWrite, newJournal, putInPlace, saveJournal, stage } from './journal.ts';
import { withLock } from './lock.ts';
import { onDisk } from './paths.ts';
import { goBack, hasLeftovers, type Recovery, recover } from './recover.ts';

export type { FileWrite } from './journal.ts';
export { isFolder, isPlainFile, isTaken, readTarget, sha256 } from './paths.ts';
export type { Recovery } from './recover.ts';

/**
 * Writes all files or none. Everything is written beside its place first, then renamed, and a journal says how far that came: what a
 * killed process left is finished or undone by `recoverWrites`. Refused, with nothing changed: a path outside the folder, a link, a
 * file that is no longer what the change was worked out from, a folder in which another Dockwright writes.
 */
export function writeFiles(root: string, files: readonly FileWrite[]): void {
  if (files.length === 0) return;
  onDisk(root, () => {
    const top = realpathSync(root);
    withLock(top, (holdsStill) => {
      recover(top);
      const journal = newJournal(top, files);
      try {
        saveJournal(top, journal);
        stage(
          top,
          journal,
          files.map((file) => file.content),
        );
        holdsStill();
        saveJournal(top, { ...journal, state: 'ready' });
      } catch (error) {
        clear(top, journal);
        throw error;
      }
      try {
        putInPlace(top, journal);
      } catch (error) {
        goBack(top, journal);
        throw error;
      }
      clear(top, journal);
    });
  });
}

/**
 * Finishes or undoes what a killed process left half written, before anything of the folder is read: afterwards it is as it was before
 * that write or as after it, with nothing of ours lying about. A file that the user changed since is never touched: then the rest goes
 * back. Throws a UserError: `locked` (exit 4) while another process writes there, `journal-broken` or `write-interrupted` where neither
 * way is safe.
 */
export const recoverWrites = (root: string): Recovery =>
  onDisk(root, () => {
    const top = realpathSync(root);
    return hasLeftovers(top) ? withLock(top, () => recover(top)) : 'nothing';
  });

/** Makes the folder that `--output` names, where it is not there yet. */
export const makeFolder = (path: string): void => {
  onDisk(path, () => mkdirSync(path, { recursive: true }));
};
