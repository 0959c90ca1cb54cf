import type { ExistingDockerfile, ExistingStage } from '../../model/existing.ts';
import type { ImageUse } from './builds.ts';
import { type Purpose, purposeOfStage } from './names.ts';
import type { ReadStage } from './stages.ts';

type Stages = Pick<ExistingDockerfile, 'stages' | 'production' | 'development' | 'test'>;

/**
 * What each stage is for: as compose files and workflows use it, else as its name says; what nothing asks for is a step of a build. `purpose` is what
 * the name of the file says: the last stage of `Dockerfile.dev` is for development.
 */
export function usesOfStages(
  stages: readonly ReadStage[],
  uses: readonly ImageUse[],
  purpose: Purpose | undefined,
): Stages {
  const find = (wanted: (stage: ReadStage) => boolean) => stages.findLast(wanted);
  const targeted = (by: readonly ImageUse['by'][], isFor: 'development' | 'production') =>
    uses.find(({ by: who, target }) => {
      const stage =
        target === undefined
          ? undefined
          : find(({ name, index }) => name === target.toLowerCase() || String(index) === target);
      if (!stage || !by.includes(who)) return false;
      const byName = purposeOfStage(stage.name ?? '');
      // a command also builds stages of a build, for a cache or to take a file out
      if (who === 'command' && byName === 'build') return false;
      return isFor === 'development' ? byName !== 'test' : byName !== 'development' && byName !== 'test';
    })?.target;
  const indexOf = (target: string | undefined) =>
    target === undefined
      ? undefined
      : find(({ name, index }) => name === target.toLowerCase() || String(index) === target)?.index;
  const isNamed = (use: string) => find(({ name }) => name !== undefined && purposeOfStage(name) === use)?.index;
  const shipped =
    purpose === 'development' || purpose === 'test'
      ? undefined
      : productionOf(stages, indexOf(targeted(['production', 'base', 'command'], 'production')));
  const last = stages.at(-1)?.index;
  const developed =
    indexOf(targeted(['development', 'override'], 'development')) ??
    isNamed('development') ??
    stages.findLast((stage) => stage.index !== shipped?.index && watches(stage))?.index ??
    (purpose === 'development' ? last : undefined);
  const development = developed === shipped?.index ? undefined : developed;
  const test = isNamed('test') ?? (purpose === 'test' ? last : undefined);
  const describe = (stage: ReadStage): Pick<ExistingStage, 'use' | 'why'> => {
    if (stage.index === shipped?.index) return { use: 'production', why: shipped.why };
    if (stage.index === development) return { use: 'development', why: 'its name or its use shows that' };
    if (stage.index === test) return { use: 'test', why: 'its name or its use shows that' };
    const byName = stage.name === undefined ? undefined : purposeOfStage(stage.name);
    if (byName === 'development' || byName === 'test') return { use: byName, why: 'its name shows that' };
    return { use: 'build', why: 'others are made from it, or copy from it' };
  };
  return {
    stages: stages.map((stage) => ({ ...stage, ...describe(stage) })),
    ...(shipped ? { production: shipped.index } : {}),
    ...(development === undefined ? {} : { development }),
    ...(test === undefined || test === shipped?.index ? {} : { test }),
  };
}

/** The stage that runs in production: what is asked for, else the last one, unless that is plainly for development or tests. */
function productionOf(
  stages: readonly ReadStage[],
  target: number | undefined,
): { readonly index: number; readonly why: string } | undefined {
  if (target !== undefined) return { index: target, why: 'a compose file or a workflow builds it' };
  const last = stages.at(-1);
  if (!last) return undefined;
  const isApart = (stage: ReadStage) => ['development', 'test'].includes(purposeOfStage(stage.name ?? '') ?? '');
  if (!isApart(last)) return { index: last.index, why: 'it is the last stage' };
  const named = stages.findLast(({ name }) => name !== undefined && purposeOfStage(name) === 'production');
  if (named) return { index: named.index, why: 'its name shows that, and the last stage is not for production' };
  const started = stages.findLast((stage) => !isApart(stage) && (stage.command ?? stage.entrypoint) !== undefined);
  return (
    started && { index: started.index, why: 'it is the last stage with a command that is not for development or tests' }
  );
}

/** Whether the command of a stage is one of developing: it watches the sources. */
const watches = ({ command, entrypoint }: ReadStage): boolean =>
  [...(entrypoint?.argv ?? []), ...(command?.argv ?? [])]
    .flatMap((word) => word.split(/\s+/))
    .some((word) => /^(--watch|--hot|dev|start:dev|nodemon)$/.test(word));
