import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { recordFolder } from '../../src/write/record.ts';
import { type Recovery, writeFiles } from '../../src/write/write.ts';

/** What the next command that writes does first: finishes or undoes what a killed one left. */
export const recoverWrites = (root: string): Recovery => writeFiles(root, []);

/** A place in the record of a folder, which lies outside of it. */
export function recordOf(root: string, name = ''): string {
  const record = recordFolder(realpathSync(root));
  if ('unusable' in record) throw new Error(record.unusable);
  return join(record.folder, name);
}

/** The token of the journals that tests write by hand. */
export const token = '0123456789abcdef'.repeat(2);
export const marker = `.dockwright/writing-${token}`;
