import type { Evidence } from '../../model/evidence.ts';
import type { ExistingDeployment } from '../../model/existing.ts';
import { holdsSecret } from '../../model/secret-names.ts';
import type { Project } from '../../project/project.ts';

/** What could not be read, and why. */
export type Broken = ExistingDeployment['broken'][number];

/** Larger files are not read. Characters. */
const MAX_SIZE = 256 * 1024;

/** The text of a file for a parser; why it cannot be read; undefined where there is no such file. */
export function textOf(
  project: Project,
  path: string,
): { readonly text: string } | { readonly broken: Broken } | undefined {
  const text = project.read(path);
  if (text === undefined) {
    const obstacle = project.obstacle(path);
    return obstacle && { broken: { file: path, message: `${path} could not be read: it ${obstacle.is}.` } };
  }
  if (text.length > MAX_SIZE)
    return { broken: { file: path, message: `${path} is larger than 256 KiB and was not read.` } };
  return { text };
}

/** Evidence at a line of a file. */
export const at = (file: string, line: number | undefined, why: string): Evidence => ({
  file,
  ...(line === undefined ? {} : { line }),
  why,
});

/** Marks the value of a variable that must never be printed: by its name, or as an address with a password. */
export const hiddenIf = (name: string, value: string | null | undefined): { readonly secret?: true } =>
  holdsSecret(name, value) ? { secret: true } : {};
