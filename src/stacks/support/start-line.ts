import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import { isOwnFile, type Preload, packageOf, type StartLine, startLine } from '../javascript.ts';

/** The start command of an app by its parts. */
export const startLineOf = ({ commands }: Pick<Facts, 'commands'>): StartLine =>
  startLine('value' in commands.start ? commands.start.value.argv : []);

/** Whether a package that is loaded first runs TypeScript, or resolves its paths. */
export const isLoader = ({ module }: Preload): boolean => loaders.has(packageOf(module));

/** Packages that run TypeScript, or resolve its paths, while the app runs: of what a build makes none is left to do. */
const loaders = new Set(
  'tsx ts-node tsconfig-paths esbuild-register esbuild-runner @swc/register @swc-node/register @babel/register @oxc-node/core sucrase dotenv'.split(
    ' ',
  ),
);

/** Flags that only a runtime needs which starts the source. */
const forSource =
  /^--(experimental-(strip|transform)-types|experimental-specifier-resolution|es-module-specifier-resolution|tsconfig-override)\b/;

/** The words before the file that starts what a build makes, in its order; `made` gives the module that is loaded in the place of a source. */
export function keptFlags(facts: Facts, made: (preload: Preload) => readonly string[]): readonly string[] {
  const { preloads, flags } = startLineOf(facts);
  const isDevelopment = (name: string) =>
    facts.dependencies.some((dependency) => dependency.name === name && dependency.dev);
  const loaded = preloads.flatMap((preload) => {
    if (isOwnFile(preload)) return made(preload);
    const name = packageOf(preload.module);
    return isLoader(preload) || isDevelopment(name) ? [] : [preload.flag, preload.module];
  });
  return [...flags.filter(([flag = '']) => !forSource.test(flag)).flat(), ...loaded];
}

/** The files of the app that are loaded before it: a build makes them, too. */
export const ownPreloads = (facts: Facts): readonly string[] => [
  ...new Set(
    startLineOf(facts).preloads.flatMap((preload) => (isOwnFile(preload) ? posix.normalize(preload.module) : [])),
  ),
];

/** What a build that puts its files into one folder makes of several sources: the first under its own name, the others under names that are free. */
export function outputNames(sources: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const source of sources) {
    const stem = posix.basename(source).replace(/\.[cm]?[jt]sx?$/, '');
    const taken = [...names.values()];
    names.set(source, taken.includes(stem) ? `${stem}-${taken.length}` : stem);
  }
  return names;
}
