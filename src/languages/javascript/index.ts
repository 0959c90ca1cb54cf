import { sourceEndings } from '../../formats/source/index.ts';
import type { Language, LanguageDetection } from '../contract.ts';
import { applicationRoots, holdsTools, packagesOf } from './applications.ts';
import { inspectApplication } from './inspect.ts';
import { manifestCommands } from './manifest/commands.ts';
import { imageNames, nameIn, rootName, scopeIn } from './manifest/name.ts';
import { skippedScripts } from './manifest/skipped-scripts.ts';
import { lockfileItem } from './readiness/lockfile.ts';
import { manifestItem } from './readiness/manifest.ts';
import { loadRecipes } from './recipe/index.ts';
import { isMemberOf } from './workspace/members.ts';

export const detection: LanguageDetection = {
  name: 'javascript',
  title: 'JavaScript and TypeScript',
  manifests: ['package.json'],
  endings: sourceEndings,
  testsHint: 'add scripts.test to package.json',
  isDefault: true,
};

export const language: Language = {
  applications: applicationRoots,
  packages: (project) =>
    [...new Set([...packagesOf(project), ...applicationRoots(project)])]
      .sort()
      .map((root) => ({ root, name: nameIn(project, root), ...scopeIn(project, root) })),
  holdsTools,
  isMember: isMemberOf,
  repositoryName: rootName,
  imageNames,
  commands: manifestCommands,
  inspect: inspectApplication,
  manifestItem,
  lockfileItem,
  leftScripts: skippedScripts,
  recipes: loadRecipes,
};
