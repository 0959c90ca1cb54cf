import { posix } from 'node:path';
import type { HealthRoute } from '../contract.ts';

/** What a file of routes answers below `/health`; `whole` is the name of every check, where the folder itself is no path of the file. */
export function healthPaths(base: string, whole = ''): HealthRoute['paths'] {
  const below = (name: string) => posix.join('/', base, 'health', name);
  return { live: below('live'), ready: below('ready'), health: below(whole).replace(/\/$/, '') };
}
