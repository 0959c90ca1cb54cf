import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindAt, sha256 } from './paths.ts';
import { privateFolder } from './record.ts';

/** Kinds of notes of this user on this machine: images that were proved, what a scan found in them, what was pushed last, and the registry that was named for a project. */
export type NoteKind = 'verified' | 'scanned' | 'pushed' | 'registry';

/** Larger notes are none of ours. Bytes. */
const MAX_NOTE = 1024 * 1024;

/**
 * Writes a note in the user's own folder of state, where no repository reaches. `top` is the real path of the project. Answers why it could not, as a
 * clause; undefined: it was written.
 */
export function writeNote(top: string, kind: NoteKind, name: string, content: unknown): string | undefined {
  const place = privateFolder(top, ['dockwright', kind]);
  if ('unusable' in place) return place.unusable;
  try {
    mkdirSync(place.folder, { recursive: true, mode: 0o700 });
    const file = join(place.folder, `${sha256(name)}.json`);
    const beside = `${file}.${process.pid}`;
    writeFileSync(beside, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    renameSync(beside, file);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Reads a note; undefined where there is none that only this user could have written. */
export function readNote(top: string, kind: NoteKind, name: string): unknown {
  const place = privateFolder(top, ['dockwright', kind]);
  if ('unusable' in place) return undefined;
  const file = join(place.folder, `${sha256(name)}.json`);
  const found = kindAt(file);
  const user = process.geteuid?.();
  if (!found?.isFile() || found.size > MAX_NOTE || (user !== undefined && found.uid !== user)) return undefined;
  if (process.platform !== 'win32' && (found.mode & 0o022) !== 0) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
