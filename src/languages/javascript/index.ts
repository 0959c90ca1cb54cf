import { sourceEndings } from '../../formats/source/index.ts';
import type { Language, LanguageDetection } from '../contract.ts';
import { applicationRoots } from './applications.ts';
import { inspectApplication } from './inspect.ts';
import { loadRecipes } from './recipe/index.ts';

export const detection: LanguageDetection = {
  name: 'javascript',
  title: 'JavaScript and TypeScript',
  manifests: ['package.json'],
  endings: sourceEndings,
  isDefault: true,
};

export const language: Language = { applications: applicationRoots, inspect: inspectApplication, recipes: loadRecipes };
