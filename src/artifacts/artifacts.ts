import type { Artifact } from '../model/artifact.ts';
import type { Plan } from '../model/plan.ts';
import { artifacts } from './registry.gen.ts';

/** Every artifact of a plan, in the order of the registry; none where nothing is deployed. `files` are the project's, for what has to match them. */
export const artifactsOf = (plan: Plan, files: readonly string[]): readonly Artifact[] =>
  Object.keys(plan.images).length === 0 && !plan.kept ? [] : artifacts.flatMap(({ print }) => print(plan, files));
