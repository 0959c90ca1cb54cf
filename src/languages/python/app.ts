import { posix } from 'node:path';
import { type PythonModule, type Statement, statementsOf } from '../../formats/python/index.ts';
import type { Config } from '../../model/config.ts';
import type { Evidence } from '../../model/evidence.ts';
import { pathIn, pathsBelow } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { readPython } from '../../project/source.ts';
import type { ApplicationInput } from '../contract.ts';
import { importsOf, startedIn } from './import-roots.ts';

/** A module of an application: its syntax, its name as Python imports it, and what its names mean. */
export type Module = {
  readonly syntax: PythonModule;
  /** relative to the application */
  readonly file: string;
  readonly name: string;
  /** what a local name stands for: `FastAPI` is `fastapi.FastAPI`; names of the module itself are below its own name */
  readonly names: ReadonlyMap<string, string>;
};

/** One application, as the readers of facts see it. */
export type App = {
  readonly project: Project;
  readonly root: string;
  readonly config: Config;
  readonly input: ApplicationInput;
  /** files of the application, relative to it */
  readonly files: readonly string[];
  /** folders that modules are imported from, relative to the application: `.`, and `src` or another one whose modules do without its name */
  readonly importRoots: readonly string[];
  readonly modules: readonly Module[];
  readonly byName: ReadonlyMap<string, Module>;
};

/** Folders of which nothing runs in production. */
const aside =
  /^(tests?|testing|docs?|examples?|benchmarks?|scripts|notebooks|node_modules|venv|env|site-packages|build|dist|htmlcov)$/;

/** Whether a path is a test, or stands where nothing of production does. */
export const isSideFile = (file: string): boolean =>
  file
    .split('/')
    .slice(0, -1)
    .some((part) => aside.test(part) || part.startsWith('.')) ||
  /^(test_.*|.*_test|tests|conftest|noxfile|setup|fabfile|tasks?_test)\.py$/.test(posix.basename(file));

/** So many modules are read: a larger repository is one of data. */
export const MAX_MODULES = 2_000;

/** An application in a folder of the project. */
export function appAt(input: ApplicationInput): App {
  const { project, root, config } = input;
  const own = pathsBelow(root);
  const files = project
    .files()
    .map(own)
    .filter((file) => !file.startsWith('../'));
  const sources = files
    .filter((file) => file.endsWith('.py') && !isSideFile(file))
    .slice(0, MAX_MODULES)
    .flatMap((file): Source[] => {
      const syntax = readPython(project, pathIn(root, file));
      return syntax ? [{ file, syntax }] : [];
    });
  const importRoots = rootsOf(files, sources);
  const modules = sources.map((source) => moduleOf(source, importRoots));
  return {
    project,
    root,
    config,
    input,
    files,
    importRoots,
    modules,
    byName: new Map(modules.map((module) => [module.name, module])),
  };
}

type Source = Pick<Module, 'file' | 'syntax'>;

/** The folders that modules are imported from: that of the application, and those whose modules do without its name. */
function rootsOf(files: readonly string[], sources: readonly Source[]): readonly string[] {
  if (isSourceFolder(files)) return ['src', '.'];
  return [...startedIn(sources.map(({ file, syntax }) => ({ file, imports: importsOf(syntax.body) }))), '.'];
}

/** `src` is a folder to import from where packages lie in it and it is none itself. */
const isSourceFolder = (files: readonly string[]): boolean =>
  files.some((file) => /^src\/[^/]+(\/[^/]+)?\.py$/.test(file)) &&
  !files.includes('src/__init__.py') &&
  !isImported(files);

/** A `src` with modules of its own beside a main file in the root is a package without a mark. */
const isImported = (files: readonly string[]): boolean =>
  files.some((file) => /^(main|app|wsgi|asgi|manage)\.py$/.test(file)) &&
  !files.some((file) => /^src\/[^/]+\/__init__\.py$/.test(file));

function moduleOf({ file, syntax }: Source, importRoots: readonly string[]): Module {
  const name = moduleName(file, importRoots);
  return { syntax, file, name, names: namesOf(syntax, name, posix.basename(file) === '__init__.py') };
}

/** The name by which a file is imported. */
function moduleName(file: string, importRoots: readonly string[]): string {
  const base = importRoots.find((folder) => folder !== '.' && file.startsWith(`${folder}/`));
  const path = (base === undefined ? file : file.slice(base.length + 1)).replace(/\.py$/, '');
  const parts = path.split('/');
  return (parts.at(-1) === '__init__' && parts.length > 1 ? parts.slice(0, -1) : parts).join('.');
}

function namesOf(syntax: PythonModule, own: string, isPackage: boolean): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parts = own.split('.');
  for (const statement of statementsOf(syntax.body)) {
    if (statement.kind === 'import') {
      for (const { module, level, name, local } of statement.imported) {
        const around = level === 0 ? [] : parts.slice(0, parts.length - level + (isPackage ? 1 : 0));
        const whole = [...around, ...(module === '' ? [] : [module]), ...(name === undefined ? [] : [name])].join('.');
        // `import a.b` binds `a`
        found.set(local, name === undefined && local === module.split('.')[0] ? local : whole);
      }
    }
  }
  for (const statement of syntax.body)
    for (const name of boundBy(statement)) if (!found.has(name)) found.set(name, `${own}.${name}`);
  return found;
}

function boundBy(statement: Statement): readonly string[] {
  if (statement.kind === 'function' || statement.kind === 'class') return [statement.name];
  if (statement.kind !== 'assign') return [];
  return statement.targets.flatMap((target) => (target.kind === 'name' ? [target.name] : []));
}

/** What a dotted path in a module stands for, with names that are imported again followed to where they are made. */
export function resolve(app: App, module: Module, path: string, depth = 0): string {
  const [first = '', ...rest] = path.split('.');
  const known = module.names.get(first);
  const whole = [known ?? first, ...rest].join('.');
  if (known === undefined || depth > 8) return whole;
  const cut = whole.lastIndexOf('.');
  const other = cut === -1 ? undefined : app.byName.get(whole.slice(0, cut));
  const name = whole.slice(cut + 1);
  if (!other || other === module || !other.names.has(name) || other.names.get(name) === whole) return whole;
  return resolve(app, other, name, depth + 1);
}

/** Evidence in a module. */
export const inModule = ({ syntax }: Module, offset: number, why: string): Evidence => ({
  file: syntax.file,
  line: syntax.line(offset),
  why,
});

/** A property of a fact that is there only where it has a value. */
export const present = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
