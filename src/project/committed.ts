import { type IgnoreRule, parseGitIgnore } from '../formats/git/index.ts';
import type { Project } from './project.ts';

/**
 * The project as a clone of it has it: without what the ignore files of every level leave out (gitignore(5)), as far as the index of git does not list
 * it all the same (`tracked`). What a build left on this machine, and what only this machine has, is no fact about the project.
 */
export function committed(project: Project, tracked: () => ReadonlySet<string> = () => new Set()): Project {
  const above = rulesAbove(project);
  const folders = new Map<string, boolean>([['', false]]);
  const isIgnored = (path: string, isFolder: boolean): boolean => {
    const folder = folderOf(path);
    if (isHidden(folder)) return true;
    for (const { at, rules } of above(folder)) {
      const relative = path.slice(at);
      const rule = rules.findLast((rule) => (isFolder || !rule.foldersOnly) && rule.matches(relative));
      if (rule) return !rule.keeps;
    }
    return false;
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
    // most paths that are asked for are not there
    has: (path) => project.has(path) && !leftOut(path),
    read: (path) => (leftOut(path) ? undefined : project.read(path)),
    bytes: (path) => (leftOut(path) ? undefined : project.bytes(path)),
    obstacle: (path) => (leftOut(path) ? undefined : project.obstacle(path)),
    leftOut,
  };
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** The rules that say of the paths in a folder: those of its own ignore file first. `at`: where a path goes on below the folder of the rules. */
type Rules = { readonly at: number; readonly rules: readonly IgnoreRule[] };

function rulesAbove(project: Project): (folder: string) => readonly Rules[] {
  const known = new Map<string, readonly Rules[]>();
  let names: ReadonlySet<string> | undefined;
  const above = (folder: string): readonly Rules[] => {
    const before = known.get(folder);
    if (before) return before;
    names ??= new Set(project.files().filter((file) => file.endsWith('.gitignore')));
    const name = folder === '' ? '.gitignore' : `${folder}/.gitignore`;
    const rules = names.has(name) ? parseGitIgnore(project.read(name) ?? '') : [];
    const own = rules.length > 0 ? [{ at: folder === '' ? 0 : folder.length + 1, rules }] : [];
    const found = folder === '' ? own : [...own, ...above(folderOf(folder))];
    known.set(folder, found);
    return found;
  };
  return above;
}
