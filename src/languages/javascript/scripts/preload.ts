import type { Dependency, Facts } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { isOwnFile, type JavaScriptDetails, startLine } from '../../../stacks/javascript.ts';
import type { App } from '../app.ts';
import { existing, readModules } from '../modules/graph.ts';
import type { Commands } from './commands.ts';
import { scriptsOf } from './follow.ts';

/** A file that no import of the app names, and why it is loaded nevertheless. */
export type PreloadedFile = { readonly file: string; readonly why: string; readonly byFlag?: true };

const babelSettings = /^(\.babelrc(\.json|\.[cm]?js)?|babel\.config\.(json|[cm]?js))$/;

/** Packages that look for files of the app on their own, in the folder where it runs; the source names none of them. */
const looksFor: readonly {
  readonly dependency: string;
  readonly compiles?: true;
  readonly program?: string;
  readonly files: RegExp;
}[] = [
  // https://typeorm.io before 0.3: `createConnection()` without options
  { dependency: 'typeorm', files: /^ormconfig\.([cm]?js|ts|json|ya?ml|xml)$/ },
  // https://github.com/node-config/node-config/wiki/Configuration-Files
  {
    dependency: 'config',
    files: /^config\/(default|local|production|custom-environment-variables)\b[^/]*\.([cm]?js|ts|json5?|ya?ml|toml)$/,
  },
  // https://github.com/rolodato/dotenv-safe: the names that have to be set
  { dependency: 'dotenv-safe', files: /^\.env\.example$/ },
  // compilers that run the source: without their settings it is another language (https://babeljs.io/docs/config-files)
  { dependency: '@babel/node', compiles: true, program: 'babel-node', files: babelSettings },
  { dependency: '@babel/register', compiles: true, program: '@babel/register', files: babelSettings },
  { dependency: '@swc/register', compiles: true, program: '@swc/register', files: /^\.swcrc$/ },
  {
    dependency: '@swc-node/register',
    compiles: true,
    program: '@swc-node/register',
    files: /^(\.swcrc|tsconfig\.json)$/,
  },
  { dependency: 'ts-node', compiles: true, files: /^tsconfig\.json$/ },
];

/** The files that are loaded besides what the app imports: before it, by flags of the start command, or by its packages. */
export function loadedFirst(
  app: App,
  commands: Commands,
  dependencies: readonly Dependency[],
): readonly PreloadedFile[] {
  const file = commands.startFile?.value;
  const isMade = file !== undefined && existing(app.project, app.path(file)) === undefined;
  const text = scriptsOf(app)[commands.start?.value.script ?? ''] ?? '';
  // what compiles for development alone counts where the start script names it
  const isNamed = (program: string | undefined) => program !== undefined && text.includes(program);
  const found = looksFor.flatMap(({ dependency, compiles, program, files }) =>
    !(compiles && isMade) && dependencies.some((item) => item.name === dependency && (!item.dev || isNamed(program)))
      ? app.project
          .files()
          .filter((file) => files.test(app.own(file)))
          .map((file) => ({ file, why: `${dependency} looks for it` }))
      : [],
  );
  return [...byFlags(app, commands), ...found];
}

/** `node -r ./tracing.js`: what a flag loads before the app. */
function byFlags(app: App, commands: Commands): readonly PreloadedFile[] {
  return startLine(commands.start?.value.argv ?? []).preloads.flatMap((preload) => {
    const file = isOwnFile(preload) ? existing(app.project, app.path(preload.module)) : undefined;
    return file === undefined ? [] : [{ file, why: 'the start command loads it first', byFlag: true as const }];
  });
}

/** They are started as they are, with what they import: nothing builds them. */
export function preloadedFiles(app: App, loaded: readonly PreloadedFile[]): Facts['reads'] {
  return loaded.flatMap(({ file: first, why }) => {
    const reached = readModules(app, [first]);
    const all = [...reached.sources.map((source) => source.file), ...reached.files];
    return all.map((file) =>
      detected(app.own(file), [{ file, why: file === first ? why : `${app.own(first)} imports it` }]),
    );
  });
}

/** The sources that flags of the start command load before the app, for what builds it: it makes them, too. */
export function preloadedSources(app: App, loaded: readonly PreloadedFile[]): JavaScriptDetails['preloads'] {
  const files = loaded.flatMap(({ file, byFlag }) => (byFlag ? [file] : []));
  return files.length === 0 ? undefined : readModules(app, files).sources.map(({ file }) => app.own(file));
}
