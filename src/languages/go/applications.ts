import { hasOtherManifests } from '../../catalog/manifests.ts';
import { callOf, type GoFile, nodesIn } from '../../formats/go/index.ts';
import type { Project } from '../../project/project.ts';
import { readGo } from '../../project/source.ts';
import { goListeners, isOfModule } from '../../stacks/go.ts';
import { foldersOfModule, isBelow, isSource, type Module, modulesOf, modulesWith } from './modules.ts';
import { mainFolders, readProgram } from './program.ts';

/**
 * Folders of the applications of a repository: a module with one program, or with several of which one listens, each program of a module with several others,
 * else a library.
 */
export function applicationRoots(project: Project): readonly string[] {
  const all = modulesOf(project);
  const found = all.map((module) => ({ module, mains: mainFolders(project, module, all) }));
  // beside an application of another language a program that answers nothing is a tool of its developers
  const isMixed = hasOtherManifests(project.files(), 'go.mod');
  const programs = found
    .filter(({ module }) => !isMixed || answers(project, module))
    .flatMap(({ module, mains }) =>
      mains.length === 1 || (!isMixed && serverOf(project, modulesWith(project, module, all), mains) !== undefined)
        ? [module.folder]
        : mains,
    );
  if (programs.length > 0) return [...programs].sort();
  if (isMixed) return [];
  const [first] = found.filter(({ module }) => foldersOfModule(project, module, all).length > 0);
  return first ? [first.module.folder] : [];
}

/** Whether a source of a module listens: it imports a server, and calls what starts it. */
const answers = (project: Project, { folder }: Module): boolean =>
  project
    .files()
    .filter((file) => isSource(file) && isBelow(file, folder))
    .some((file) => {
      const source = readGo(project, file);
      return source !== undefined && listens(source);
    });

/** Whether a source calls what listens. */
export function listens({ imports, root }: GoFile): boolean {
  const names = goListeners
    .filter(({ module }) => imports.some(({ path }) => isOfModule(path, module)))
    .flatMap(({ calls }) => calls.map(({ name }) => name.split('.').at(-1) ?? ''));
  return (
    names.length > 0 &&
    nodesIn(root, 'CallExpr').some((node) => names.includes(callOf(node)?.name.split('.').at(-1) ?? ''))
  );
}

/** The one program of several that listens; undefined: none does, or several. */
export function serverOf(project: Project, modules: readonly Module[], mains: readonly string[]): string | undefined {
  const serving = mains.filter((main) => readProgram(project, main, modules).files.some(listens));
  return serving.length === 1 ? serving[0] : undefined;
}
