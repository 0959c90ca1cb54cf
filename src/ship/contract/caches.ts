import { join } from 'node:path';
import { copyContext, touchText } from '../../engine/temp.ts';
import type { Image } from '../../model/plan.ts';
import { closure } from '../baseline.ts';
import { makeImage } from '../image.ts';
import type { BuildStep } from '../progress.ts';
import {
  every,
  fail,
  type Item,
  needBuilt,
  notApplicable,
  notProved,
  pass,
  short,
  type VerificationContext,
} from '../verification.ts';

/** The stages that copy nothing but what installing reads: an edit of a source file cannot concern them. */
export function dependencyStages(image: Image, source: string): readonly string[] {
  const holds = (path: string) =>
    path === '.' || path === source || source.startsWith(`${path.replace(/^\.\//, '').replace(/\/$/, '')}/`);
  const touched = new Set<string>();
  const stages = closure(image, image.targets.production);
  for (const stage of stages) {
    const base = 'stage' in stage.from && touched.has(stage.from.stage);
    const copies = stage.steps.some(
      (step) => step.do === 'copy' && (step.from === undefined ? step.sources.some(holds) : touched.has(step.from)),
    );
    if (base || copies) touched.add(stage.name);
  }
  const installs = (name: string) =>
    stages.find((stage) => stage.name === name)?.steps.some((step) => step.do === 'run' || step.do === 'shell') ??
    false;
  return stages.map((stage) => stage.name).filter((name) => !touched.has(name) && installs(name));
}

const runs = (step: BuildStep) => /^\[[^\]]*\] RUN /.test(step.name);

/** The steps that install: those of the plan's stages, or, where the Dockerfile has other stages, every RUN. */
function installing(steps: readonly BuildStep[], stages: readonly string[]): readonly BuildStep[] {
  const planned = steps.filter((step) => runs(step) && stages.some((stage) => step.name.startsWith(`[${stage} `)));
  return planned.length > 0 ? planned : steps.filter(runs);
}

/** 7: an edit of one source file builds again what depends on it, and nothing else. */
export const caches: Item = {
  id: 'caches',
  number: 7,
  title: 'An edit to one source file reuses the dependency layers',
  turn: 'still',
  shapes: every,
  async prove(subject) {
    const { source } = subject;
    const { image } = needBuilt(subject);
    if (source === undefined) return notProved(['no source file to edit was found'], 'Set the key `entry`.');
    const stages = dependencyStages(image, source);
    if (stages.length === 0 && !image.kept) return notApplicable('no stage installs dependencies');
    // an engine that is short of disk forgets layers between two builds: what is built again twice is built again always
    const first = await buildEdited(subject, source, 1);
    const made = reused(first, stages) ? first : await buildEdited(subject, source, 2);
    const steps = installing(made, stages);
    if (steps.length === 0) return notApplicable('the build runs no commands');
    if (!reused(made, stages)) {
      return fail(
        steps.filter((step) => !step.cached).map((step) => `rebuilt after an edit to ${source}: ${step.name}`),
        'Copy only the manifests before installing, and the source afterwards.',
      );
    }
    const built = made.filter((step) => !step.cached && step.name.startsWith('['));
    const took = built.reduce((sum, step) => sum + step.seconds, 0);
    return pass(
      `after adding a blank line to ${source} in a copy, ${steps.filter((step) => step.cached).length} install steps came from the cache`,
      `rebuilt: ${built.map((step) => step.name).join('; ') || 'nothing'} (${short(took)})`,
    );
  },
};

/** Builds a copy of the project in which one source file is another one each time, and gives the steps of the build. */
async function buildEdited(subject: VerificationContext, source: string, time: number): Promise<readonly BuildStep[]> {
  const { root, temp, engine, trust, run, signal } = subject;
  const { image, target, buildArgs, buildSecrets } = needBuilt(subject);
  const context = join(temp.path, `edited-${time}`);
  copyContext(root, context);
  touchText(join(context, image.context.root, source), `${run}-${time}`);
  const made = await makeImage({
    engine,
    trust,
    context: join(context, image.context.root),
    dockerfile: join(context, image.dockerfile),
    target,
    buildArgs,
    secrets: buildSecrets,
    tag: `${run}:edited`,
    load: false,
    temp,
    signal,
  });
  return made.steps;
}

/** Whether the steps that install came from the cache. With stages of the user's own some RUN has to come again: one reused is enough. */
function reused(all: readonly BuildStep[], stages: readonly string[]): boolean {
  const steps = installing(all, stages);
  const again = steps.filter((step) => !step.cached);
  const planned = stages.some((stage) => steps[0]?.name.startsWith(`[${stage} `));
  return planned ? again.length === 0 : again.length < steps.length || steps.length === 0;
}
