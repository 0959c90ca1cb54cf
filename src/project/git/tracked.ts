import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type IndexEntry, type IndexFile, parseIndex } from '../../formats/git/index.ts';
import { findRepository, type GitRepository, prefixOf, textOf } from './repository.ts';
import { ignoreRules } from './rules.ts';
import { TooManyFiles, unignoredFiles } from './walk.ts';

/** Larger indexes are not read. Bytes. */
const MAX_INDEX = 512 * 1024 * 1024;

/** Names that lead out of the tree, or into `.git`: no index that git wrote has them. */
const isUnsafe = (path: string): boolean =>
  path === '' ||
  path.split('/').some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');

/** The index of a working tree; without entries where there is none yet. */
export function readIndex(repository: GitRepository): IndexFile {
  const path = join(repository.folder, 'index');
  const kind = lstatSync(path, { throwIfNoEntry: false });
  if (kind === undefined) return { entries: [] };
  if (!kind.isFile() || kind.size > MAX_INDEX) return { unsupported: 'the Git index could not be read' };
  const index = parseIndex(readFileSync(path), repository.hash === 'sha256' ? 32 : 20);
  if ('unsupported' in index) return index;
  return index.entries.some((entry) => isUnsafe(entry.path.replace(/\/$/, '')))
    ? { unsupported: 'the Git index contains files outside the tree' }
    : index;
}

/** A path of the index, which is bytes, as text. */
export const decodePath = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');

/** Whether an entry is a file or a link, and not a submodule or a folder of a sparse index. */
export const isBlob = ({ mode }: IndexEntry): boolean => (mode & 0o170000) === 0o100000 || mode === 0o120000;

/** What belongs to a project, and what says so. */
export type Tracked = { readonly files: readonly string[]; readonly by: 'index' | 'ignore-files' };

/** The files that the index of git lists below `root`, relative to it; undefined where there is no git, or an index that we cannot read. */
export function indexedFiles(root: string): readonly string[] | undefined {
  const repository = findRepository(root);
  const index = repository && readIndex(repository);
  if (!repository || !index || !('entries' in index) || index.entries.length === 0) return undefined;
  const prefix = prefixOf(repository, root);
  const files = index.entries
    .filter((entry) => isBlob(entry) && entry.stage === 0)
    .map((entry) => decodePath(entry.path))
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
  return [...new Set(files)].sort();
}

/**
 * The files of a project: those that the index of git lists below `root`, or where there is no git, or an index that we cannot read, what
 * the ignore files of every level leave. Paths are relative to `root`, with `/`, sorted by code unit; they may be gone from the disk.
 */
export function trackedFiles(root: string): Tracked {
  const indexed = indexedFiles(root);
  if (indexed) return { files: indexed, by: 'index' };
  const repository = findRepository(root);
  const top = repository?.top ?? realpathSync(root);
  const prefix = repository ? prefixOf(repository, root) : '';
  const ignores = ignoreRules(top, repository && textOf(join(repository.common, 'info', 'exclude')));
  try {
    const files = [...unignoredFiles(top, prefix, ignores, () => false)].filter((path) => !path.endsWith('/'));
    return { files: files.map((path) => path.slice(prefix.length)).sort(), by: 'ignore-files' };
  } catch (error) {
    if (error instanceof TooManyFiles) return { files: [], by: 'ignore-files' };
    throw error;
  }
}
