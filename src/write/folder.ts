import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder, isMarker, kindAt, onDisk, ownFolder, readTarget } from './paths.ts';
import { recordFolder } from './record.ts';
import { type Interrupted, readInterrupted } from './recover.ts';

/**
 * A folder as whoever only reads sees it: as it will be once the next write has finished or undone one that was interrupted. So a preview
 * is what will be written, and half of a write is never read. Nothing is changed.
 */
export type TargetFolder = {
  readonly interrupted: Interrupted | undefined;
  /** the text and the mode of a file, undefined where there is none; refused: see `readTarget` */
  readonly read: (path: string) => { readonly content: string; readonly mode: number } | undefined;
  /** whether anything has that name: a file, a folder, or a link, wherever it leads */
  readonly isTaken: (path: string) => boolean;
  /** whether a name is that of a file itself, not of a link or a folder */
  readonly isPlainFile: (path: string) => boolean;
  /** user and group of the folder, as `1000:1000`; undefined where containers do not see those of this machine, and before the folder is there */
  readonly owner: string | undefined;
  /** files of the state that look like those of a write in progress, and that this user's Dockwright on this machine did not write */
  readonly foreign: readonly string[];
  /** why an interrupted write could not be finished or undone in this folder, as a clause; undefined where it could */
  readonly unrecorded: string | undefined;
};

/** Opens a folder for reading; it may not exist yet. */
export function openFolder(root: string): TargetFolder {
  const seen = isFolder(root) ? onDisk(root, () => look(realpathSync(root))) : nothing;
  const { texts } = seen.interrupted ?? { texts: new Map() };
  return {
    ...seen,
    owner: ownerOf(root),
    read: (path) => (texts.has(path) ? texts.get(path) : readTarget(root, path)),
    isTaken: (path) => (texts.has(path) ? texts.get(path) !== undefined : kindAt(join(root, path)) !== undefined),
    isPlainFile: (path) =>
      texts.has(path) ? texts.get(path) !== undefined : kindAt(join(root, path))?.isFile() === true,
  };
}

/** On other systems than Linux the engine runs in a machine of its own, which gives every file to whoever asks. */
function ownerOf(root: string): string | undefined {
  if (process.platform !== 'linux' || !isFolder(root)) return undefined;
  const { uid, gid } = statSync(root);
  return `${uid}:${gid}`;
}

type Seen = Pick<TargetFolder, 'interrupted' | 'foreign' | 'unrecorded'>;

const nothing: Seen = { interrupted: undefined, foreign: [], unrecorded: undefined };

function look(top: string): Seen {
  // before the journal is read: a write that ends removes its marker first
  const names = namesLikeOurs(top);
  const record = recordFolder(top);
  if ('unusable' in record) return { interrupted: undefined, foreign: names, unrecorded: record.unusable };
  const interrupted = readInterrupted(top, record.folder);
  const foreign = names.filter(
    (name) =>
      !interrupted?.texts.has(name) &&
      // of a journal that is of no use could not determine which marker is its own
      !(interrupted?.outcome === 'unclear' && isMarker(name.slice(ownFolder.length + 1))) &&
      kindAt(join(top, name)) !== undefined,
  );
  return { interrupted, foreign, unrecorded: undefined };
}

/** What an interrupted write leaves, by its name: of this version, and the lock and journal that an earlier one kept there. */
const likeOurs = /^(writing-[0-9a-f]{32}|lock(\.[0-9a-f]{12})?|journal\.json(\.tmp)?)$/;

function namesLikeOurs(top: string): readonly string[] {
  if (!kindAt(join(top, ownFolder))?.isDirectory()) return [];
  return readdirSync(join(top, ownFolder))
    .filter((name) => likeOurs.test(name))
    .map((name) => `${ownFolder}/${name}`)
    .sort();
}
