import { type BigIntStats, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AttributeValue,
  conversionOf,
  type IndexEntry,
  looksBinary,
  objectId,
  treeId,
  withUnixLines,
} from '../../formats/git/index.ts';
import { type GitRepository, prefixOf, textOf } from './repository.ts';
import { attributeRules, ignoreRules } from './rules.ts';
import { decodePath, isBlob, readIndex } from './tracked.ts';
import { TooManyFiles, unignoredFiles } from './walk.ts';

/** Whether the files of a folder are those of the commit. */
export type TreeState = {
  readonly state: 'clean' | 'dirty' | 'unknown';
  /** the first difference, or why nothing is known */
  readonly why?: string;
  /** submodules, and files that a filter of git converts: they were not compared, and do not make the tree dirty */
  readonly notCompared: readonly string[];
  /** only that the index as a whole is another tree is known */
  readonly isStaged?: true;
};

/** Larger files are not hashed. Bytes. */
const MAX_FILE = 1024 * 1024 * 1024;

/** What git does to a file on its way in by programs or tables that we do not have. */
const CONVERTING = ['filter', 'ident', 'working-tree-encoding'];

type Comparison = {
  readonly repository: GitRepository;
  readonly attributesOf: (path: string) => (name: string) => AttributeValue;
  /** when the index was written, in nanoseconds: what changed at that time or later has to be read */
  readonly indexTime: bigint;
  /** whether a folder of the tree is one, and no link; by its path with `/` */
  readonly folders: Map<string, boolean>;
};

/** Which differences count, and what the commit holds. Paths are relative to the folder that is compared. */
export type CompareOptions = {
  /** whether a file whose difference says something counts; `isTracked`: git has it in its index. Default: every one does */
  readonly counts?: (path: string, isTracked: boolean) => boolean;
  /** the files of the commit, as `MODE HASH` by path: what is staged is then compared file by file. Absent: as a whole */
  readonly committed?: ReadonlyMap<string, string> | undefined;
};

/**
 * Compares the files below `root` with the commit whose tree for this folder is `tree` (undefined: the commit has no such folder), as
 * `git status` does, and without git, which would run the filters and monitors that a repository names.
 */
export function compareTree(
  repository: GitRepository,
  root: string,
  tree: string | undefined,
  { counts = () => true, committed }: CompareOptions = {},
): TreeState {
  const index = readIndex(repository);
  if ('unsupported' in index) return { state: 'unknown', why: index.unsupported, notCompared: [] };
  const prefix = prefixOf(repository, root);
  const bytes = Buffer.from(prefix, 'utf8').toString('latin1');
  const entries = index.entries.filter((entry) => entry.path.startsWith(bytes));
  const isCounted = (path: string, isTracked = true) => counts(path.slice(prefix.length), isTracked);
  const conflict = entries.find((entry) => entry.stage !== 0);
  if (conflict) return dirty(`${decodePath(conflict.path)} has a conflict`);
  const meant = entries.find((entry) => entry.intentToAdd && isCounted(decodePath(entry.path)));
  if (meant) return dirty(`${decodePath(meant.path)} would be added`);
  if (committed) {
    const staged = stagedFile(entries, prefix, committed, isCounted);
    if (staged !== undefined) return dirty(`${staged} is staged, and differs from the commit`);
  } else if (tree === undefined ? entries.length > 0 : treeId(repository.hash, entries, bytes) !== tree)
    return { ...dirty('what is staged differs from the commit'), isStaged: true };
  const notCompared: string[] = [];
  const counted = entries.filter((entry) => isCounted(decodePath(entry.path)));
  const changed =
    changedEntry(repository, counted, notCompared) ??
    addedFile(repository, prefix, entries, (path) => isCounted(path, false));
  if (changed === undefined) return { state: 'clean', notCompared };
  return { ...changed, notCompared };
}

/**
 * Whether the index of git has a file as it is on disk. `path` is relative to `root`. What a filter of git converts, and what only the index
 * of another form would say, counts as not recorded.
 */
