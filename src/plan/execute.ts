import type { Stage, Step } from '../model/plan.ts';
import type { Layer, RecipeStage, RecipeStep } from '../model/recipe.ts';
import type { Decide } from './decide.ts';

/** The path of a decision about the image. */
export const key = (...path: string[]) => ['images.app', ...path].join('.');

/** A step with the decision behind it. */
export function decided(step: RecipeStep, decision: string): Step {
  const { note, ...instruction } = step;
  return { ...instruction, decision, ...(note === undefined ? {} : { note }) };
}

/** The steps of the layers of a stage, each with its decision. `own` is the stage's. */
export const stepsOf = (stage: string, layers: readonly Layer[], own: string, decide: Decide): Step[] =>
  layers.flatMap(({ at, reason, steps }) => {
    const path = at === undefined ? own : key('stages', stage, at);
    const decision = reason ? decide(path, reason) : path;
    return steps.map((step) => decided(step, decision));
  });

/** A stage of a recipe; `first` are steps that come before its own. */
export function stageOf(recipe: RecipeStage, decide: Decide, first: readonly Step[] = []): Stage {
  const { name, from, note, reason, layers } = recipe;
  const decision = decide(key('stages', name), reason);
  return {
    name,
    from: { ...from },
    ...(note === undefined ? {} : { note }),
    steps: [...first, ...stepsOf(name, layers, decision, decide)],
    decision,
  };
}
