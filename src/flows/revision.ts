import { join } from 'node:path';
import { readCommit } from '../engine/git.ts';
import type { Revision } from '../model/contract.ts';
import { compareTree, findRepository, prefixOf } from '../project/git/index.ts';

/**
 * The commit of the working tree that a folder lies in, and whether the files of the folder are those of the commit; undefined where there
 * is no repository, no commit yet, or no git. Nothing that the repository configures is run.
 */
export async function readRevision(root: string, signal?: AbortSignal | undefined): Promise<Revision | undefined> {
  const repository = findRepository(root);
  if (repository?.head === undefined) return undefined;
  const { head, hash, common } = repository;
  const commit = await readCommit({
    commit: head,
    objects: join(common, 'objects'),
    hash,
    prefix: prefixOf(repository, root),
    signal,
  });
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
