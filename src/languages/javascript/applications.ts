import { posix } from 'node:path';
import { type Data, readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import { membersAt, packageFolders } from './workspace/members.ts';

/** Folders of the apps of a repository: its root, or, where it has workspaces, each of them that can be started. */
export function applicationRoots(project: Project): readonly string[] {
  const root = readData(project, 'package.json');
  const members = membersAt(project, '.');
  if (!members || members.folders.size === 0) return isHollow(project, root) ? nested(project) : ['.'];
  const apps = [...members.folders].flatMap(([folder, manifest]) => (isStartable(manifest) ? [folder] : []));
  if (apps.length === 0 || (root && isStartable(root) && !runsOthers(root))) return ['.', ...apps];
  return apps;
}

/** Scripts that start an application in production. */
const starting = ['start', 'start:prod', 'start:production'];

/** A package that only has `dev` starts all the same, unless it is made for others to import. */
function isStartable(data: Data | undefined): boolean {
  if (!data) return false;
  const has = (...path: string[]) => data.at(path) !== undefined;
  return (
    starting.some((name) => has('scripts', name)) ||
    has('bin') ||
    (has('scripts', 'dev') && !has('exports') && !has('main') && !has('types'))
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
  const found = packageFolders(project)
    .filter((folder) => folder.split('/').length <= 2)
    .filter((folder) => isStartable(readData(project, `${folder}/package.json`)));
  return found.length === 0 ? ['.'] : found;
}

/** Words by which a script hands its work to members: flags of package managers, runners, and programs that change the folder. */
const delegates =
  /--filter|-F |--workspaces?\b|(^|\s)-w |--recursive|pnpm (-r|m) |\b(turbo|nx|lerna|wsrun|moon) |yarn workspaces? |--prefix |--cwd |-C |(^|\s)cd /;

/** Scripts of the root that only start members make no app of it. */
function runsOthers(root: Data): boolean {
  const scripts = [...starting, 'dev'].flatMap((name) => root.text(['scripts', name]) ?? []);
  return root.at(['bin']) === undefined && scripts.every((script) => delegates.test(script));
}