export function isRecorded(repository: GitRepository, root: string, path: string): boolean {
  const index = readIndex(repository);
  if ('unsupported' in index) return false;
  const full = `${prefixOf(repository, root)}${path}`;
  const entry = index.entries.find((entry) => entry.stage === 0 && isBlob(entry) && decodePath(entry.path) === full);
  if (!entry || entry.intentToAdd || entry.skipWorktree || entry.assumeValid) return false;
  return compareEntry(comparisonOf(repository), entry, full) === 'same';
}

/** The first file that the index has in another form than the commit, or not at all. */
function stagedFile(
  entries: readonly IndexEntry[],
  prefix: string,
  committed: ReadonlyMap<string, string>,
  isCounted: (path: string) => boolean,
): string | undefined {
  const staged = new Map(
    entries.map((entry) => [
      decodePath(entry.path).slice(prefix.length),
      `${entry.mode.toString(8).padStart(6, '0')} ${entry.hash}`,
    ]),
  );
  const paths = [...new Set([...staged.keys(), ...committed.keys()])];
  return paths.find((path) => staged.get(path) !== committed.get(path) && isCounted(`${prefix}${path}`));
}

/** The id of the tree that a commit of what is staged below `root` would have; undefined where the index cannot be read. */
export function stagedTree(repository: GitRepository, root: string): string | undefined {
  const index = readIndex(repository);
  if ('unsupported' in index) return undefined;
  const prefix = Buffer.from(prefixOf(repository, root), 'utf8').toString('latin1');
  const entries = index.entries.filter((entry) => entry.path.startsWith(prefix));
  return treeId(repository.hash, entries, prefix);
}

const dirty = (why: string): TreeState => ({ state: 'dirty', why, notCompared: [] });

function changedEntry(
  repository: GitRepository,
  entries: readonly IndexEntry[],
  notCompared: string[],
): TreeState | undefined {
  const comparison = comparisonOf(repository);
  for (const entry of entries) {
    // a folder of a sparse index is not in the tree
    if (entry.skipWorktree || entry.assumeValid || (!isBlob(entry) && entry.mode !== SUBMODULE)) continue;
    const path = decodePath(entry.path);
    const found = entry.mode === SUBMODULE ? compareSubmodule(comparison, path) : compareEntry(comparison, entry, path);
    if (found === 'not compared') notCompared.push(path);
    else if (found === 'too large')
      return { state: 'unknown', why: `${path} is too large to be compared`, notCompared };
    else if (found === 'changed') return dirty(`${path} is changed`);
  }
  return undefined;
}

