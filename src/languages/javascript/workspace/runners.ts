import { posix } from 'node:path';
import { globMatcher } from '../../../formats/glob/index.ts';
import { type Data, isTable, readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { packageFolders } from './members.ts';

/** What keeps the projects of a repository without the workspaces of a package manager, or beside them. */
export type Runner = {
  readonly name: 'rush' | 'moon' | 'nx' | 'lerna';
  readonly title: string;
  /** the file that shows it */
  readonly file: string;
  /** folders of the projects that it knows and that no package manager does, sorted; with a manifest or without */
  readonly projects: readonly string[];
};

const remembered = new WeakMap<Project, readonly Runner[]>();

/** The runners whose settings lie in the root of a repository, as far as they keep projects in a way of their own. Turborepo keeps none. */
export function runnersOf(project: Project): readonly Runner[] {
  const known = remembered.get(project) ?? [rush, moon, nx, lerna].flatMap((runnerIn) => runnerIn(project) ?? []);
  remembered.set(project, known);
  return known;
}

function rush(project: Project): Runner | undefined {
  const projects = readData(project, 'rush.json')?.at(['projects']);
  if (!Array.isArray(projects)) return undefined;
  const folders = projects.flatMap((item: unknown) => {
    const folder = isTable(item) ? item['projectFolder'] : undefined;
    return typeof folder === 'string' ? [posix.normalize(folder).replace(/\/$/, '')] : [];
  });
  const there = new Set(packageFolders(project));
  return {
    name: 'rush',
    title: 'Rush',
    file: 'rush.json',
    projects: folders.filter((folder) => there.has(folder)).sort(),
  };
}

function moon(project: Project): Runner | undefined {
  const file = ['.moon/workspace.yml', '.moon/workspace.pkl'].find((path) => project.has(path));
  return file === undefined ? undefined : { name: 'moon', title: 'moon', file, projects: [] };
}

/** Projects of Nx that have no manifest of their own: what they are made of, and how they are started, stands in project.json. */
function nx(project: Project): Runner | undefined {
  if (!project.has('nx.json')) return undefined;
  const projects = project
    .files()
    .filter((file) => posix.basename(file) === 'project.json' && file.includes('/'))
    .filter((file) => isNxApplication(readData(project, file)))
    .map((file) => posix.dirname(file))
    .filter((folder) => !/-e2e$/.test(folder))
    .filter((folder) => !project.has(pathIn(folder, 'package.json')));
  return { name: 'nx', title: 'Nx', file: 'nx.json', projects: projects.sort() };
}

function isNxApplication(data: Data | undefined): boolean {
  const type = data?.text(['projectType']);
  const tests = /-e2e$/.test(data?.text(['name']) ?? '');
  return !tests && (type === undefined ? isTable(data?.at(['targets', 'serve'])) : type === 'application');
}

/** Packages that Lerna alone links: where a package manager has them in its workspaces, Lerna only runs their scripts. */
function lerna(project: Project): Runner | undefined {
  const data = readData(project, 'lerna.json');
  if (!data || hasWorkspaces(project)) return undefined;
  const value = data.at(['packages']);
  const globs: readonly unknown[] = Array.isArray(value) ? value : ['packages/*'];
  const matchers = globs.flatMap((glob) =>
    typeof glob === 'string' ? [globMatcher(glob.replace(/^\.\//, '').replace(/\/$/, ''), { braces: true })] : [],
  );
  const projects = packageFolders(project).filter((folder) => matchers.some((matches) => matches(folder)));
  return { name: 'lerna', title: 'Lerna', file: 'lerna.json', projects };
}

const hasWorkspaces = (project: Project): boolean =>
  readData(project, 'package.json')?.at(['workspaces']) !== undefined || project.has('pnpm-workspace.yaml');
