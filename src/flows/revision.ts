import { join } from 'node:path';
import { readCommit } from '../engine/git.ts';
import type { Revision } from '../model/contract.ts';
import { compareTree, findRepository, type GitRepository, prefixOf } from '../project/git/index.ts';

/** The newest commit of a repository, as far as the folder `root` goes; undefined where there is none yet, or no git on this machine. */
export async function readHead(repository: GitRepository, root: string, signal?: AbortSignal | undefined) {
  const { head, hash, common } = repository;
  if (head === undefined) return undefined;
  const objects = join(common, 'objects');
  return readCommit({ commit: head, objects, hash, prefix: prefixOf(repository, root), signal });
}

/**
 * The commit of the working tree that a folder lies in, and whether the files of the folder are those of the commit; undefined where there
 * is no repository, no commit yet, or no git. Nothing that the repository configures is run.
 */
export async function readRevision(root: string, signal?: AbortSignal | undefined): Promise<Revision | undefined> {
  const repository = findRepository(root);
  if (repository?.head === undefined) return undefined;
  const { head } = repository;
  const commit = await readHead(repository, root, signal);
  if (!commit) return undefined;
  const { state, why, notCompared } = compareTree(repository, root, commit.tree);
  return {
    commit: head,
    time: commit.time,
    state,
    ...(why === undefined ? {} : { why }),
    notCompared: [...notCompared],
  };
}
