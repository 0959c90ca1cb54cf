import { posix } from 'node:path';
import { builders } from '../../../stacks/builders/registry.gen.ts';
import type { App } from '../app.ts';
import { applicationRoots } from '../applications.ts';
import { folderFlag, type ScriptCommand } from './follow.ts';

/** Commands of a build script that are of the application itself, and the folders of the others that it builds besides. */
export type SplitBuild = { readonly own: readonly ScriptCommand[]; readonly others: readonly string[] };

/**
 * What of a build script is of the application itself, where the rest builds another application of the repository, which has an image of its own:
 * `npm install && cd ../web && npm run build && cd ../api && tsc`. Its image is built from its folder alone, in which the other is not. Undefined: it
 * builds no other one.
 */
export function splitBuild(app: App, commands: readonly ScriptCommand[]): SplitBuild | undefined {
  if (app.root === '.' || app.members) return undefined;
  const others = new Set<string>();
  const own: ScriptCommand[] = [];
  // each script is a shell of its own: the folder that it changes to ends with it
  const folders = new Map<string, string>();
  for (const command of commands) {
    const shell = command.through.join('\n');
    const outer = [...folders].findLast(([key]) => shell.startsWith(key))?.[1] ?? app.root;
    const at = folders.get(shell) ?? outer;
    if (command.argv[0] === 'cd') {
      folders.set(shell, posix.join(at, command.argv[1] ?? ''));
      continue;
    }
    const place = posix.join(at, folderFlag(command.argv) ?? '').replace(/\/$/, '');
    if (place === app.root) own.push(command);
    else others.add(place);
  }
  const roots = applicationRoots(app.project);
  if (others.size === 0 || ![...others].every((folder) => roots.includes(folder))) return undefined;
  const compilers = own.filter(({ argv, dynamic }) => !dynamic && isBuilder(argv));
  return compilers.length > 1 ? undefined : { own: compilers, others: [...others].sort() };
}

const isBuilder = (argv: readonly string[]): boolean =>
  builders.some(({ programs }) => programs?.includes(argv[0] ?? ''));
