import { posix } from 'node:path';
import { satisfies, valid, validRange } from 'semver';
import { type Data, isTable, readData } from '../../../project/data.ts';
import { filesIn } from '../../../project/folders.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { readSettings } from '../../../project/settings.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import { packageOf } from '../modules/graph.ts';
import { fromCatalog } from './catalogs.ts';
import type { Members } from './members.ts';

/** One member's need of another: whether it is there when the first one runs. */
type Need = { readonly folder: string; readonly runs: boolean };

const running = ['dependencies', 'optionalDependencies', 'peerDependencies'];

const remembered = new WeakMap<Members, Map<string, readonly Need[]>>();

/** The members that a member names in its manifest and in the settings of its compiler. */
function needsOf(project: Project, members: Members, folder: string): readonly Need[] {
  const known = remembered.get(members) ?? new Map<string, readonly Need[]>();
  remembered.set(members, known);
  const found = known.get(folder) ?? readNeeds(project, members, folder);
  known.set(folder, found);
  return found;
}

function readNeeds(project: Project, members: Members, folder: string): readonly Need[] {
  const manifest = manifestAt(project, members, folder);
  const named = [...running, 'devDependencies'].flatMap((group) =>
    Object.entries(manifest?.texts([group]) ?? {}).flatMap(([name, written]): Need[] => {
      const found = overridden(project, members, name) ?? memberNamed(project, members, folder, name, written);
      return found === undefined || found === folder ? [] : [{ folder: found, runs: group !== 'devDependencies' }];
    }),
  );
  const compiled = compilerNeeds(project, members, folder)
    .filter((found) => found !== folder)
    .map((found): Need => ({ folder: found, runs: false }));
  return [...named, ...compiled];
}

/** The manifest of a member, or of the root of the workspace. */
const manifestAt = (project: Project, members: Members, folder: string): Data | undefined =>
  members.folders.get(folder) ??
  (folder === members.root ? readData(project, pathIn(folder, 'package.json')) : undefined);

/** The member that a dependency means: by the path that its range names, else by its name, where its release is in the range. */
function memberFor(members: Members, folder: string, name: string, range: string): string | undefined {
  const path = /^(?:file|link|portal|workspace):([^/].*)$/.exec(range)?.[1];
  if (path?.includes('/')) {
    // Yarn takes a path that begins with no dot from the root
    const base = range.startsWith('workspace:') && !path.startsWith('.') ? members.root : folder;
    const place = posix.join(base, path).replace(/\/$/, '');
    return members.folders.has(place) ? place : undefined;
  }
  const found = members.names.get(name);
  const version = found === undefined ? undefined : members.folders.get(found)?.text(['version']);
  const isOther =
    version !== undefined && valid(version) !== null && validRange(range) !== null && !satisfies(version, range);
  return isOther || /^(npm|git|https?|github):/.test(range) ? undefined : found;
}

const memberNamed = (project: Project, members: Members, folder: string, name: string, range: string) =>
  memberFor(members, folder, name, fromCatalog(project, members.root, name, range)?.range ?? range);

/** The member that the root of the workspace puts in the place of a package, whatever asks for it: `"left-pad": "link:./packages/left-pad"`. */
function overridden(project: Project, members: Members, name: string): string | undefined {
  const manifest = readData(project, pathIn(members.root, 'package.json'));
  const settings = readSettings(project, pathIn(members.root, 'pnpm-workspace.yaml'))?.['overrides'];
  const range = [
    // a manager may keep its own below its name
    ...managers.map((manager) => manifest?.text([manager.name, 'overrides', name])),
    isTable(settings) && Object.hasOwn(settings, name) ? settings[name] : undefined,
    manifest?.text(['overrides', name]),
    manifest?.text(['resolutions', name]),
  ].find((item) => typeof item === 'string');
  return typeof range === 'string' && /^(?:file|link|portal|workspace):/.test(range)
    ? memberFor(members, members.root, name, range)
    : undefined;
}

/** Members that the settings of the compiler extend or refer to. */
function compilerNeeds(project: Project, members: Members, folder: string): readonly string[] {
  return filesIn(project, folder)
    .filter((file) => /^(ts|js)config[\w.-]*\.json$/.test(posix.basename(file)))
    .flatMap((file) => {
      const data = readData(project, file);
      return [...extendsOf(data), ...referencesOf(data)].flatMap((path) => {
        if (!path.startsWith('.')) return members.names.get(packageOf(path)) ?? [];
        return memberAt(members, posix.join(folder, path)) ?? [];
      });
    });
}

/** What a configuration of the compiler extends, as it is written. */
export function extendsOf(data: Data | undefined): readonly string[] {
  const value = data?.at(['extends']);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((path) => (typeof path === 'string' ? [path] : []));
}

function referencesOf(data: Data | undefined): readonly string[] {
  const value = data?.at(['references']);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => (isTable(item) && typeof item['path'] === 'string' ? [item['path']] : []));
}

/** The member that a path of the repository lies in; the innermost, where one lies in another. */
export function memberAt(members: Members, path: string): string | undefined {
  for (let folder = posix.normalize(path).replace(/\/$/, ''); folder !== '.' && !folder.startsWith('..'); ) {
    if (members.folders.has(folder)) return folder;
    folder = posix.dirname(folder);
  }
  return undefined;
}

/** The members that one needs over any number of steps, each after those that it needs itself. `runs`: only those that are there when it runs. */
export function memberClosure(
  project: Project,
  members: Members,
  first: readonly string[],
  options: { readonly runs: boolean },
): readonly string[] {
  const seen = new Set<string>();
  const ordered: string[] = [];
  const visit = (folder: string): void => {
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const need of needsOf(project, members, folder)) if (need.runs || !options.runs) visit(need.folder);
    ordered.push(folder);
  };
  for (const folder of first) visit(folder);
  return ordered;
}
