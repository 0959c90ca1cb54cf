import type { Dependency, Facts } from '../../../model/facts.ts';
import { type App, detected } from '../app.ts';
import { readModules } from '../modules/graph.ts';
import type { Commands } from './commands.ts';

/** A file that no import of the app names, and why it is loaded nevertheless. */
export type Loaded = { readonly file: string; readonly why: string };

/** Packages that look for files of the app on their own, in the folder where it runs; the source names none of them. */
const looksFor: readonly { readonly dependency: string; readonly files: RegExp }[] = [
  // https://typeorm.io before 0.3: `createConnection()` without options
  { dependency: 'typeorm', files: /^ormconfig\.([cm]?js|ts|json|ya?ml|xml)$/ },
  // https://github.com/node-config/node-config/wiki/Configuration-Files
  {
    dependency: 'config',
    files: /^config\/(default|local|production|custom-environment-variables)\b[^/]*\.([cm]?js|ts|json5?|ya?ml|toml)$/,
  },
  // https://github.com/rolodato/dotenv-safe: the names that have to be set
  { dependency: 'dotenv-safe', files: /^\.env\.example$/ },
];

/** The files that are loaded besides what the app imports: before it, by flags of the start command, or by its packages. */
export function loadedFirst(app: App, commands: Commands, dependencies: readonly Dependency[]): readonly Loaded[] {
  const found = looksFor.flatMap(({ dependency, files }) =>
    dependencies.some((one) => one.name === dependency && !one.dev)
      ? app.project
          .files()
          .filter((file) => files.test(app.own(file)))
          .map((file) => ({ file, why: `${dependency} looks for it` }))
      : [],
  );
  return [...byFlags(app, commands), ...found];
}

/** `node -r ./tracing.js`: what a flag loads before the app. */
function byFlags(app: App, commands: Commands): readonly Loaded[] {
  const argv = commands.start?.value.argv ?? [];
  return argv.flatMap((word, at) => {
    const flag = ['-r', '--require', '--import', '--loader'].includes(argv[at - 1] ?? '');
    const file = flag && word.startsWith('.') ? app.path(word) : undefined;
    return file !== undefined && app.project.has(file) ? [{ file, why: 'the start command loads it first' }] : [];
  });
}

/** They are started as they are, with what they import: nothing builds them. */
export function preloadedFiles(app: App, loaded: readonly Loaded[]): Facts['reads'] {
  return loaded.flatMap(({ file: first, why }) => {
    const reached = readModules(app, [first]);
    const all = [...reached.sources.map((one) => one.file), ...reached.files];
    return all.map((file) =>
      detected(app.own(file), [{ file, why: file === first ? why : `${app.own(first)} imports it` }]),
    );
  });
}
