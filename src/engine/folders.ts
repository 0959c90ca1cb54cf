import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

/** The real path of what is there; the path itself, made absolute, of what is not. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/**
 * The repository around a folder: the nearest folder upwards that holds `.git`, else the folder itself. The home folder and what is above
 * it are nobody's project, also where a person keeps their settings there with git.
 */
export function repositoryAround(folder: string): string {
  const home = realPath(homedir());
  for (let at = folder; at !== home && !home.startsWith(at + sep) && dirname(at) !== at; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
  }
  return folder;
}

/** Whether a path is a folder or lies in it; both are real paths. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
