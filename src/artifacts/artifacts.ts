import type { Artifact } from '../model/artifact.ts';
import type { Plan } from '../model/plan.ts';
import { composeBase } from './compose.ts';
import { composeDevelopment } from './compose-dev.ts';
import { composeProduction } from './compose-prod.ts';
import { dockerfile } from './dockerfile.ts';
import { dockerignore } from './dockerignore.ts';
import { envExample } from './env.ts';
import { siteConfig } from './nginx.ts';
import { sourceFile } from './source.ts';

/** Every artifact of a plan. `files` are the project's, for what has to match them. */
export const artifactsOf = (plan: Plan, files: readonly string[]): readonly Artifact[] =>
  Object.keys(plan.images).length === 0 ? [] : deployment(plan, files);

const deployment = (plan: Plan, files: readonly string[]): readonly Artifact[] => [
  ...Object.values(plan.images).flatMap((image) => [dockerfile(plan, image), dockerignore(plan, image, files)]),
  composeBase(plan),
  composeDevelopment(plan),
  composeProduction(plan),
  envExample(plan),
  ...(plan.site ? [siteConfig(plan, plan.site)] : []),
  ...plan.sources.map((source) => sourceFile(plan, source)),
];
