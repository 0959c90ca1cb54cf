import { posix } from 'node:path';
import { type Data, isTable, readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { conditions, type Workspace } from '../../../stacks/javascript.ts';
import type { App } from '../app.ts';
import type { Toolchain } from '../manifest/toolchain.ts';

/** The files that importing a package gives: of each entry the first condition that a runtime takes. */
function targetsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return targetsOf(value[0]);
  if (!isTable(value)) return [];
  const entries = Object.entries(value);
  if (entries.some(([key]) => key.startsWith('.'))) return entries.flatMap(([, item]) => targetsOf(item));
  const first = entries.find(([key]) => conditions.includes(key));
  return first ? targetsOf(first[1]) : [];
}

const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);

/** Whether what a package of the workspace gives is TypeScript as it is written: nothing has been made of it when it is imported. */
export function givesSource(project: Project, folder: string): boolean {
  const manifest = readData(project, pathIn(folder, 'package.json'));
  const exported = manifest?.at(['exports']);
  if (exported !== undefined) return targetsOf(exported).some(isTypeScript);
  const main = manifest?.text(['main']);
  if (main !== undefined) return isTypeScript(main);
  // without an entry the file index is taken, which a loader finds in TypeScript, too
  const has = (name: string) => project.has(pathIn(folder, name));
  return has('index.ts') && !has('index.js');
}

/**
 * Whether the packages of siblings that are taken as TypeScript are found from the application, into whose files the siblings would be put: it names
 * them itself, or the package manager puts them where all members find them.
 */
export function areReached(app: App, { lockfile, loadedManager }: Toolchain, workspace: Workspace): boolean {
  const { project, members, manifest } = app;
  const locked = lockfile && app.path(lockfile.value.path);
  if (!members) return true;
  const siblings = new Set(workspace.siblings.map(({ name }) => name));
  const own = namesIn(manifest);
  return workspace.siblings
    .filter(({ source, runs }) => source && runs)
    .every(({ folder }) => {
      const data = readData(project, posix.join(members.root, folder, 'package.json'));
      const others = [...namesIn(data)].filter((name) => !siblings.has(name) && !own.has(name));
      const isBeside = (name: string) =>
        locked === undefined ||
        loadedManager?.besideMember?.(project, locked, { folder, root: members.root }, name) === true;
      return !others.some(isBeside);
    });
}

const namesIn = (manifest: Data | undefined): ReadonlySet<string> =>
  new Set(
    ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((group) =>
      Object.keys(manifest?.texts([group]) ?? {}),
    ),
  );
