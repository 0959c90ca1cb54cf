import { foldersOf } from '../model/folders.ts';
import type { Image, Stage } from '../model/plan.ts';
import type { ImageContext } from './context.ts';
import { key, stageOf } from './execute.ts';
import { migrateStage } from './migration.ts';
import { inside, productionStage } from './production.ts';
import { planBuildSecrets } from './secrets.ts';
import {
  buildStage,
  developmentStage,
  initStage,
  preparingStages,
  sourcesStage,
  testStage,
  writableStage,
} from './stages.ts';

/** The command that starts the app in its image, and how the image runs a file with the runtime. */
export type Start = {
  readonly argv: readonly string[];
  readonly inside: (argv: readonly string[]) => readonly string[];
};

/** Whether a stage has everything of the context. */
const copiesAll = (stage: Stage, own: string): boolean =>
  stage.steps.some((step) => step.do === 'copy' && step.from === undefined && step.sources.includes(own));

/** The image of the app: its stages in the order of the file, what its context needs, its targets. */
export function planImage(
  context: ImageContext,
  args: NonNullable<Image['args']>,
): Omit<Image, 'context'> & { readonly start: Start } {
  const { facts, recipe, config, labels, decide } = context;
  const { base, start, varies, logs } = recipe.production;
  const prepared = preparingStages(context);
  const test = testStage(context);
  const built = recipe.build.map((stage) => buildStage(stage, args, decide));
  const folders = foldersOf(facts);
  const whole = built.findLast((stage) => copiesAll(stage, folders.own));
  const migrate = migrateStage(context, whole?.name ?? sourcesStage(recipe));
  const stages = [
    ...prepared,
    writableStage(context),
    developmentStage(context),
    test,
    initStage(context),
    ...built,
    migrate,
    ...recipe.pack.map((stage) => stageOf(stage, decide)),
    productionStage(context),
  ].filter((stage) => stage !== undefined);
  const secrets = planBuildSecrets(stages, facts, recipe.requiredVariables, decide);
  return {
    dockerfile: folders.dockerfile,
    stages: secrets.stages,
    targets: {
      production: 'production',
      development: 'development',
      ...(test ? { test: 'test' } : {}),
      ...(migrate ? { migrate: 'migrate' } : {}),
    },
    platforms: [...(config.platforms ?? recipe.platforms)],
    shell: base.shell,
    ...(varies ? { varies } : {}),
    ...(logs ? { logs } : {}),
    labels: { ...labels },
    ...(Object.keys(args).length > 0 ? { args } : {}),
    buildSecrets: secrets.buildSecrets,
    ...(secrets.secretFiles ? { secretFiles: secrets.secretFiles } : {}),
    decision: decide(key(), recipe.reason),
    start: { argv: inside(base, start ?? []), inside: (argv) => inside(base, argv) },
  };
}
