import { posix } from 'node:path';
import { parseJson } from '../../formats/json/index.ts';
import type { Known } from '../../model/evidence.ts';
import type { Facts } from '../../model/facts.ts';
import { readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import type { ScriptRun } from '../contract.ts';
import { detailsOf } from '../javascript.ts';
import { exact } from './versions.ts';

/** The release of a package manager that `packageManager` of package.json names, without the hash behind it. */
export function managerField(project: Project, root: string, name: string): Known<string> | undefined {
  const folders = root === '.' ? [''] : [`${root}/`, ''];
  for (const folder of folders) {
    const data = readData(project, `${folder}package.json`);
    const text = data?.text(['packageManager']);
    if (!data || !text?.startsWith(`${name}@`)) continue;
    const version = exact(text.slice(name.length + 1).split('+')[0] ?? '');
    if (version === undefined) continue;
    const line = data.line(['packageManager']);
    const from = { file: data.file, ...(line === undefined ? {} : { line }), why: `packageManager is ${text}` };
    return { value: version, by: 'detected', from: [from] };
  }
  return undefined;
}

/** Files of the app's folder, or of the root, that installing reads, as far as they are there: relative to the app's folder. */
export const existingFiles = (project: Project, root: string, files: readonly string[]): readonly string[] =>
  files.filter((file) => project.has(root === '.' ? file : `${root}/${file}`));

/** The files of a folder, such as those of patches. */
export const below = (project: Project, root: string, folder: string): readonly string[] => {
  const prefix = root === '.' ? `${folder}/` : `${root}/${folder}/`;
  return project.files().some((file) => file.startsWith(prefix)) ? [folder] : [];
};

/** The script that `x run NAME`, `x NAME` or a short form runs, or the program that `x NAME` does, where the manager is called `program`. */
export function scriptRun(
  program: string,
  argv: readonly string[],
  scripts: readonly string[],
  options: { readonly short: readonly string[]; readonly bare: boolean; readonly own: ReadonlySet<string> },
): ScriptRun | undefined {
  if (argv[0] !== program) return undefined;
  const words = argv.slice(1);
  const flags = words.findIndex((word) => !word.startsWith('-'));
  const rest = flags === -1 ? [] : words.slice(flags);
  const [first, ...others] = rest;
  if (first === undefined) return undefined;
  const found = (script: string | undefined, args: readonly string[]) =>
    script !== undefined && scripts.includes(script)
      ? { script, args: args[0] === '--' ? args.slice(1) : args }
      : undefined;
  if (first === 'run' || first === 'run-script') {
    const [script, ...args] = others.filter((word, at) => at > 0 || !word.startsWith('-'));
    return found(script, args);
  }
  if (options.short.includes(first)) return found(first === 't' ? 'test' : first, others);
  return options.bare && !options.own.has(first) ? (found(first, others) ?? { program: rest }) : undefined;
}

/** Whether the app runs without node_modules: each of its dependencies is for development, and it imports none of those. */
export const isStandalone = (facts: Facts): boolean =>
  facts.dependencies.every((dependency) => dependency.dev) && !detailsOf(facts).needed;

/** The file that a command starts: of the app's own folder, as in `node .`, the one that `main` of its manifest names, else `index.js`. */
export function startedFrom(word: string, read: ((file: string) => string | undefined) | undefined): string {
  const text = word === '.' || word === './' ? read?.('package.json') : undefined;
  if (text === undefined) return word;
  const manifest = parseJson(text, 'package.json').value;
  const main =
    manifest !== null && typeof manifest === 'object' && 'main' in manifest && typeof manifest.main === 'string'
      ? posix.normalize(manifest.main)
      : 'index.js';
  return main === '.' || main.startsWith('..') ? word : main;
}
