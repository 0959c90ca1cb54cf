import { posix } from 'node:path';
import { hasOtherManifests } from '../../catalog/manifests.ts';
import { isTable, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { readRequirements } from '../../stacks/python.ts';
import { pythonFrameworks } from '../../stacks/servers/python.registry.gen.ts';
import { isSideFile } from './app.ts';
import { applicationOf, manifests } from './packages.ts';

/** Folders of the applications: those with a manifest, and sources of Python below it, that lie in no other such folder; else the nearest to the root. */
export function applicationRoots(project: Project): readonly string[] {
  const files = project.files();
  const folders = [...new Set(files.filter((file) => isManifest(file)).map((file) => posix.dirname(file)))];
  // beside an application of another language a folder of scripts is a tool of its developers
  const isMixed = hasOtherManifests(files, ...manifests);
  const listed = folders
    .filter((folder) => hasSources(files, folder) && !isSideFile(posix.join(folder, 'x')))
    .filter((folder) => !isMixed || isServer(project, folder));
  const withSources = [...new Set(listed.map((folder) => applicationOf(project, folder)))].sort();
  const isWhole = withSources.length === 1 || startsIn(project, '.');
  if (withSources.includes('.') && isWhole) return ['.'];
  const below = withSources.filter((folder) => folder !== '.');
  // a manifest in the root of a repository of several is that of its tools
  const nested = below.filter((folder) => !below.some((other) => other !== folder && folder.startsWith(`${other}/`)));
  return nested.length > 0 ? nested : withSources;
}

/** Whether a folder depends on a framework that answers requests. */
function isServer(project: Project, folder: string): boolean {
  const data = readData(project, pathIn(folder, 'pyproject.toml'));
  const listed = data?.at(['project', 'dependencies']);
  const poetry = data?.at(['tool', 'poetry', 'dependencies']);
  const names = [
    ...readRequirements(project, folder, 'requirements.txt', false).dependencies.map(({ name }) => name),
    ...(Array.isArray(listed) ? listed.flatMap((item) => nameOf(item)) : []),
    ...(isTable(poetry) ? Object.keys(poetry).map((name) => name.toLowerCase()) : []),
  ];
  const known = pythonFrameworks.flatMap(({ dependencies = [] }) => dependencies);
  return project.has(pathIn(folder, 'manage.py')) || names.some((name) => known.includes(name));
}

const nameOf = (item: unknown): readonly string[] =>
  typeof item === 'string' ? [(/^[\w.-]+/.exec(item.trim())?.[0] ?? '').toLowerCase()] : [];

const isManifest = (file: string): boolean => manifests.includes(posix.basename(file));

const hasSources = (files: readonly string[], folder: string): boolean =>
  files.some((file) => file.endsWith('.py') && !isSideFile(file) && (folder === '.' || file.startsWith(`${folder}/`)));

/** Whether modules lie where those of an application do: in the root, in `src`, or in a package of the root. */
const startsIn = (project: Project, root: string): boolean =>
  project
    .files()
    .some(
      (file) =>
        file.endsWith('.py') && !isSideFile(file) && !/^(setup|noxfile)\.py$/.test(file) && isNear(project, root, file),
    );

const isNear = (project: Project, root: string, file: string): boolean => {
  const parts = file.split('/');
  const [top = ''] = parts;
  if (parts.length === 1) return true;
  return (
    !manifests.some((name) => project.has(pathIn(root, `${top}/${name}`))) &&
    !project.has(pathIn(root, `${top}/package.json`))
  );
};