const comparisonOf = (repository: GitRepository): Comparison => ({
  repository,
  attributesOf: attributeRules(repository.top, textOf(join(repository.common, 'info', 'attributes'))),
  indexTime: lstatSync(join(repository.folder, 'index'), { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n,
  folders: new Map(),
});

/** The mode of a submodule in the index. */
const SUBMODULE = 0o160000;

/** A submodule is a repository of its own: that its folder is there is all that is looked at. */
function compareSubmodule(comparison: Comparison, path: string): Outcome {
  const { top } = comparison.repository;
  const kind = isInTree(comparison, path) ? lstatSync(join(top, path), { throwIfNoEntry: false }) : undefined;
  return kind?.isDirectory() ? 'not compared' : 'changed';
}

type Outcome = 'same' | 'changed' | 'not compared' | 'too large';

function compareEntry(comparison: Comparison, entry: IndexEntry, path: string): Outcome {
  const { repository, attributesOf, indexTime } = comparison;
  const full = Buffer.concat([Buffer.from(`${repository.top}/`), Buffer.from(entry.path, 'latin1')]);
  const kind = isInTree(comparison, path) ? lstatSync(full, { bigint: true, throwIfNoEntry: false }) : undefined;
  if (!kind) return 'changed';
  const isLink = entry.mode === 0o120000;
  const linksAreFiles = repository.config.get('core.symlinks')?.toLowerCase() === 'false';
  if (isLink && kind.isSymbolicLink())
    return objectId(repository.hash, 'blob', readlinkSync(full, { encoding: 'buffer' })) === entry.hash
      ? 'same'
      : 'changed';
  if (!kind.isFile() || (isLink && !linksAreFiles)) return 'changed';
  if (!isLink && modeDiffers(repository, entry, kind)) return 'changed';
  const attribute = attributesOf(path);
  if (CONVERTING.some((name) => ![undefined, false].some((value) => value === attribute(name)))) return 'not compared';
  if (isUntouched(entry, kind, indexTime)) return 'same';
  if (kind.size > MAX_FILE) return 'too large';
  return contentIds(readFileSync(full), repository, isLink ? () => false : attribute).includes(entry.hash)
    ? 'same'
    : 'changed';
}

/** The ids that git may give a content: as it is, or with its line endings converted. */
function contentIds(
  content: Uint8Array,
  { hash, config }: GitRepository,
  attribute: (name: string) => AttributeValue,
): readonly string[] {
  const conversion = conversionOf(attribute, config.get('core.autocrlf'));
  const plain = () => objectId(hash, 'blob', content);
  if (conversion === 'none' || (conversion === 'auto' && looksBinary(content))) return [plain()];
  const converted = objectId(hash, 'blob', withUnixLines(content));
  // a text that was committed with CRLF stays so where git decides by itself
  return conversion === 'text' ? [converted] : [plain(), converted];
}

function modeDiffers({ config }: GitRepository, entry: IndexEntry, kind: BigIntStats): boolean {
  if (config.get('core.filemode')?.toLowerCase() === 'false') return false;
  return ((entry.mode & 0o100) !== 0) !== ((kind.mode & 0o100n) !== 0n);
}

/**
 * Whether a file is as it was when it was compared last; one that changed at the time of the index itself is read ("racy git"). Size and time
 * alone prove nothing: whoever packs an archive chooses them, and the index with them. When a file was changed on this disk, and which number
 * it has there, nobody chooses.
 */
function isUntouched(entry: IndexEntry, kind: BigIntStats, indexTime: bigint): boolean {
  const modified = nanoseconds(entry.modified);
  return (
    kind.mtimeNs === modified &&
    kind.ctimeNs === nanoseconds(entry.changed) &&
    kind.ino % 0x1_0000_0000n === BigInt(entry.inode) &&
    kind.size % 0x1_0000_0000n === BigInt(entry.size) &&
    modified < indexTime
  );
}

const nanoseconds = (time: IndexEntry['modified']): bigint =>
  BigInt(time.seconds) * 1_000_000_000n + BigInt(time.nanoseconds);

/** Whether every folder above a path is a folder of the tree: behind a link lies somebody else's file. */
function isInTree({ repository, folders }: Pick<Comparison, 'repository' | 'folders'>, path: string): boolean {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end);
    const known =
      folders.get(folder) ?? lstatSync(join(repository.top, folder), { throwIfNoEntry: false })?.isDirectory() === true;
    folders.set(folder, known);
    // what lies deeper is not looked at: it would be read through the link
    if (!known) return false;
  }
  return true;
}

/** The first file that is in no commit and that nothing ignores. */
function addedFile(
  repository: GitRepository,
  prefix: string,
  entries: readonly IndexEntry[],
  isCounted: (path: string) => boolean,
): TreeState | undefined {
  const tracked = new Set(entries.map((entry) => decodePath(entry.path).replace(/\/$/, '')));
  const others = new Set(
    entries.filter((entry) => !isBlob(entry)).map((entry) => decodePath(entry.path).replace(/\/$/, '')),
  );
  const ignores = ignoreRules(repository.top, textOf(join(repository.common, 'info', 'exclude')));
  try {
    for (const path of unignoredFiles(repository.top, prefix, ignores, (folder) => others.has(folder)))
      if (!tracked.has(path.replace(/\/$/, '')) && isCounted(path)) return dirty(`${path} is not committed`);
  } catch (error) {
    if (!(error instanceof TooManyFiles)) throw error;
    return { state: 'unknown', why: 'there are too many untracked files', notCompared: [] };
  }
  return undefined;
}
