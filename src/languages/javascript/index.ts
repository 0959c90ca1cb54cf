import { sourceEndings } from '../../formats/source/index.ts';
import type { Language, LanguageDetection } from '../contract.ts';
import { applicationRoots } from './applications.ts';
import { inspectApplication } from './inspect.ts';
import { manifestCommands } from './manifest/commands.ts';
import { rootName } from './manifest/name.ts';
import { lockfileItem } from './readiness/lockfile.ts';
import { manifestItem } from './readiness/manifest.ts';
import { loadRecipes } from './recipe/index.ts';
import { membersAt } from './workspace/members.ts';

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
  isMember: (project, folder) => membersAt(project, '.')?.folders.has(folder) ?? false,
  repositoryName: rootName,
  commands: manifestCommands,
  inspect: inspectApplication,
  manifestItem,
  lockfileItem,
  recipes: loadRecipes,
};
