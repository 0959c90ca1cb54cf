import { posix } from 'node:path';
import { buildDownloads } from '../../../catalog/build-downloads.ts';
import { packageFolders } from '../../../catalog/folders.ts';
import type { Source } from '../../../formats/source/index.ts';
import type { Dependency, Facts } from '../../../model/facts.ts';
import { readData } from '../../../project/data.ts';
import { readSource } from '../../../project/source.ts';
import type { OwnScript } from '../../../stacks/javascript.ts';
import { unreadNote } from '../../support/unread.ts';
import { type App, inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import type { Commands } from '../scripts/commands.ts';
import { memberAt } from '../workspace/member-closure.ts';
import { existing, type Modules } from './graph.ts';

/**
 * Top-level files and folders that the reached modules lie in, and the compiler settings where they change what is built. Of a member of a workspace
 * those of its own folder: its siblings are taken whole.
 */
export function readSources({ app, modules }: AnalysisContext, commands: Commands): string[] {
  const { members } = app;
  const isOfSibling = (file: string) => members !== undefined && (memberAt(members, file) ?? app.root) !== app.root;
  const own = [...modules.sources.map((source) => source.file), ...modules.files, ...commands.builtFrom.map(app.path)]
    .filter((file) => !isOfSibling(file))
    .map(app.own);
  const tops = own
    .filter((file) => file !== 'package.json' && !(file.startsWith('../') && app.members))
    .map((file) => (file.startsWith('../') ? file : (file.split('/')[0] ?? file)));
  const settings = app.path('tsconfig.json');
  const matters = app.project.has(settings) && settingsMatter(app, modules);
  return [...new Set([...tops, ...ofSettings(app), ...(matters ? ['tsconfig.json'] : [])])].sort();
}

/** Folders with the name of an output that settings of tools import files of: they are sources, and no build makes them. */
function ofSettings(app: App): readonly string[] {
  const settings = app.project.files().filter((file) => /^[\w.-]+\.config\.[cm]?[jt]s$/.test(app.own(file)));
  return settings
    .flatMap((file) => readSource(app.project, file)?.imports ?? [])
    .flatMap(({ specifier }) => /^\.\/(build|dist|out)\//.exec(specifier)?.[1] ?? [])
    .filter((folder) => app.project.files().some((file) => file.startsWith(app.path(`${folder}/`))));
}

/** Path aliases, JSX and decorators: without these settings the same source builds to something else, or not at all. */
function settingsMatter(app: App, modules: Modules): boolean {
  const settings = readData(app.project, app.path('tsconfig.json'));
  const options = ['paths', 'baseUrl', 'experimentalDecorators', 'emitDecoratorMetadata'];
  const paths = [['extends'], ...options.map((option) => ['compilerOptions', option])];
  if (paths.some((path) => settings?.at(path) !== undefined)) return true;
  return modules.sources.some((source) => /\.[jt]sx$/.test(source.file));
}

/** Settings that everybody has for themselves are no part of a repository, and lie beside an example of them: `config.json`, `config.example.json`. */
export function exampleOf({ project }: App, specifier: string): string | undefined {
  const [name = '', ending] = posix.basename(specifier).split(/\.(json|[cm]?[jt]s|ya?ml)$/);
  const stem = name.toLowerCase();
  if (ending === undefined && !/^(\.|\/)/.test(specifier)) return undefined;
  const isExample = (file: string) => {
    const words = posix.basename(file).toLowerCase().split(/[._-]/);
    return stem.split(/[._-]/).every((word) => words.includes(word)) && words.some((word) => exampleWords.has(word));
  };
  return project.files().find(isExample);
}

const exampleWords = new Set(['example', 'sample', 'template', 'dist', 'default']);

function missingMessage(app: App, source: Source, { specifier }: Modules['missing'][number]['at']): string {
  const example = exampleOf(app, specifier);
  if (example === undefined)
    return `${source.file} imports ${specifier}, which does not exist: generate it before the app is built`;
  const name = posix.basename(specifier);
  return `${source.file} imports ${specifier}, a settings file that is not in the repository, and the app does not start without it: create ${name} from ${example}, and mount it where the app looks for it ("volumes" of the service in the compose file, with \`:ro\`), or read the settings from variables`;
}

/** Whether a bundler is asked for a file in a way of its own, `./styles.css?url`. */
const isAsked = ({ project }: App, source: Source, specifier: string): boolean => {
  const [file = '', query] = specifier.split('?');
  // a file of a package by its path, which installing brings
  if (packageFolders.some((folder) => file.split('/').includes(folder))) return true;
  return query !== undefined && project.has(posix.join(posix.dirname(source.file), file));
};

/** Whether a bundler may find a component by its name alone: `./App` is App.vue, or the one of a folder. */
const isComponent = ({ project }: App, source: Source, specifier: string): boolean => {
  const path = posix.join(posix.dirname(source.file), specifier);
  return ['.vue', '.svelte', '/index.vue', '/index.svelte'].some((ending) => project.has(path + ending));
};

/** Imports of files that are not there: something makes them before the app is built, or they were forgotten. `made` is the folder that its build makes. */
export const missingNotes = (app: App, modules: Modules, made: string | undefined): Facts['notes'] =>
  modules.missing
    .filter(({ source, at }) => !isAsked(app, source, at.specifier) && !isComponent(app, source, at.specifier))
    .filter(({ source, at }) => !`${posix.join(posix.dirname(source.file), at.specifier)}/`.startsWith(`${made}/`))
    .slice(0, 3)
    .map(({ source, at }) => ({
      code: 'missing-import',
      target: posix.join(posix.dirname(source.file), at.specifier).replace(/\.[cm]?[jt]sx?$/, ''),
      message: missingMessage(app, source, at),
      from: [inSource(source, at.span.start, `${at.specifier} is imported`)],
    }));

/** Modules that are imported by their whole names and are not there, where a script of the project makes files; absent: none. */
export function madeModules(app: App, modules: Modules, scripts: readonly OwnScript[]): readonly string[] | undefined {
  if (!scripts.some(({ does, elsewhere }) => does === 'generates' && !elsewhere)) return undefined;
  const found = modules.missing.flatMap(({ source, at }) => {
    const path = app.own(posix.join(posix.dirname(source.file), at.specifier));
    const isOwn = at.specifier.startsWith('.') && !path.startsWith('..') && /\.([cm]?js|json)$/.test(path);
    return isOwn && app.project.leftOut?.(app.path(path)) ? [path] : [];
  });
  return found.length > 0 ? [...new Set(found)].sort() : undefined;
}

export const downloadMessage = ({ what, instead }: { readonly what: string; readonly instead: string }): string =>
  `the build downloads ${what}, and fails without network access: ${instead}`;

/** What building takes from elsewhere than the registry, by what the sources import and the manifest names. */
export const downloadNotes = (modules: Modules, dependencies: readonly Dependency[]): Facts['notes'] =>
  buildDownloads.flatMap(({ imports, dependency, what, instead }) => {
    const from = [
      ...dependencies.flatMap((item) => (item.name === dependency ? [item.from] : [])),
      ...modules.sources.flatMap((source) =>
        source.imports
          .filter(({ specifier }) => specifier === imports)
          .map(({ span, specifier }) => inSource(source, span.start, `${specifier} is imported`)),
      ),
    ];
    const message = downloadMessage({ what, instead });
    return from.length === 0 ? [] : [{ code: 'build-downloads', message, from: from.slice(0, 1) }];
  });

export const brokenNotes = (source: Source): Facts['notes'] =>
  source.problems.slice(0, 1).map(({ line, message }) => unreadNote(source.file, line, message));

/** A file of the output that a module names, which is not there before the build and is read from its source: undefined where none does. */
export function readOutputImport({ app, modules }: AnalysisContext): string | undefined {
  for (const source of modules.sources) {
    for (const { specifier, form } of source.imports) {
      if (!/^\.\.?\//.test(specifier)) continue;
      const file = posix.join(posix.dirname(source.file), specifier);
      const read = modules.resolve(source.file, specifier);
      const made = read === undefined ? undefined : madeAs(file, read, form === 'require');
      const isThere = app.project.has(file) || (made !== file && existing(app.project, file) !== undefined);
      if (made !== undefined && !isThere && posix.dirname(made) !== posix.dirname(read ?? '')) return app.own(made);
    }
  }
  return undefined;
}

/** The file that building makes of a source, as a module names it: only `require` leaves the ending out, and the file of a folder. */
function madeAs(file: string, read: string, isRequired: boolean): string | undefined {
  if (/\.[cm]?js$/.test(file)) return file;
  if (!isRequired || /\.[a-z0-9]+$/i.test(posix.basename(file))) return undefined;
  const isFolder = /^index\.[cm]?[jt]sx?$/.test(posix.basename(read)) && posix.basename(file) !== 'index';
  return isFolder ? `${file.replace(/\/$/, '')}/index.js` : `${file}.js`;
}
