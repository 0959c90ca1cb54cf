import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ignores } from './rules.ts';

/** More entries than this are not looked at. */
const MAX_ENTRIES = 500_000;

/** A walk that met more entries than it looks at. */
export class TooManyFiles extends Error {}

/**
 * The files and links below a folder that nothing ignores, paths relative to `top` with `/`. Ignored folders, `.git` and the folders
 * `skips` are not entered; a folder with a repository of its own is told as one path with a slash at the end. `prefix` is empty or ends
 * in a slash.
 */
export function* unignoredFiles(
  top: string,
  prefix: string,
  ignores: Ignores,
  skips: (folder: string) => boolean,
): Generator<string> {
  let count = 0;
  const open = [prefix];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(join(top, folder))) {
      count += 1;
      if (count > MAX_ENTRIES) throw new TooManyFiles();
      if (entry.name === '.git') continue;
      const path = `${folder}${entry.name}`;
      if (ignores(path, entry.isDirectory())) continue;
      if (entry.isFile() || entry.isSymbolicLink()) yield path;
      else if (entry.isDirectory() && !skips(path)) {
        if (lstatSync(join(top, path, '.git'), { throwIfNoEntry: false })) yield `${path}/`;
        else open.push(`${path}/`);
      }
    }
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
