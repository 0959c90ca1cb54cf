import { posix } from 'node:path';
import { globMatcher } from '../../../formats/glob/index.ts';
import type { Data } from '../../../project/data.ts';
import type { App } from '../app.ts';
import type { Toolchain } from './toolchain.ts';
import { chain, referencedOutputs, setting } from './tsconfig.ts';

/**
 * Where the compiler of TypeScript puts what it makes of a file: below `outDir` at the place that the file has below `rootDir`, which is,
 * where nothing says it, the folder that all compiled files have in common: with tests compiled too, `src/server.ts` becomes
 * `dist/src/server.js` (https://www.typescriptlang.org/tsconfig/#rootDir). `reached` are the files that the app imports, which are compiled wherever
 * they lie. Undefined: the build runs no compiler, or says no folder.
 */
export function emittedPathOf(
  app: App,
  toolchain: Toolchain,
  source: string,
  reached: readonly string[],
): string | undefined {
  const run = compilation(app, toolchain);
  if (!run) return undefined;
  const { configs, flag } = run;
  const outDir = flag('--outDir') ?? folder(app, configs, 'outDir');
  // what writes declarations alone leaves the code to another tool
  const isOff = ['noEmit', 'emitDeclarationOnly'].some((option) => setting(configs, option)?.value === 'true');
  if (outDir === undefined || configs.length === 0 || isOff) return undefined;
  const rootDir = flag('--rootDir') ?? folder(app, configs, 'rootDir') ?? common(compiled(app, configs, reached));
  const inside = posix.relative(posix.normalize(rootDir), source);
  if (inside.startsWith('..')) return undefined;
  return posix.join(outDir, inside).replace(/\.([cm]?)tsx?$/, '.$1js');
}

/** The compiler of TypeScript that the build runs on each file by itself, and the settings that it reads; undefined: it runs none. */
export function compilation(app: App, toolchain: Toolchain) {
  const commands = toolchain.buildScripts.flatMap((name) => toolchain.followed(name)?.commands ?? []);
  const compiles = (argv: readonly string[]) =>
    toolchain.loadedRuntime?.compiles?.(argv, (file) => app.project.read(app.path(file)));
  const isCompiler = ([program = '']: readonly string[]) => posix.basename(program) === 'tsc';
  const checks = (argv: readonly string[]) => argv.some((word) => ['--noEmit', '--emitDeclarationOnly'].includes(word));
  const compiler = commands.find(
    (command) => (isCompiler(command.argv) && !checks(command.argv)) || compiles(command.argv),
  );
  if (!compiler || compiler.argv.some((word) => ['--build', '-b'].includes(word))) return undefined;
  const flag = (...names: string[]) => compiler.argv.find((_, at) => names.includes(compiler.argv[at - 1] ?? ''));
  const looked = compiles(compiler.argv)?.find((file) => app.project.has(app.path(file)));
  return { flag, configs: chain(app, flag('-p', '--project') ?? looked ?? 'tsconfig.json') };
}

/** What `tsc --build` makes, where that is more than one folder: the outputs of all projects that it builds, and their own manifests. */
export function builtTogether(app: App, toolchain: Toolchain): readonly string[] | undefined {
  const compiler = toolchain.buildScripts
    .flatMap((name) => toolchain.followed(name)?.commands ?? [])
    .find(({ argv: [program = '', ...words] }) => {
      return posix.basename(program) === 'tsc' && ['--build', '-b'].includes(words[0] ?? '');
    });
  if (!compiler) return undefined;
  const named = compiler.argv.slice(2).filter((word) => !word.startsWith('-'));
  const outputs = (named.length > 0 ? named : ['.']).flatMap((value) => referencedOutputs(app, posix.normalize(value)));
  const manifests = outputs.flatMap((output) => {
    const folders = output.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'));
    return folders.map((value) => `${value}/package.json`).filter((value) => app.project.has(app.path(value)));
  });
  const all = [...new Set([...outputs, ...manifests])].sort();
  return outputs.length > 1 || outputs.some((output) => output.includes('/')) ? all : undefined;
}

/** A folder that a configuration says, relative to the app: it is meant from where the configuration lies. */
function folder(app: App, configs: readonly Data[], option: string): string | undefined {
  const declared = setting(configs, option);
  return declared && posix.normalize(posix.join(posix.dirname(app.own(declared.data.file)), declared.value));
}

/** The files that are compiled: those that the settings name, and what these import. */
export function compiled(app: App, configs: readonly Data[], reached: readonly string[]): readonly string[] {
  const matchers = (key: string): readonly Matcher[] | undefined => {
    const config = configs.find((config) => config.at([key]) !== undefined);
    const value = config?.at([key]);
    if (!config || !Array.isArray(value)) return undefined;
    const folder = posix.dirname(app.own(config.file));
    return value.flatMap((item) => (typeof item === 'string' ? [matcherOf(posix.join(folder, item))] : []));
  };
  const wanted = [...(matchers('include') ?? []), ...(matchers('files') ?? [])];
  // where nothing is named, all that lies below the settings themselves, whatever they extend
  const own = matcherOf(posix.dirname(app.own(configs[0]?.file ?? '.')));
  const isWanted = (file: string) => (wanted.length === 0 ? own(file) : wanted.some((matcher) => matcher(file)));
  const excluded = [matcherOf('node_modules'), ...(matchers('exclude') ?? [])];
  const named = app.project
    .files()
    .map(app.own)
    .filter(isCompiled)
    .filter((file) => isWanted(file) && !excluded.some((matcher) => matcher(file)));
  const withData = setting(configs, 'resolveJsonModule')?.value === 'true';
  const imported = reached.filter(
    (file) => isCompiled(file) || (withData && file.endsWith('.json') && !file.startsWith('../')),
  );
  return [...new Set([...named, ...imported])];
}

const isCompiled = (file: string): boolean =>
  /\.[cm]?tsx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file) && !file.startsWith('../');

type Matcher = (file: string) => boolean;

/** What an entry of `include` or `exclude` means: a file, all that lies in a folder, or what a pattern says of either. */
function matcherOf(entry: string): Matcher {
  const path = posix.normalize(entry).replace(/\/$/, '');
  if (path === '.') return () => true;
  const matches = /[*?]/.test(path) ? globMatcher(path) : (other: string) => other === path;
  return (file) => {
    const parts = file.split('/');
    return parts.some((_, at) => matches(parts.slice(0, at + 1).join('/')));
  };
}

/** The folder that all files have in common. */
function common(files: readonly string[]): string {
  const [first = '', ...others] = files.map((file) =>
    posix
      .dirname(file)
      .split('/')
      .filter((part) => part !== '.'),
  );
  const parts = Array.isArray(first) ? first : [];
  const length = others.reduce((least, other) => {
    const differs = parts.findIndex((part, at) => part !== other[at]);
    return Math.min(least, differs === -1 ? parts.length : differs);
  }, parts.length);
  return parts.slice(0, length).join('/') || '.';
}
