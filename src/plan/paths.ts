import { UserError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { reservedIn } from '../model/reserved.ts';

/** The files of the project that a plan has written, each with the key of the plan that names it. */
export const writtenPaths = (plan: Plan): readonly (readonly [key: string, path: string])[] => [
  ...Object.entries(plan.images).map(([name, image]) => [`images.${name}.dockerfile`, image.dockerfile] as const),
  ...(['file', 'development', 'production'] as const).map((name) => [`compose.${name}`, plan.compose[name]] as const),
  ...(plan.ci.workflow ? [['ci.workflow.path', plan.ci.workflow.path] as const] : []),
  ...Object.entries(plan.workloads).flatMap(([name, { scheduler }]) =>
    scheduler ? [[`workloads.${name}.scheduler.file`, scheduler.file] as const] : [],
  ),
  ...(plan.site ? [['site.config', plan.site.config] as const] : []),
  ...Object.entries(plan.sites ?? {}).map(([name, { config }]) => [`sites.${name}.config`, config] as const),
  ...[...(plan.site ? [plan.site] : []), ...Object.values(plan.sites ?? {})].flatMap(({ values }) =>
    values ? [['site.values.script', values.script] as const] : [],
  ),
  ...plan.sources.map(({ path }, index) => [`sources.${index}.path`, path] as const),
  ...plan.edits.map(({ file }, index) => [`edits.${index}.file`, file] as const),
  ...(plan.offers ?? []).map(({ file }, index) => [`offers.${index}.file`, file] as const),
  ...Object.entries(plan.secrets).flatMap(([name, { file, target }]) =>
    file === undefined || target !== undefined ? [] : [[`secrets.${name}.file`, file] as const],
  ),
];

/** A file of values for this machine: it holds what only its owner may read, and no artifact is merged into it. */
const holdsValues = (path: string): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return name === '.env' || (name.startsWith('.env.') && name !== '.env.example');
};

/**
 * Refuses a plan that has a file written where none of a deployment belongs: in `.git`, whose files start programs on this machine and
 * which no clone can bring along, in the folder of our own state, or over the values of this machine. Throws a UserError with the path
 * and the key of the plan.
 */
export function refuseReserved(plan: Plan): void {
  for (const [key, path] of writtenPaths(plan)) {
    const reserved = reservedIn(path);
    if (reserved === 'git') throw refused(key, path, 'it is in a .git folder, whose files can start programs');
    if (reserved === 'state') throw refused(key, path, 'it is in the folder where Dockwright keeps its state');
    if (holdsValues(path)) throw refused(key, path, 'that file holds the values of this machine');
    if (path.includes('\0')) throw refused(key, path, 'it is not a valid file name');
  }
}

const refused = (key: string, path: string, why: string): UserError =>
  new UserError({
    code: 'path-reserved',
    message: `The plan would write "${key}" to ${JSON.stringify(path)}, which is not allowed: ${why}.`,
    where: { file: path },
    next: [`Choose another path for "${key}": it may be set by "overrides" in dockwright.json, or by \`--set\`.`],
  });
