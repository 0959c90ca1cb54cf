import { posix } from 'node:path';
import { type GoMod, parseGoMod } from '../../formats/go/index.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { isOfModule } from '../../stacks/go.ts';

/** A module of the repository. */
export type Module = { readonly folder: string; readonly file: string; readonly mod: GoMod };

const manifest = 'go.mod';

/** Folders that `go build ./...` leaves out, and those that hold programs of others. */
const isLeftOut = (folder: string): boolean =>
  folder
    .split('/')
    .some((part) => ['vendor', 'testdata', 'node_modules'].includes(part) || (part !== '.' && /^[._]/.test(part)));

/** Folders with programs that are for people who work on the project. */
const besides = new Set(
  'example examples test tests e2e integration tools tool hack script scripts doc docs bench benchmark benchmarks internal/tools demo demos'.split(
    ' ',
  ),
);

/** Whether a folder of a module holds what nobody deploys. */
export const isExampleFolder = (folder: string): boolean => folder.split('/').some((part) => besides.has(part));

/** Whether a file is compiled for the tests alone. */
export const isTest = (file: string): boolean => file.endsWith('_test.go');

/** Whether a file is a source that a program may be compiled from. */
export const isSource = (file: string): boolean => file.endsWith('.go') && !isTest(file);

/** Whether a path is a folder of the repository, or lies below it. */
export const isBelow = (path: string, folder: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`);

/** The module that a folder belongs to; undefined: it belongs to none. */
export const moduleAt = (modules: readonly Module[], folder: string): Module | undefined =>
  modules.findLast((module) => isBelow(folder, module.folder));

/** The last part of the path of a module that is a name: `shop` of `example.com/shop/v2`. */
export function moduleName({ module }: Pick<GoMod, 'module'>): string | undefined {
  const parts = (module?.endsWith('.git') ? module.slice(0, -'.git'.length) : module)?.split('/') ?? [];
  return /^v\d+$/.test(parts.at(-1) ?? '') && parts.length > 1 ? parts.at(-2) : parts.at(-1);
}

/** The modules of a repository, those with the shortest path first. */
export function modulesOf(project: Project): readonly Module[] {
  return project
    .files()
    .filter((file) => posix.basename(file) === manifest && !isLeftOut(posix.dirname(file)))
    .map((file) => ({ folder: posix.dirname(file), file, mod: parseGoMod(project.read(file) ?? '') }))
    .sort((a, b) => depth(a.folder) - depth(b.folder) || (a.folder < b.folder ? -1 : 1));
}

const depth = (folder: string): number => (folder === '.' ? 0 : folder.split('/').length);

/** The folder of the `go.work` that a module is used by, with the folders of its modules; undefined: there is none. */
export function workspaceOf(
  project: Project,
  module: Module,
): { readonly folder: string; readonly uses: readonly string[] } | undefined {
  for (let folder = module.folder; ; folder = posix.dirname(folder)) {
    const text = project.read(pathIn(folder, 'go.work'));
    if (text !== undefined) {
      const uses = parseGoMod(text).uses.map((use) => posix.join(folder, use.folder));
      return uses.includes(module.folder) ? { folder, uses } : undefined;
    }
    if (folder === '.' || folder === '/') return undefined;
  }
}

const isFolder = (path: string): boolean => path.startsWith('./') || path.startsWith('../') || path === '.';

/** The modules of the repository that a module is compiled with, itself first: those of its workspace and of its `replace` lines. */
export function modulesWith(project: Project, module: Module, all: readonly Module[]): readonly Module[] {
  const workspace = workspaceOf(project, module);
  const folders = new Set([module.folder, ...(workspace?.uses ?? [])]);
  for (const folder of folders) {
    const found = all.find((item) => item.folder === folder);
    for (const { to } of found?.mod.replaces ?? []) if (isFolder(to)) folders.add(posix.join(folder, to));
  }
  return [...folders].flatMap((folder) => all.find((item) => item.folder === folder) ?? []);
}

/** The folder of the repository that a package of these modules lies in; undefined: it is of none of them. */
export function folderOfPackage(path: string, modules: readonly Module[]): string | undefined {
  const owner = modules
    .filter(({ mod }) => mod.module !== undefined && isOfModule(path, mod.module))
    .sort((a, b) => (b.mod.module?.length ?? 0) - (a.mod.module?.length ?? 0))[0];
  if (!owner?.mod.module) return undefined;
  return posix.join(owner.folder, path.slice(owner.mod.module.length + 1));
}

/** Folders of a module that have sources and are of no other module, relative to the repository. */
export function foldersOfModule(project: Project, module: Module, all: readonly Module[]): readonly string[] {
  const nested = all.filter(({ folder }) => folder !== module.folder && isBelow(folder, module.folder));
  const folders = project
    .files()
    .filter(isSource)
    .map((file) => posix.dirname(file))
    .filter((folder) => isBelow(folder, module.folder) && !nested.some((item) => isBelow(folder, item.folder)));
  return [...new Set(folders)].filter((folder) => !isLeftOut(folder)).sort();
}
