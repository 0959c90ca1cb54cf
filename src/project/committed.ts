import { type IgnoreRule, parseGitIgnore } from '../formats/git/index.ts';
import type { Project } from './project.ts';

/**
 * The project as a clone of it has it: without what the ignore files of every level leave out (gitignore(5)), as far as the index of git does not list
 * it all the same (`tracked`). What a build left on this machine, and what only this machine has, is no fact about the project.
 */
export function committed(project: Project, tracked: () => ReadonlySet<string> = () => new Set()): Project {
  const rules = rulesIn(project);
  const folders = new Map<string, boolean>([['', false]]);
  const isIgnored = (path: string, isFolder: boolean): boolean => {
    const above = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    if (isHidden(above)) return true;
    for (let folder = above; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))) {
      const relative = folder === '' ? path : path.slice(folder.length + 1);
      const rule = rules(folder).findLast((one) => (isFolder || !one.foldersOnly) && one.matches(relative));
      if (rule) return !rule.keeps;
      if (folder === '') return false;
    }
  };
  const isHidden = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const hidden = isIgnored(folder, true);
    folders.set(folder, hidden);
    return hidden;
  };
  let listed: ReadonlySet<string> | undefined;
  const leftOut = (path: string) => {
    if (!isIgnored(path, false)) return false;
    listed ??= tracked();
    return !listed.has(path);
  };
  let files: readonly string[] | undefined;
  return {
    label: project.label,
    files: () => {
      files ??= project.files().filter((path) => !leftOut(path));
      return files;
    },
    has: (path) => !leftOut(path) && project.has(path),
    read: (path) => (leftOut(path) ? undefined : project.read(path)),
    bytes: (path) => (leftOut(path) ? undefined : project.bytes(path)),
    obstacle: (path) => (leftOut(path) ? undefined : project.obstacle(path)),
    leftOut,
  };
}

/** The rules of each folder's own ignore file, read once. */
function rulesIn(project: Project): (folder: string) => readonly IgnoreRule[] {
  const known = new Map<string, readonly IgnoreRule[]>();
  return (folder) => {
    const found =
      known.get(folder) ?? parseGitIgnore(project.read(folder === '' ? '.gitignore' : `${folder}/.gitignore`) ?? '');
    known.set(folder, found);
    return found;
  };
}
