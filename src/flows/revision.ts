import { join, posix } from 'node:path';
import { ignoreFilesOf } from '../catalog/docker-files.ts';
import { describeCommit, filesOfTree, readCommit } from '../engine/git.ts';
import { matcher } from '../formats/dockerignore/index.ts';
import type { Revision } from '../model/contract.ts';
import type { Image } from '../model/plan.ts';
import {
  type Comparing,
  compareTree,
  findRepository,
  type GitRepository,
  prefixOf,
  shallowOf,
  tagsOf,
} from '../project/git/index.ts';
import type { Project } from '../project/project.ts';
import { isStatePath, type LastGenerated } from '../reconcile/state.ts';
import { asksVersion } from '../ship/build.ts';

/** The newest commit of a repository, as far as the folder `root` goes; undefined where there is none yet, or no git on this machine. */
export async function readHead(repository: GitRepository, root: string, signal?: AbortSignal | undefined) {
  const { head, hash, common } = repository;
  if (head === undefined) return undefined;
  const objects = join(common, 'objects');
  return readCommit({ commit: head, objects, hash, prefix: prefixOf(repository, root), signal });
}

export type RevisionRequest = {
  /** the images that are built: some ask for the version that git tells; default: none */
  readonly images?: readonly Image[];
  /** whether a difference of a file says something; default: every one does */
  readonly counts?: Comparing['counts'] | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * The commit of the working tree that a folder lies in, and whether the files of the folder are those of the commit; undefined where there
 * is no repository, no commit yet, or no git. Nothing that the repository configures is run.
 */
export async function readRevision(
  root: string,
  { images = [], counts, signal }: RevisionRequest = {},
): Promise<Revision | undefined> {
  const repository = findRepository(root);
  if (repository?.head === undefined) return undefined;
  const { head } = repository;
  const commit = await readHead(repository, root, signal);
  if (!commit) return undefined;
  const { state, why, notCompared } = await compared(repository, root, commit.tree, { counts, signal });
  const version = images.some(asksVersion) ? await readVersion(repository, head, signal) : undefined;
  return {
    commit: head,
    ...(version === undefined ? {} : { version }),
    time: commit.time,
    state,
    ...(why === undefined ? {} : { why }),
    notCompared: [...notCompared],
  };
}

/** Compares the tree; where something is staged and not every file counts, file by file with those of the commit. */
async function compared(
  repository: GitRepository,
  root: string,
  tree: string | undefined,
  { counts, signal }: Pick<RevisionRequest, 'counts' | 'signal'>,
) {
  const comparing = counts ? { counts } : {};
  const found = compareTree(repository, root, tree, comparing);
  if (!found.isStaged || !counts) return found;
  const { hash, common } = repository;
  const objects = join(common, 'objects');
  const committed = tree === undefined ? new Map<string, string>() : await filesOfTree({ tree, hash, objects, signal });
  return committed ? compareTree(repository, root, tree, { ...comparing, committed }) : found;
}

/** What decides which differences an image knows of. */
type Shipped = {
  readonly project: Pick<Project, 'read' | 'has'>;
  readonly last: LastGenerated;
  readonly plan: { readonly images: Readonly<Record<string, Image>> };
};

/**
 * Whether a difference of a file makes the tree another than the commit: of one that git tracks, or that neither git nor an ignore file of a build leaves
 * out. What Dockwright generated and nobody has edited since follows from the rest, and its own folder is about nothing that is built.
 */
export function countsFor(shipped: Shipped): NonNullable<Comparing['counts']> {
  const reaches = reachesBuild(shipped);
  return (path, isTracked) => !isOurs(shipped, path) && (isTracked || reaches(path));
}

/** The same for an image alone: an edit of what no build reads, such as a sibling that the application does not use, makes no other image. */
export function countsForBuild(shipped: Shipped): NonNullable<Comparing['counts']> {
  const reaches = reachesBuild(shipped);
  return (path) => !isOurs(shipped, path) && reaches(path);
}

/** What Dockwright wrote, as it wrote it. */
function isOurs({ project, last }: Shipped, path: string): boolean {
  if (isStatePath(path)) return true;
  const before = last.get(path);
  return before?.kind === 'generated' && project.read(path) === before.content;
}

/** Whether a build reads a file: a Dockerfile, an ignore file, or what that one lets through. */
function reachesBuild({ project, plan }: Shipped): (path: string) => boolean {
  const contexts = Object.values(plan.images).map(({ dockerfile, context }) => {
    const ignore = ignoreFilesOf(dockerfile, context.root).find((file) => project.has(file));
    const drops = matcher((ignore === undefined ? '' : (project.read(ignore) ?? '')).split(/\r?\n/));
    return { root: context.root, drops, read: [dockerfile, ignore] };
  });
  return (path) =>
    contexts.some(({ root, drops, read }) => {
      const own = posix.relative(root, path);
      return read.includes(path) || (!own.startsWith('../') && !drops(own));
    });
}

const readVersion = (repository: GitRepository, commit: string, signal?: AbortSignal | undefined) =>
  describeCommit({
    commit,
    hash: repository.hash,
    objects: join(repository.common, 'objects'),
    tags: tagsOf(repository),
    shallow: shallowOf(repository),
    signal,
  });
