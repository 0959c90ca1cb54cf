import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Where a path leads once every link is followed: into the folder or out of it. `path` is relative to the folder, with `/`. */
export type PathLead =
  | { readonly inside: true; readonly path: string; readonly kind: 'file' | 'folder' | 'missing' }
  | { readonly inside: false; readonly why: string; readonly absolute: string };

/** Follows a path that a project names. `root` is absolute; `path` is relative to it, absolute, or begins with `~`. */
export function leadOf(root: string, path: string): PathLead {
  if (path.includes('\0')) return { inside: false, why: 'a path with a null character', absolute: root };
  const home = /^~([/\\]|$)/.test(path);
  if (path.startsWith('~')) {
    const absolute = home ? join(homedir(), path.slice(1)) : path;
    return { inside: false, why: `${path} is in a home folder of this machine`, absolute };
  }
  const real = realpathSync(root);
  const absolute = resolve(root, path);
  const outside = (why: string): PathLead => ({ inside: false, why, absolute });
  if (!within(root, absolute) && !within(real, absolute)) {
    return outside(`${path} is outside the project`);
  }
  const target = followed(absolute);
  if (target === undefined) return outside(`${path} is a broken or circular symbolic link`);
  if (!within(real, target)) return outside(`${path} leads out of the project through a symbolic link`);
  const kind = kindOf(lstatOf(target));
  if (kind === 'other') return outside(`${path} is neither a file nor a folder`);
  return { inside: true, path: relative(real, target).split(sep).join('/') || '.', kind };
}

const within = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
};

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** The real path; of what is not there, below the real path of its nearest folder. Undefined: a link that leads to nothing. */
function followed(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    if (lstatOf(path)) return undefined;
    const above = dirname(path);
    const real = above === path ? path : followed(above);
    return real === undefined ? undefined : join(real, relative(above, path));
  }
}

function kindOf(stats: Stats | undefined): 'file' | 'folder' | 'missing' | 'other' {
  if (!stats) return 'missing';
  return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other';
}
