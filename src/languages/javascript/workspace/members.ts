import { posix } from 'node:path';
import { globMatcher } from '../../../formats/glob/index.ts';
import { type Data, isTable, readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { readSettings } from '../../../project/settings.ts';

/** A workspace of a repository: packages that one lockfile in their common folder installs. */
export type Members = {
  /** the common folder, relative to the repository */
  readonly root: string;
  /** the file that names the members */
  readonly file: string;
  /** the manifest of each member by its folder, relative to the repository, sorted; the root is none of them */
  readonly folders: ReadonlyMap<string, Data>;
  /** the folder of each member by the name of its package */
  readonly names: ReadonlyMap<string, string>;
  /** the lines of all their scripts, each once */
  readonly scripts: readonly string[];
};

const remembered = new WeakMap<Project, Map<string, Members | undefined>>();

/** The workspace whose root is a folder of the repository; undefined: its manifest and settings name no members. */
export function membersAt(project: Project, root: string): Members | undefined {
  const known = remembered.get(project) ?? new Map<string, Members | undefined>();
  remembered.set(project, known);
  if (!known.has(root)) known.set(root, readMembers(project, root));
  return known.get(root);
}

/** The workspace that a folder is a member of, or the root of. The nearest one counts, as for every package manager. */
export function membersAround(project: Project, folder: string): Members | undefined {
  for (let root = folder; ; root = posix.dirname(root)) {
    const found = membersAt(project, root);
    if (found && (root === folder || found.folders.has(folder))) return found;
    if (root === '.') return undefined;
  }
}

/** A manifest or settings of more bytes name no members of anything. */
const MAX_SETTINGS = 1024 * 1024;

/**
 * Whether a folder is a member of the workspace in the root of `project`. Only that manifest and those settings are looked at, and nothing is listed: the
 * root may be any folder above that nobody meant.
 */
export function isMemberOf(project: Project, folder: string): boolean {
  const isSmall = (file: string) => (project.bytes(file)?.length ?? 0) <= MAX_SETTINGS;
  if (!['package.json', 'pnpm-workspace.yaml'].every(isSmall) || !project.has(`${folder}/package.json`)) return false;
  const { globs } = globsOf(project, '.');
  return globs.length > 0 && matcherOf(globs)(folder);
}

function readMembers(project: Project, root: string): Members | undefined {
  const { file, globs } = globsOf(project, root);
  if (globs.length === 0) return undefined;
  const isMember = matcherOf(globs);
  const folders = new Map<string, Data>();
  const names = new Map<string, string>();
  for (const folder of packageFolders(project)) {
    if (root !== '.' && !folder.startsWith(`${root}/`)) continue;
    if (!isMember(root === '.' ? folder : folder.slice(root.length + 1))) continue;
    const manifest = readData(project, `${folder}/package.json`);
    if (!manifest) continue;
    folders.set(folder, manifest);
    const name = manifest.text(['name']);
    if (name !== undefined && !names.has(name)) names.set(name, folder);
  }
  const lines = [...folders.values()].flatMap((manifest) => Object.values(manifest.texts(['scripts']) ?? {}));
  return { root, file, folders, names, scripts: [...new Set(lines)] };
}

const foldersOf = new WeakMap<Project, readonly string[]>();

/** Folders below the root that hold a manifest, sorted. */
export function packageFolders(project: Project): readonly string[] {
  const known =
    foldersOf.get(project) ??
    project
      .files()
      .filter((file) => file.endsWith('/package.json'))
      .map((file) => posix.dirname(file))
      .sort();
  foldersOf.set(project, known);
  return known;
}

/** The patterns of members: `workspaces` of the manifest, `packages` of pnpm-workspace.yaml, which comes first where it is there. */
function globsOf(project: Project, root: string): { readonly file: string; readonly globs: readonly string[] } {
  const manifest = pathIn(root, 'package.json');
  const settings = pathIn(root, 'pnpm-workspace.yaml');
  const value = readData(project, manifest)?.at(['workspaces']);
  const ofSettings = readSettings(project, settings)?.['packages'];
  const list = ofSettings ?? (isTable(value) ? value['packages'] : value);
  const globs = Array.isArray(list)
    ? list.flatMap((glob: unknown) =>
        typeof glob === 'string' ? [glob.replace(/^(!?)\.\//, '$1').replace(/\/$/, '')] : [],
      )
    : [];
  return { file: ofSettings === undefined ? manifest : settings, globs };
}

/** Whether a folder is a member by the patterns of a workspace; one that begins with `!` takes folders out again. */
function matcherOf(globs: readonly string[]): (folder: string) => boolean {
  const matchers = globs.filter((glob) => !glob.startsWith('!')).map((glob) => globMatcher(glob, { braces: true }));
  const exceptions = globs
    .filter((glob) => glob.startsWith('!'))
    .map((glob) => globMatcher(glob.slice(1), { braces: true }));
  return (folder) => matchers.some((matches) => matches(folder)) && !exceptions.some((matches) => matches(folder));
}
