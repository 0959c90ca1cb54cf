import type { Facts } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import { knownValue } from '../model/known.ts';
import type { Stage } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import { recorder } from './decide.ts';
import { planIgnore } from './ignore.ts';
import { loadRecipes } from './recipes.ts';
import { preparingStages, sourcesStage, sourcesSteps } from './stages.ts';

/** An image of the runtime in which the tests of an app can run: its stages, and what its context leaves out. */
export type TestImage = {
  readonly stages: readonly Stage[];
  /** the stage with the sources; nothing runs the tests while it is built */
  readonly target: string;
  readonly leavesOut: readonly string[];
};

const target = 'tests';

/**
 * Plans that image for an app whose deployment has no `test` target: a library, one that is not decided yet, or one whose tests were not
 * found. Undefined where its runtime is not known.
 */
export async function planTestImage(facts: Facts): Promise<TestImage | undefined> {
  const recipes = await loadRecipes(facts);
  if (!recipes || knownValue(facts.runtime) === undefined) return undefined;
  const { decide } = recorder();
  const recipe = recipes.recipe(facts, { shape: 'job', runtimeBase: undefined });
  const decision = decide('tests', { choice: 'an image of the runtime', why: 'the tests run nowhere else' });
  const made: Stage = {
    name: target,
    from: { stage: sourcesStage(recipe) },
    steps: sourcesSteps(recipe, foldersOf(facts), decision),
    decision,
  };
  const stages = [...preparingStages({ facts, recipe, decide }), made];
  return { stages, target, leavesOut: contextOf(facts, recipe) };
}

/** Of what a deployment leaves out of its context, only what is made anew and what is secret: tests may read all else. */
const contextOf = (facts: Facts, recipe: Recipe): readonly string[] =>
  planIgnore(facts, false, [], recipe, recorder().decide)
    .filter((group) => /\.(unneeded|secrets)$/.test(group.decision))
    .flatMap((group) => group.patterns);
