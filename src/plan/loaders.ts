import { isLoaderVariable } from '../catalog/loader-variables.ts';
import { UserError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';

/**
 * Where a plan names a variable that decides which code programs load: a key of a table of variables, or the variable that a value comes
 * from. Each as its path.
 */
function loadersIn(node: unknown, path: readonly string[], found: Set<string>): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, value] of Object.entries(node)) {
    const here = [...path, key];
    if (path.length === 0 && key === 'decisions') continue;
    if (isLoaderVariable(key)) found.add(here.join('.'));
    const names = ['variable', 'env', 'name'].includes(key) && typeof value === 'string';
    if (names && isLoaderVariable(value)) found.add(here.join('.'));
    loadersIn(value, here, found);
  }
  return found;
}

/**
 * Refuses a variable that loads code where only `overrides` of the configuration brought it into the plan: a generated file gives such a
 * variable a value where the command, the Dockerfile or the compose file of the project does, and takes it from no shell.
 */
export function refuseNewLoaders(before: Plan, after: Plan): void {
  const known = loadersIn(before, [], new Set());
  const added = [...loadersIn(after, [], new Set())].filter((path) => !known.has(path));
  if (added.length === 0) return;
  throw new UserError({
    code: 'override-loader',
    message: `"overrides" adds a variable through which programs find or load code: ${added.join(', ')}. Generated files never take such a variable from a shell or from the configuration.`,
    where: { file: 'dockwright.json' },
    next: ['Set it in the start command, or in your own Dockerfile or compose file.'],
  });
}
