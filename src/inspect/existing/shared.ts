import { posix } from 'node:path';
import type { ExistingStage } from '../../model/existing.ts';
import { isInFolder } from './names.ts';
import type { ReadService } from './services.ts';

/** The applications of a repository: the folder of the one that is asked about, and those of all. */
type Folders = { readonly root: string; readonly others: readonly string[] };

type Stage = Pick<ExistingStage, 'name' | 'index' | 'command' | 'entrypoint' | 'workdir' | 'copies'>;

/** The words by which a build of a Dockerfile may say which application it is for, the strongest first. */
export type Said = readonly (readonly string[])[];

/** Names of folders that say nothing where they stand alone: most images have a `/app`. */
const common = new Set(['app', 'apps', 'src', 'dist', 'build', 'packages', 'package', 'services', 'main', 'index']);

/** Whether a word names the folder of an application: its path (`dist/apps/api/main.js`), or its name as a part of its own (`start:api`, `@acme/api`). */
function namesFolder(word: string, folder: string): boolean {
  if (folder === '.') return false;
  if (`/${word}/`.includes(`/${folder}/`)) return true;
  const name = posix.basename(folder);
  return !common.has(name) && word.split(/[/:=@,"'[\]{}]+/).includes(name);
}

/** The folders that words name; where one lies in another, the inner one is meant. */
export function foldersNamed(words: readonly string[], folders: readonly string[]): readonly string[] {
  const all = words.flatMap((word) => word.split(/\s+/));
  const named = folders.filter((folder) => all.some((word) => namesFolder(word, folder)));
  return named.filter((folder) => !named.some((other) => other !== folder && isInFolder(other, folder)));
}

/** What a service says itself of what it starts: arguments of its build, its command, its folder. */
export const saidBy = ({ build, command, entrypoint, workdir }: ReadService): Said => [
  Object.values(build?.args ?? {}).flatMap((value) => value ?? []),
  [...(entrypoint?.argv ?? []), ...(command?.argv ?? [])],
  workdir ? [workdir.value] : [],
];

/**
 * Which applications a build of a Dockerfile is for that several share: by what it says itself, else by what the stage that it builds starts, else by
 * what that stage copies. Undefined: nothing says so. A Dockerfile in the folder of an application is that one's, whatever it says.
 */
export function builtFor(
  said: Said,
  target: string | undefined,
  { path, stages }: { readonly path: string; readonly stages: readonly Stage[] },
  { root, others }: Folders,
): readonly string[] | undefined {
  const folders = [...new Set([root, ...others])].filter((folder) => folder !== '.');
  if (folders.length === 0 || folders.some((folder) => isInFolder(path, folder))) return undefined;
  const named = stages.find(
    ({ name, index }) => target !== undefined && (name === target.toLowerCase() || String(index) === target),
  );
  const stage = named ?? stages.at(-1);
  const own: Said = stage
    ? [
        [...(stage.entrypoint?.argv ?? []), ...(stage.command?.argv ?? [])],
        [stage.workdir],
        stage.copies.flatMap(({ sources }) => sources),
      ]
    : [];
  for (const words of [...said, ...own]) {
    const found = foldersNamed(words, folders);
    if (found.length > 0) return found;
  }
  return undefined;
}
