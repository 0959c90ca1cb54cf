import { loadLanguage } from '../languages/registry.gen.ts';
import type { Facts } from '../model/facts.ts';
import type { ApplicationRecipes } from '../model/recipe.ts';

/** What the language of an application gives to plan with; undefined where its runtime is not known. */
export const loadRecipes = async (facts: Facts): Promise<ApplicationRecipes | undefined> =>
  (await loadLanguage(facts.details.language))?.recipes(facts);
