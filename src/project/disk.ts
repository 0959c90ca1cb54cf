import { closeSync, lstatSync, openSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { skippedFolders } from '../catalog/folders.ts';
import { UserError } from '../model/errors.ts';
import { decode } from './decode.ts';
import type { Obstacle, Project } from './project.ts';

const SKIPPED_FOLDERS = new Set(skippedFolders);

/** More entries in one folder are data, and nothing that somebody wrote; they are left out. */
const MAX_FOLDER_FILES = 5_000;

/** More files than this are no project that is read in a blink; the folders that come last are left out. */
const MAX_FILES = 20_000;

/** Larger texts are data, not source; a lockfile may be larger than any source. Bytes. */
const largest = 32 * 1024 * 1024;

/** Opens a folder for reading. Throws a UserError where there is none, or where it cannot be read. */
export function openProject(folder: string): Project {
  const root = rootOf(folder);
  const texts = new Map<string, string | undefined>();
  const contents = new Map<string, Uint8Array | undefined>();
  let walked: WalkResult | undefined;
  const walkOnce = () => {
    walked ??= walk(root);
    return walked;
  };
  // many rooms ask for the same few files
  const kinds = new Map<string, Stats | undefined>();
  const kind = (path: string) => {
    if (!kinds.has(path)) kinds.set(path, kindOf(root, path));
    return kinds.get(path);
  };
  const bytes = (path: string) => {
    if (!contents.has(path)) contents.set(path, readInside(root, path, kind(path)));
    return contents.get(path);
  };
  return {
    label: root.split(sep).at(-1) || folder,
    files: () => walkOnce().files,
    crowded: () => walkOnce().crowded,
    has: (path) => contents.get(path) !== undefined || kind(path)?.isFile() === true,
    bytes,
    size: (path) => (kind(path)?.isFile() ? kind(path)?.size : undefined),
    obstacle: (path) => obstacleOf(root, path),
    read: (path) => {
      if (!texts.has(path)) {
        const found = bytes(path);
        texts.set(path, found && decode(found));
      }
      return texts.get(path);
    },
  };
}

function rootOf(folder: string): string {
  try {
    const root = realpathSync.native(folder);
    if (!statSync(root).isDirectory()) throw unreadable(folder, 'is a file, not a folder');
    readdirSync(root);
    return root;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    throw unreadable(
      folder,
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'ELOOP'
          ? 'is a circular link'
          : 'cannot be read: permission denied',
    );
  }
}

const unreadable = (folder: string, what: string) =>
  new UserError({
    code: 'no-folder',
    message: `The folder ${JSON.stringify(folder)} ${what}`,
    next: ['Use the folder of the application: `--cwd DIR`'],
  });

/** What a path is, links followed as long as they stay inside the root; undefined where there is nothing to read. */
function kindOf(root: string, path: string): Stats | undefined {
  if (path.includes('\0')) return undefined;
  const full = join(root, path);
  try {
    // most paths that are asked for are not there: seeing that is cheaper than following every folder above them
    const kind = statSync(full, { throwIfNoEntry: false });
    if (!kind) return undefined;
    const real = realpathSync.native(full);
    return real === root || real.startsWith(root + sep) ? kind : undefined;
  } catch {
    return undefined;
  }
}

/** What keeps a path that is there from being read; undefined where nothing does, or nothing is there. */
function obstacleOf(root: string, path: string): Obstacle | undefined {
  const full = join(root, path);
  try {
    lstatSync(full);
  } catch {
    return undefined;
  }
  try {
    const real = realpathSync.native(full);
    if (!real.startsWith(root + sep)) return { is: 'is a link that points outside the folder', next: itself };
    const kind = statSync(real);
    if (kind.isDirectory()) return { is: 'is a folder where a file should be', next: 'rename the folder' };
    if (!kind.isFile()) return { is: 'is not a regular file', next: itself };
    if (kind.size > largest)
      return {
        is: `is larger than ${largest / 1024 / 1024} MB`,
        next: 'check its content: files of this kind are not that large',
      };
    closeSync(openSync(real, 'r'));
    return undefined;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ELOOP') return { is: 'is a circular link', next: itself };
    if (code === 'ENOENT') return { is: 'is a broken link', next: itself };
    return { is: 'cannot be read: permission denied', next: 'grant yourself read permission' };
  }
}

const itself = 'replace the link with the file itself';

function readInside(root: string, path: string, kind: Stats | undefined): Uint8Array | undefined {
  if (!kind?.isFile() || kind.size > largest) return undefined;
  try {
    return readFileSync(join(root, path));
  } catch {
    return undefined;
  }
}

type WalkResult = { readonly files: readonly string[]; readonly crowded: readonly string[] };

/**
 * Every file below the root, sorted by code unit, and the folders that are too full. Links to folders are not followed: they lead out or
 * in circles. Level by level, so that a deep heap of data takes no room from what lies beside it.
 */
function walk(root: string): WalkResult {
  const files: string[] = [];
  const crowded: string[] = [];
  let level = [''];
  while (level.length > 0) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = files.length < MAX_FILES ? entriesOf(join(root, folder)) : undefined;
      if (!entries || (folder !== '' && entries.length > MAX_FOLDER_FILES)) {
        crowded.push(folder);
        continue;
      }
      for (const entry of entries) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) next.push(path);
        else if (entry.isFile() || (entry.isSymbolicLink() && kindOf(root, path)?.isFile())) files.push(path);
      }
    }
    level = next;
  }
  return { files: files.sort(), crowded: crowded.sort() };
}

function entriesOf(folder: string) {
  try {
    // sorted, so that what is left out of too many does not depend on the order on disk
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
