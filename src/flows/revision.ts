import { join } from 'node:path';
import { describeCommit, readCommit } from '../engine/git.ts';
import type { Revision } from '../model/contract.ts';
import type { Image } from '../model/plan.ts';
import { compareTree, findRepository, type GitRepository, prefixOf, shallowOf, tagsOf } from '../project/git/index.ts';
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
  readonly signal?: AbortSignal | undefined;
};

/**
 * The commit of the working tree that a folder lies in, and whether the files of the folder are those of the commit; undefined where there
 * is no repository, no commit yet, or no git. Nothing that the repository configures is run.
 */
export async function readRevision(
  root: string,
  { images = [], signal }: RevisionRequest = {},
): Promise<Revision | undefined> {
  const repository = findRepository(root);
  if (repository?.head === undefined) return undefined;
  const { head } = repository;
  const commit = await readHead(repository, root, signal);
  if (!commit) return undefined;
  const { state, why, notCompared } = compareTree(repository, root, commit.tree);
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

const readVersion = (repository: GitRepository, commit: string, signal?: AbortSignal | undefined) =>
  describeCommit({
    commit,
    hash: repository.hash,
    objects: join(repository.common, 'objects'),
    tags: tagsOf(repository),
    shallow: shallowOf(repository),
    signal,
  });
