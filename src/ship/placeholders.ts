import { isPlaceholder } from '../catalog/placeholders.ts';
import type { Image } from '../model/plan.ts';

/**
 * What the builds of some images are given in the place of real values, by the name of the variable: what a build wrote of them into its image is what
 * would run.
 */
export const placeholdersOf = (images: readonly Image[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    images
      .flatMap(({ stages }) => stages.flatMap(({ steps }) => steps))
      .flatMap((step) => (step.do === 'run' ? Object.entries(step.env ?? {}) : []))
      .filter(([, value]) => isPlaceholder(value))
      .map(([name, value]) => [`${name} of the build`, value]),
  );
