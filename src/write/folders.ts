import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, kindAt } from './paths.ts';

/**
 * Makes a folder and those above it, each with this mode. One by one: `mkdirSync` with `recursive` never returns on Node.js 20 where the
 * system gives ENOENT for a folder whose parent exists, as below /proc. Throws what the system answers.
 */
export function makeFolders(full: string, mode = 0o777): void {
  const missing: string[] = [];
  for (let at = full; !statSync(at, { throwIfNoEntry: false }) && dirname(at) !== at; at = dirname(at))
    missing.push(at);
  for (const folder of missing.reverse()) makeFolder(folder, mode);
}

/** Another process may make the folder at the same moment, or remove it as it is empty. */
function makeFolder(folder: string, mode: number): void {
  for (let attempt = 0; ; attempt += 1) {
    try {
      mkdirSync(folder, { mode });
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || attempt === 100) throw error;
    }
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    if (kindAt(folder)) throw Object.assign(new Error(`EEXIST: ${folder}`), { code: 'EEXIST', path: folder });
  }
}
