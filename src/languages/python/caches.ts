/** What libraries download when they are first used: kept in volumes, where a new container finds it again. */
import { type LibraryCache, pythonCaches } from '../../catalog/library-caches.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Dependency, Facts } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import type { PythonDetails } from '../../stacks/python.ts';

/** A folder that libraries keep downloads in, with those that do. */
export type UsedCache = LibraryCache & { readonly by: readonly string[]; readonly from: readonly Evidence[] };

/** The caches of the packages that run; `read`: variables that the sources read or set, which their author decides. */
export function cachesOf(dependencies: readonly Dependency[], read: Facts['variables']): readonly UsedCache[] {
  const found = new Map<string, UsedCache>();
  for (const { name, dev, from } of dependencies) {
    const cache = Object.hasOwn(pythonCaches, name) ? pythonCaches[name] : undefined;
    if (!cache || dev || read.some((item) => item.name === cache.variable)) continue;
    const before = found.get(cache.variable);
    found.set(cache.variable, { ...cache, by: [...(before?.by ?? []), name], from: [...(before?.from ?? []), from] });
  }
  return [...found.values()];
}

/** The folders, as what the application writes. */
export const cachedFolders = (caches: readonly UsedCache[]): Facts['writes'] =>
  caches.map(({ folder, from }) => detected(folder, from));

/** Their variables, as the details of the application hold them. */
export const cachedIn = (caches: readonly UsedCache[]): Pick<PythonDetails, 'caches'> =>
  caches.length === 0 ? {} : { caches: Object.fromEntries(caches.map(({ variable, folder }) => [variable, folder])) };

/** What is said of them. */
export const cacheNotes = (caches: readonly UsedCache[]): Facts['notes'] =>
  caches.map(({ variable, folder, what, by, from }) => ({
    code: 'downloads-at-start',
    message: `${by.join(', ')} may download ${what} on first use: ${variable} keeps them in a volume at ${folder}, so that later starts need no network. To include them in the image, download them in a build step of your own Dockerfile.`,
    from: [...from],
  }));
