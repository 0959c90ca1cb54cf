/** The settings of the compiler of TypeScript (https://www.typescriptlang.org/tsconfig/). */
import { posix } from 'node:path';
import type { Dependency } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { leastOf } from '../../../model/range.ts';
import { type Data, readData } from '../../../project/data.ts';
import type { Project } from '../../../project/project.ts';
import type { JavaScriptDetails } from '../../../stacks/javascript.ts';
import { type App, inData, isInside } from '../app.ts';

/** A configuration and what it extends, the nearest first. */
export function chain(app: Pick<App, 'project' | 'path'>, file: string): readonly Data[] {
  const found: Data[] = [];
  const queue = [file.endsWith('.json') ? file : posix.join(file, 'tsconfig.json')];
  for (let at = queue.shift(); at !== undefined && found.length < 8; at = queue.shift()) {
    const data = readData(app.project, app.path(at));
    if (!data) continue;
    found.push(data);
    queue.unshift(...extended(data, posix.dirname(at)));
  }
  return found;
}

/** The configurations that one extends, of several the last one first, which counts before the others; those of packages are not read. */
const extended = (data: Data, folder: string): readonly string[] =>
  basesOf(data)
    .filter((base) => base.startsWith('.'))
    .map((base) => posix.join(folder, base.endsWith('.json') ? base : `${base}.json`))
    .reverse();

/** What a configuration extends: files of the project, and packages. */
function basesOf(data: Data): readonly string[] {
  const value = data.at(['extends']);
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.flatMap((item) => (typeof item === 'string' ? [item] : []));
}

/** What a configuration says of an option of the compiler, the nearest first, and which one says it. */
export function setting(
  configs: readonly Data[],
  option: string,
): { readonly data: Data; readonly value: string } | undefined {
  for (const data of configs) {
    const value = data.at(['compilerOptions', option]);
    if (typeof value === 'string' || typeof value === 'boolean') return { data, value: String(value) };
  }
  return undefined;
}

/** A project of the compiler: where it puts what it makes, and of which folders. */
export type CompilerProject = {
  /** the folder of its output, relative to the repository */
  readonly output: string;
  /** the folder whose files land at the top of it: the first that has the source of a file */
  readonly sources: readonly string[];
};

/** What a project of the compiler says of its folders; undefined: it puts its output beside its sources, or makes none. */
function projectAt(project: Project, file: string): CompilerProject | undefined {
  const configs = chain({ project, path: posix.normalize }, file);
  const [nearest] = configs;
  const folderOf = (option: string) => {
    const found = setting(configs, option);
    return found && posix.join(posix.dirname(found.data.file), found.value).replace(/\/$/, '');
  };
  const output = folderOf('outDir');
  if (!nearest || output === undefined || output.startsWith('..')) return undefined;
  const own = posix.dirname(nearest.file);
  const root = folderOf('rootDir');
  return { output, sources: root === undefined ? [posix.join(own, 'src'), own] : [root] };
}

const remembered = new WeakMap<Project, readonly CompilerProject[]>();

/** Every project of the compiler in a repository, by its settings. */
function projectsOf(project: Project): readonly CompilerProject[] {
  const known = remembered.get(project);
  if (known) return known;
  const found = project
    .files()
    .filter((file) => /^tsconfig[\w.-]*\.json$/.test(posix.basename(file)))
    .flatMap((file) => projectAt(project, file) ?? []);
  remembered.set(project, found);
  return found;
}

/** Where the source of a file lies that a compiler makes, without its ending: each place that the settings allow. Paths of the repository. */
export function emittedFrom(project: Project, path: string): readonly string[] {
  return projectsOf(project)
    .filter(({ output }) => path.startsWith(`${output}/`))
    .sort((a, b) => b.output.length - a.output.length)
    .flatMap(({ output, sources }) => sources.map((folder) => posix.join(folder, path.slice(output.length + 1))));
}

/**
 * The outputs of a project of the compiler and of all that it refers to (https://www.typescriptlang.org/docs/handbook/project-references.html),
 * which `tsc --build` makes together. `file` is a file of settings, or its folder, relative to the app.
 */
