import { posix } from 'node:path';
import { type GoFile, type GoNode, nodesIn } from '../../formats/go/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import { filesIn } from '../../project/folders.ts';
import type { Project } from '../../project/project.ts';
import { readGo } from '../../project/source.ts';
import { isCompiled } from './build-tags.ts';
import { folderOfPackage, foldersOfModule, isExampleFolder, isSource, type Module } from './modules.ts';

/** A function of the program, with the file that it stands in. */
export type GoFunction = {
  readonly name: string;
  readonly node: GoNode;
  readonly file: GoFile;
  readonly parameters: readonly string[];
  readonly body: GoNode | undefined;
};

/** What one `package main` is compiled from, in the repository. */
export type GoProgram = {
  /** folder of `package main` */
  readonly main: string;
  /** the files of all packages that it reaches, those of `package main` first */
  readonly files: readonly GoFile[];
  /** imports of packages outside of the repository, each once */
  readonly packages: readonly { readonly path: string; readonly from: Evidence }[];
  readonly functions: ReadonlyMap<string, readonly GoFunction[]>;
};

/** Tags that count without being named: whether C is compiled is decided later, by what is imported. */
const usualTags: ReadonlySet<string> = new Set(['cgo']);

/** Files of a folder that are compiled for Linux, without tests. */
const compiledIn = (project: Project, folder: string): readonly GoFile[] =>
  filesIn(project, folder)
    .filter(isSource)
    .flatMap((file) => readGo(project, file) ?? [])
    .filter((file) => isCompiled(file, usualTags));

const isMain = ({ name, root }: GoFile): boolean =>
  name === 'main' &&
  root.children.some(
    ({ type, children }) =>
      type === 'FunctionDecl' && children.some((one) => one.type === 'DefName' && one.text === 'main'),
  );

/** The folders of the programs of a module that somebody deploys; where it has no others, none. */
export function mainFolders(project: Project, module: Module, all: readonly Module[]): readonly string[] {
  const known = mainsOfModules.get(project) ?? new Map<string, readonly string[]>();
  mainsOfModules.set(project, known);
  const found =
    known.get(module.folder) ??
    foldersOfModule(project, module, all).filter(
      (folder) => !isExampleFolder(posix.relative(module.folder, folder)) && compiledIn(project, folder).some(isMain),
    );
  known.set(module.folder, found);
  return found;
}

/** Files of programs of a module of which nothing was read: what is started may be in them. */
export const unreadMains = (project: Project, module: Module, all: readonly Module[]): readonly GoFile[] =>
  foldersOfModule(project, module, all)
    .flatMap((folder) => compiledIn(project, folder))
    .filter(({ name, unread }) => name === 'main' && unread !== undefined);

/** Of a module, by its folder: every file of it is read for this, and several ask. */
const mainsOfModules = new WeakMap<Project, Map<string, readonly string[]>>();

/** Reads a program: its `package main`, and the packages of these modules that it reaches; with those of further ones that run with it. */
export function readProgram(
  project: Project,
  main: string,
  modules: readonly Module[],
  beside: readonly string[] = [],
): GoProgram {
  const files: GoFile[] = [];
  const packages = new Map<string, Evidence>();
  const folders = new Set([main, ...beside]);
  for (const folder of folders) {
    for (const file of compiledIn(project, folder)) {
      files.push(file);
      for (const { path, line } of file.imports) {
        const own = folderOfPackage(path, modules);
        if (own !== undefined) folders.add(own);
        else if (!packages.has(path)) packages.set(path, { file: file.file, line, why: `it imports ${path}` });
      }
    }
  }
  return {
    main,
    files,
    packages: [...packages].map(([path, from]) => ({ path, from })),
    functions: functionsOf(files),
  };
}

function functionsOf(files: readonly GoFile[]): ReadonlyMap<string, readonly GoFunction[]> {
  const found = new Map<string, GoFunction[]>();
  for (const file of files) {
    for (const node of nodesIn(file.root, 'FunctionDecl', 'MethodDecl')) {
      const isMethod = node.type === 'MethodDecl';
      const name = node.children.find(({ type }) => type === (isMethod ? 'FieldName' : 'DefName'))?.text ?? '';
      const lists = node.children.filter(({ type }) => type === 'Parameters');
      const body = node.children.find(({ type }) => type === 'Block');
      const one = { name, node, file, parameters: namesIn(lists[isMethod ? 1 : 0]), body };
      found.set(name, [...(found.get(name) ?? []), one]);
    }
  }
  return found;
}

/** The names of parameters, in their order. */
export const namesIn = (list: GoNode | undefined): readonly string[] =>
  (list?.children ?? []).flatMap(({ type, children }) =>
    type === 'Parameter' ? children.filter((child) => child.type === 'DefName').map(({ text }) => text) : [],
  );

/** A place in a file as evidence. */
export const inGo = (file: GoFile, node: GoNode, why: string): Evidence => ({
  file: file.file,
  line: file.lineAt(node.start),
  why,
});
