/** What the images take of the project as it is, and what that weighs. */
import { posix } from 'node:path';
import { withFoldersAbove } from '../model/folders.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../project/project.ts';

/** A file or folder of the repository that ships, and its bytes; what the ignore file leaves out of a folder counts too. */
export type ShippedSize = { readonly path: string; readonly bytes: number };

/** Less says nothing to anybody. Bytes. */
const least = 100_000;

/**
 * What the images that are generated copy out of their build context, the heaviest first. Empty where it weighs nothing to speak of, or nobody can tell:
 * what ships with no proof that anything needs it is the owner's to leave out.
 */
export function shippedSizes(plan: Pick<Plan, 'images'>, project: Project): readonly ShippedSize[] {
  const paths = Object.values(plan.images).flatMap((image) =>
    image.kept
      ? []
      : image.stages
          .filter(({ name }) => name === 'production')
          .flatMap(({ steps }) => steps)
          .flatMap((step) => (step.do === 'copy' && step.from === undefined ? step.sources : []))
          .map((path) => posix.join(image.context.root, path)),
  );
  const found = new Map<string, number>();
  const wanted = new Set(paths.filter((path) => path !== '.'));
  if (wanted.size === 0 || !project.size) return [];
  for (const file of project.files()) {
    const of = withFoldersAbove(file).findLast((path) => wanted.has(path));
    if (of !== undefined) found.set(of, (found.get(of) ?? 0) + (project.size(file) ?? 0));
  }
  return [...found]
    .map(([path, bytes]) => ({ path, bytes }))
    .filter(({ bytes }) => bytes >= least)
    .sort((a, b) => b.bytes - a.bytes);
}