export function referencedOutputs(app: App, file: string): readonly string[] {
  const seen = new Set<string>();
  const outputs = new Set<string>();
  const queue = [file.endsWith('.json') ? file : posix.join(file, 'tsconfig.json')];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const made = projectAt(app.project, app.path(at));
    if (made) outputs.add(app.own(made.output));
    const references = readData(app.project, app.path(at))?.at(['references']);
    for (const reference of Array.isArray(references) ? references : []) {
      const path: unknown =
        typeof reference === 'object' && reference !== null && 'path' in reference ? reference.path : undefined;
      if (typeof path !== 'string') continue;
      const next = posix.join(posix.dirname(at), path);
      queue.push(next.endsWith('.json') ? next : posix.join(next, 'tsconfig.json'));
    }
  }
  return [...outputs].filter((output) => !output.startsWith('..'));
}

/** From this release on a module of CommonJS always has a default (TypeScript 6.0, release notes). */
const alwaysFrom = 6;

/**
 * Where the compiler gives modules of CommonJS no default: `import express from 'express'` is then undefined when it runs
 * (`esModuleInterop`). Undefined: it gives one, or a configuration of a package decides it, which is not read.
 */
export function readNoDefaults(
  app: App,
  dependencies: readonly Dependency[],
  moduleType: JavaScriptDetails['moduleType'],
): JavaScriptDetails['noDefaults'] {
  const configs = chain(app, 'tsconfig.json');
  const [nearest] = configs;
  const release = leastOf(dependencies.find((dependency) => dependency.name === 'typescript')?.range);
  if (!nearest || moduleType === 'module' || (release && release.major >= alwaysFrom)) return undefined;
  const isUnread = configs.some((config) => basesOf(config).some((base) => !base.startsWith('.')));
  const interop = setting(configs, 'esModuleInterop');
  if (interop ? interop.value === 'true' : isUnread) return undefined;
  if (setting(configs, 'module')?.value.toLowerCase() !== 'commonjs') return undefined;
  const why = interop ? 'esModuleInterop is false' : 'esModuleInterop is not set, and modules become CommonJS';
  const from = interop
    ? inData(interop.data, ['compilerOptions', 'esModuleInterop'], why)
    : { file: nearest.file, why };
  return detected(true, [from]);
}

/** Whether the compiler keeps what it knows of an earlier build: `incremental`, `composite`, or as it is called. */
export function keepsBuildInfo(app: App): boolean {
  const scripts = Object.values(app.manifest?.texts(['scripts']) ?? {});
  const isCalled = scripts.some((script) => {
    const words = script.split(/\s+/);
    return words.includes('tsc') && words.some((word) => ['-b', '--build', '--incremental'].includes(word));
  });
  // of a workspace the members have settings of their own, which this one has nothing to do with
  const isNear = (file: string) =>
    isInside(app, file) && (!app.members || posix.dirname(file) === posix.normalize(app.root));
  const configs = app.project.files().filter((file) => isNear(file) && /(^|\/)tsconfig(\.[\w.-]+)?\.json$/.test(file));
  return (
    isCalled ||
    configs.some((file) => {
      const data = readData(app.project, file);
      return ['incremental', 'composite'].some((option) => data?.at(['compilerOptions', option]) === true);
    })
  );
}

/** Whether the compiler leaves imports as they are written: what it makes are modules whose imports Node.js looks for with their endings alone. */
export function readKeepsImports(
  app: App,
  moduleType: JavaScriptDetails['moduleType'],
): JavaScriptDetails['keepsImports'] {
  const declared = setting(chain(app, 'tsconfig.json'), 'module');
  const kind = declared?.value.toLowerCase() ?? '';
  const isKept = /^(es|preserve)/.test(kind) || (/^node/.test(kind) && moduleType === 'module');
  if (!declared || !isKept) return undefined;
  return detected(true, [inData(declared.data, ['compilerOptions', 'module'], `module is ${declared.value}`)]);
}

/** Whether the compiler refuses a relative import without an ending in a module (`module` is `nodenext` or the like). */
export const demandsEndings = (app: App, moduleType: JavaScriptDetails['moduleType']): boolean =>
  moduleType === 'module' && /^node/i.test(setting(chain(app, 'tsconfig.json'), 'module')?.value ?? '');
