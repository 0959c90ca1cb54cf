import { createHash } from 'node:crypto';
import type { IndexEntry } from './index-file.ts';

export type HashName = 'sha1' | 'sha256';

/** The id that git gives an object of a kind and content, in hex digits. */
export const objectId = (hash: HashName, kind: 'blob' | 'tree', content: Uint8Array): string =>
  createHash(hash).update(`${kind} ${content.length}\0`).update(content).digest('hex');

type Folder = Map<string, Folder | IndexEntry>;

/**
 * The id of the tree that a commit of these entries would have (`git write-tree`). `prefix` is the folder that they all lie in, with a
 * slash behind it, or empty.
 */
export function treeId(hash: HashName, entries: readonly IndexEntry[], prefix: string): string {
  const top: Folder = new Map();
  // a folder stands before those inside it
  const folders = [top];
  for (const entry of entries) {
    // what is only meant to be added is in no commit; a folder of a sparse index stands for its whole tree
    if (entry.intentToAdd) continue;
    const parts = entry.path.slice(prefix.length).replace(/\/$/, '').split('/');
    const name = parts.pop() ?? '';
    let folder = top;
    for (const part of parts) {
      const found = folder.get(part);
      const next: Folder = found instanceof Map ? found : new Map();
      if (found !== next) {
        folder.set(part, next);
        folders.push(next);
      }
      folder = next;
    }
    folder.set(name, entry);
  }
  // from the inside out, without recursion: a hostile index may be deeper than the stack
  const ids = new Map<Folder, string>();
  for (const folder of folders.reverse()) ids.set(folder, folderId(hash, folder, ids));
  return ids.get(top) ?? '';
}

function folderId(hash: HashName, folder: Folder, ids: ReadonlyMap<Folder, string>): string {
  const rows = [...folder].map(([name, item]) => {
    const isTree = item instanceof Map || item.mode === 0o40000;
    const id = item instanceof Map ? (ids.get(item) ?? '') : item.hash;
    const mode = item instanceof Map ? '40000' : item.mode.toString(8);
    // git sorts as if a slash stood behind the name of a folder
    const key = isTree ? `${name}/` : name;
    return { key, bytes: Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(id, 'hex')]) };
  });
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  return objectId(hash, 'tree', Buffer.concat(rows.map((row) => row.bytes)));
}
