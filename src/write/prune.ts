import { readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inside, kindAt } from './paths.ts';

/**
 * Takes away the files of a folder of ours that nothing names any more, and the folders that are empty then. `keep` holds paths
 * relative to `root`. Links are left alone. Nothing depends on it: what is left lies there until the next time.
 */
export function pruneFolder(root: string, folder: string, keep: ReadonlySet<string>): void {
  const full = inside(root, folder);
  // a link above it would make files of another folder ours
  if (kindAt(full) && realpathSync(full) !== join(realpathSync(root), folder)) return;
  const entries = list(full);
  for (const entry of entries ?? []) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) pruneFolder(root, path, keep);
    else if (entry.isFile() && !keep.has(path)) rmSync(join(full, entry.name), { force: true });
  }
  if (entries && list(full)?.length === 0) rmdirSync(full);
}

function list(full: string) {
  try {
    return readdirSync(full, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
