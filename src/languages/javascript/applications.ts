import { posix } from 'node:path';
import { globMatcher } from '../../formats/glob/index.ts';
import { type Data, isTable, readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';

/** Folders of the apps of a repository: its root, or, where it has workspaces, each of them that can be started. */
export function applicationRoots(project: Project): readonly string[] {
  const root = readData(project, 'package.json');
  const globs = workspaceGlobs(root);
  if (globs.length === 0) return isHollow(project, root) ? nested(project) : ['.'];
  const members = project
    .files()
    .filter((file) => posix.basename(file) === 'package.json' && file !== 'package.json')
    .map((file) => posix.dirname(file))
    .filter(isMember(globs));
  const apps = members.filter((folder) => isStartable(readData(project, `${folder}/package.json`)));
  if (apps.length === 0 || (root && isStartable(root) && !runsOthers(root))) return ['.', ...apps];
  return apps;
}

function workspaceGlobs(root: Data | undefined): readonly string[] {
  const value = root?.at(['workspaces']);
  const list = isTable(value) ? value['packages'] : value;
  return Array.isArray(list)
    ? list.flatMap((one) => (typeof one === 'string' ? [one.replace(/^\.\//, '').replace(/\/$/, '')] : []))
    : [];
}

/** A package that only has `dev` starts all the same, unless it is made for others to import. */
function isStartable(data: Data | undefined): boolean {
  if (!data) return false;
  const has = (...path: string[]) => data.at(path) !== undefined;
  return (
    has('scripts', 'start') || has('bin') || (has('scripts', 'dev') && !has('exports') && !has('main') && !has('types'))
  );
}

const isUsualEntry = (file: string): boolean => /^(src\/)?(index|main|server|app)\.[cm]?[jt]sx?$/.test(file);

/** A root that only holds others: nothing of its own starts, and it depends on nothing. What lies beside a manifest of a folder belongs to that one. */
function isHollow(project: Project, root: Data | undefined): boolean {
  const isOwn = (file: string) => root !== undefined || !project.has(posix.join(posix.dirname(file), 'package.json'));
  if (project.files().some((file) => isUsualEntry(file) && isOwn(file))) return false;
  const own = [['scripts', 'start'], ['bin'], ['main'], ['module'], ['exports'], ['dependencies']];
  return own.every((path) => root?.at(path) === undefined);
}

/** Apps in folders of their own, without workspaces: up to two levels deep. */
function nested(project: Project): readonly string[] {
  const found = project
    .files()
    .filter((file) => posix.basename(file) === 'package.json' && file !== 'package.json' && file.split('/').length <= 3)
    .map((file) => posix.dirname(file))
    .filter((folder) => isStartable(readData(project, `${folder}/package.json`)));
  return found.length === 0 ? ['.'] : found;
}

/** A start script of the root that only starts the workspaces is no app of its own. */
const runsOthers = (root: Data): boolean =>
  /--filter|--workspace|turbo |nx |lerna /.test(root.text(['scripts', 'start']) ?? '');

/** Whether a folder is a member by the globs of workspaces; one that begins with `!` takes folders out again. */
function isMember(globs: readonly string[]): (folder: string) => boolean {
  const matchers = globs.filter((glob) => !glob.startsWith('!')).map((glob) => globMatcher(glob, { braces: true }));
  const exceptions = globs
    .filter((glob) => glob.startsWith('!'))
    .map((glob) => globMatcher(glob.slice(1), { braces: true }));
  return (folder) => matchers.some((matches) => matches(folder)) && !exceptions.some((matches) => matches(folder));
}
