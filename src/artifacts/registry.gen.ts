// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import { artifact as composeDev } from './compose-dev.ts';
import { artifact as composeProd } from './compose-prod.ts';
import { artifact as compose } from './compose.ts';
import { artifact as dockerfile } from './dockerfile.ts';
import { artifact as dockerignore } from './dockerignore.ts';
import { artifact as env } from './env.ts';
import { artifact as nginx } from './nginx.ts';
import { artifact as source } from './source.ts';
import { artifact as workflow } from './workflow.ts';
import type { ArtifactPrinter } from './contract.ts';

/** Every kind of generated file, in the order in which they are printed. */
export const artifacts: readonly ArtifactPrinter[] = [
  dockerfile,
  dockerignore,
  compose,
  composeDev,
  composeProd,
  env,
  nginx,
  source,
  workflow,
];
