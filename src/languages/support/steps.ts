import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import type { Mount } from '../../model/plan.ts';
import type { RecipeStep } from '../../model/recipe.ts';
import { mountedSettings } from '../../model/secret-settings.ts';

const hasExtension = (path: string) => /\.[a-z0-9]+$/i.test(posix.basename(path));

/** COPY of files and folders: one for the files of the root, one for each folder, since a COPY of several flattens them. `folders`: those with names like files. */
export function copies(sources: readonly string[], folders: readonly string[] = []): RecipeStep[] {
  const isFile = (path: string) => hasExtension(path) && !folders.includes(path);
  if (sources.includes('.')) return [copy(['.'], '.')];
  const isTop = (path: string) => isFile(path) && !path.includes('/');
  const top = sources.filter(isTop);
  const rest = sources.filter((path) => !isTop(path));
  return [
    ...(top.length > 0 ? [copy(top, './')] : []),
    ...rest.map((path) => copy([path], isFile(path) ? `./${posix.dirname(path)}/` : `./${path}`)),
  ];
}

const copy = (sources: readonly string[], to: string): RecipeStep => ({ do: 'copy', sources: [...sources], to });

/** One path of a stage or an image, as a layer that does not depend on those below it. */
export const linked = (from: string, source: string, to: string): RecipeStep => ({
  do: 'copy',
  from,
  sources: [source],
  to,
  link: true,
});

/** The settings of a package manager that hold a login, for the instruction that installs alone. */
export const settingsMounts = (facts: Facts): Mount[] => mountedSettings(facts).map(({ mount }) => mount);
