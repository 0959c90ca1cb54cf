import { createHash } from 'node:crypto';
import { UserError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { composeFiles } from './compose-files.ts';
import { recorder } from './decide.ts';
import type { PlanInput } from './input.ts';
import { summarise } from './labels.ts';
import { nothingRuns } from './nothing-to-run.ts';
import { loadRecipes } from './recipes.ts';

/** A library is published, not deployed: what its package lacks is offered as edits, and the steps are said. No Docker at all. */
export async function planLibrary({ facts, specification, read }: PlanInput): Promise<Plan> {
  const { publishing } = facts;
  const folder = facts.root === '.' ? '' : `${facts.root}/`;
  const recipes = await loadRecipes(facts);
  const publication = await recipes?.publication?.(facts, (file) => read(folder + file));
  if (!publishing || !publication) {
    throw new UserError({
      code: 'library-unknown',
      message: 'This is a library, and Dockwright does not know how to publish it.',
      next: ['If it answers requests, set the type: `--set archetype=web-service`'],
    });
  }
  const { decide, decisions } = recorder();
  const summary = summarise(specification);
  const compose = composeFiles(facts);
  return {
    version: 1,
    name: facts.name.value,
    archetype: 'library',
    ...nothingRuns,
    edits: publication.edits.map((item) => ({
      file: folder + item.file,
      hash: createHash('sha256').update(item.text).digest('hex'),
      edits: item.edits.map((edit) => ({ ...edit })),
      why: item.why,
      decision: decide(`edits.${item.file}`, { choice: 'completed', why: item.why, from: publishing.from }),
    })),
    manual: publication.manual.map((item, at) => ({
      why: item.why,
      file: folder + item.file,
      lines: [...item.lines],
      decision: decide(`manual.${at}`, { choice: 'left to you', why: item.why, from: publishing.from }),
    })),
    publish: {
      ...(publishing.registry === undefined ? {} : { registry: publishing.registry }),
      steps: [...publication.steps],
      decision: decide('publish', {
        choice: publishing.registry ?? 'the public registry',
        why: 'a library is published, not deployed',
        from: publishing.from,
      }),
    },
    ...(summary ? { specification: summary } : {}),
    compose,
    decisions: decisions(),
    questions: [],
  };
}
