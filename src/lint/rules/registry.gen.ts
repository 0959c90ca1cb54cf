// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Rule } from '../contract.ts';
import { rule as buildTools } from './build-tools.ts';
import { rule as cacheBustingCopy } from './cache-busting-copy.ts';
import { rule as composeVersion } from './compose-version.ts';
import { rule as databaseLatest } from './database-latest.ts';
import { rule as databaseVolume } from './database-volume.ts';
import { rule as dependsOnCondition } from './depends-on-condition.ts';
import { rule as developmentDependencies } from './development-dependencies.ts';
import { rule as dockerignore } from './dockerignore.ts';
import { rule as endOfLife } from './end-of-life.ts';
import { rule as healthCheckPasses } from './health-check-passes.ts';
import { rule as healthCheckPort } from './health-check-port.ts';
import { rule as healthCheckTool } from './health-check-tool.ts';
import { rule as hiddenPackages } from './hidden-packages.ts';
import { rule as latestTag } from './latest-tag.ts';
import { rule as missingLockfile } from './missing-lockfile.ts';
import { rule as missingTarget } from './missing-target.ts';
import { rule as newestTool } from './newest-tool.ts';
import { rule as noHealthCheck } from './no-health-check.ts';
import { rule as noLockfileInstall } from './no-lockfile-install.ts';
import { rule as notValid } from './not-valid.ts';
import { rule as passwordInCompose } from './password-in-compose.ts';
import { rule as publishedDatabase } from './published-database.ts';
import { rule as restartAndLogs } from './restart-and-logs.ts';
import { rule as rootUser } from './root-user.ts';
import { rule as secretInImage } from './secret-in-image.ts';
import { rule as shellFormStart } from './shell-form-start.ts';
import { rule as signals } from './signals.ts';
import { rule as updateAlone } from './update-alone.ts';

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  buildTools,
  cacheBustingCopy,
  composeVersion,
  databaseLatest,
  databaseVolume,
  dependsOnCondition,
  developmentDependencies,
  dockerignore,
  endOfLife,
  healthCheckPasses,
  healthCheckPort,
  healthCheckTool,
  hiddenPackages,
  latestTag,
  missingLockfile,
  missingTarget,
  newestTool,
  noHealthCheck,
  noLockfileInstall,
  notValid,
  passwordInCompose,
  publishedDatabase,
  restartAndLogs,
  rootUser,
  secretInImage,
  shellFormStart,
  signals,
  updateAlone,
];
