/** How the workload of an application is developed: what of this machine is mounted, and what stays visible. */
import { posix } from 'node:path';
import type { Facts } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import { evidenceOf, knownValue } from '../model/known.ts';
import type { Workload } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import type { Decide } from './decide.ts';

/** Folders of the source are mounted; where the source lies in the root, the root is, and the image's modules stay visible. */
export function planSourceMounts({
  facts,
  recipe,
  shape,
  decide,
}: {
  readonly facts: Facts;
  readonly recipe: Recipe;
  readonly shape: Workload['shape'];
  readonly decide: Decide;
}): Pick<Workload, 'development'> {
  const decision = decide('workloads.app.development', {
    choice: shape === 'service' || shape === 'site' ? 'hot reload' : 'the source',
    why: 'an edit on the host shows up in the container',
    ...(facts.commands.dev ? evidenceOf(facts.commands.dev) : {}),
  });
  const isFolder = (path: string) => !/\.[a-z0-9]+$/i.test(posix.basename(path));
  const entry = knownValue(facts.entry) ?? '';
  const named = [...new Set([...facts.sources, ...facts.reads.map((read) => read.value)])].filter(isFolder).sort();
  // a folder is there with the one around it
  const folders = named.filter((path) => !named.some((other) => path.startsWith(`${other}/`)));
  const { root, context, top, image } = foldersOf(facts);
  const own = (recipe.development.mounts ?? (entry.includes('/') ? folders : ['.'])).map((path) => ({
    source: hostPath(root, path),
    target: posix.join(image, path),
  }));
  const beside = (recipe.development.beside ?? []).map((folder) => ({
    source: hostPath(context, folder),
    target: posix.join(top, folder),
  }));
  const mounted = [...own, ...beside];
  const rebuilt = (recipe.development.rebuilt ?? []).map((folder) => hostPath(context, folder));
  // packages that a mount would hide
  const keep = recipe.development.keep.filter((folder) =>
    mounted.some(({ target }) => folder.startsWith(`${target}/`)),
  );
  return {
    development: {
      target: 'development',
      mounts: mounted.map((mount) => ({ ...mount, decision })),
      ...(keep.length > 0 ? { keep } : {}),
      ...(rebuilt.length > 0 ? { rebuilt } : {}),
      ...userOf(recipe),
      env: { ...recipe.development.env },
      ...(recipe.development.port === undefined ? {} : { port: recipe.development.port }),
      decision,
    },
  };
}

/** Who owns the folder that the server writes into: `user` of the stage, where nobody says otherwise. */
function userOf({ development }: Recipe): Pick<NonNullable<Workload['development']>, 'user'> {
  const { writesSource, user } = development;
  return writesSource && user ? { user: { variable: 'DEV_USER', default: `${user.uid}:${user.gid}` } } : {};
}

/** A folder on the host, as a compose file in the root of the repository names it. */
function hostPath(root: string, folder: string): string {
  const path = posix.join(root, folder);
  return path === '.' ? '.' : `./${path}`;
}
