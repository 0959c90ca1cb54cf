import { isArchived } from '../catalog/archived-distributions.ts';
import { initProgram } from '../catalog/init.ts';
import { valueMarks } from '../catalog/value-marks.ts';
import type { Facts } from '../model/facts.ts';
import { type Folders, foldersOf } from '../model/folders.ts';
import { evidenceOf } from '../model/known.ts';
import type { Image, Stage, Step, Workload } from '../model/plan.ts';
import type { BuildStage, Recipe } from '../model/recipe.ts';
import {
  bringsInit,
  type ImageContext,
  ownVariables,
  signalReason,
  systemSteps,
  volumesOf,
  writableSteps,
} from './context.ts';
import type { Decide } from './decide.ts';
import { decided, key, stageOf, stepsOf } from './execute.ts';

type Preparing = Pick<ImageContext, 'facts' | 'decide' | 'recipe'>;

/** The stages before the sources: the first one gets a working folder, and packages of the distribution. */
export function preparingStages({ facts, recipe, decide }: Preparing): Stage[] {
  const { top } = foldersOf(facts);
  return recipe.prepare.map((stage, at) => {
    if (at > 0) return stageOf(stage, decide);
    const decision = decide(key('stages', stage.name, 'workdir'), {
      choice: top,
      why: 'a separate folder for the app',
    });
    const workdir: Step = { do: 'workdir', path: top, decision };
    return stageOf(stage, decide, [workdir, ...systemSteps({ facts, decide, recipe }, stage.name, 'building')]);
  });
}

/** The stage that everything that needs the sources begins with. */
export const sourcesStage = ({ prepare }: Recipe): string => prepare.at(-1)?.name ?? 'base';

/** The sources, and what is made from them before anything runs. */
export const sourcesSteps = ({ generate }: Recipe, folders: Folders, decision: string): Step[] => [
  wholeContext(folders, decision),
  ...generate.map((step) => decided(step, decision)),
];

/** All of the build context, at its place in the image. */
export const wholeContext = ({ own, top }: Folders, decision: string): Step => ({
  do: 'copy',
  sources: ['.'],
  to: own === '.' ? '.' : top,
  decision,
});

/** Where the app is developed: the sources are mounted over those of this stage. */
export function developmentStage(context: ImageContext): Stage {
  const { facts, recipe, shape, decide } = context;
  const { reason, note, command, env: values, layers, user } = recipe.development;
  const { uid, gid } = user ?? recipe.production.base;
  const decision = decide(key('stages.development'), reason);
  return {
    name: 'development',
    from: { stage: sourcesStage(recipe) },
    note,
    steps: [
      ...systemSteps(context, 'development', 'running'),
      ...variableSteps({ ...values, ...ownVariables(facts) }, values, decide),
      wholeContext(foldersOf(facts), decision),
      ...stepsOf('development', layers, decision, decide),
      ...writableSteps(context),
      {
        do: 'user',
        uid,
        gid,
        decision: user
          ? decision
          : decide(key('stages.development.user'), {
              choice: `uid ${uid}`,
              why: 'the same user as in production, so that volumes serve both',
              from: [],
            }),
      },
      { do: shape === 'command' ? 'entrypoint' : 'cmd', argv: [...command], decision },
    ],
    decision,
  };
}

function variableSteps(
  values: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
  decide: Decide,
): Step[] {
  if (Object.keys(values).length === 0) return [];
  const decision = decide(key('stages.development.env'), {
    choice: Object.entries(Object.keys(own).length > 0 ? own : values)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
    why: 'libraries log more and cache less',
    from: [],
  });
  return [{ do: 'env', values: { ...values }, decision }];
}

/** The project's own tests: building this target runs them. */
export function testStage({ facts, recipe, decide }: Preparing): Stage | undefined {
  const { test } = facts.commands;
  if (!test || facts.tests.length === 0) return undefined;
  const decision = decide(key('stages.test'), {
    choice: test.value.argv.join(' '),
    why: "building this target runs the project's own tests; building production does not",
    ...evidenceOf(test),
  });
  // runners that watch for changes end where this variable is set
  const env = { env: { CI: 'true', ...test.value.env } };
  return {
    name: 'test',
    from: { stage: sourcesStage(recipe) },
    note: testNote(foldersOf(facts)),
    steps: [
      ...systemSteps({ facts, decide, recipe }, 'test', 'running'),
      ...sourcesSteps(recipe, foldersOf(facts), decision),
      { do: 'run', argv: [...test.value.argv], ...env, decision },
    ],
    decision,
  };
}

/** How the tests are built: another Dockerfile than the engine looks for is named. */
const testNote = ({ own, context, dockerfile }: Folders): string =>
  own === '.'
    ? "`docker build --target test .` runs the project's own tests"
    : `\`docker build --target test --file ${dockerfile} ${context}\` runs the project's own tests`;

/** Brings the init that passes signals on. */
export function initStage({ facts, shape, recipe, decide }: ImageContext): Stage | undefined {
  if (!bringsInit({ facts, shape })) return undefined;
  const decision = decide(key('stages.init'), {
    choice: initProgram.title,
    why: 'the app does not handle SIGTERM, and PID 1 ignores signals that it does not handle: docker stop would wait 10 s and kill it',
    ...signalReason(facts),
  });
  return {
    name: 'init',
    // the oldest images have none that could be installed, and one of another platform would not start; it runs in any image
    from:
      isArchived(recipe.production.base.image) || isOfAnotherPlatform(recipe)
        ? { image: initProgram.image }
        : { stage: firstStage(recipe) },
    note: 'an init as PID 1 passes signals on: the app does not handle SIGTERM itself',
    steps: [{ do: 'shell', script: [...initProgram.install], decision }],
    decision,
  };
}

/** Whether what builds runs on the builder's own platform, whatever is built for. */
const isOfAnotherPlatform = ({ prepare: [first] }: Recipe): boolean =>
  first !== undefined && 'platform' in first.from && first.from.platform !== undefined;

const firstStage = ({ prepare }: Recipe): string => prepare[0]?.name ?? 'base';

/** What the build gets in the places of values that are put in at the start. */
const marksFor = (variables: Facts['variables']): readonly Step[] =>
  variables.length === 0
    ? []
    : [
        {
          do: 'env',
          values: Object.fromEntries(variables.map(({ name }) => [name, valueMarks.of(name)])),
          decision: `workloads.app.env.${variables[0]?.name}`,
        },
      ];

/** A stage of the build; `args` are the build arguments that it declares. */
export function buildStage(recipe: BuildStage, args: NonNullable<Image['args']>, decide: Decide): Stage {
  const declared = Object.entries(args).map(
    ([name, { value, decision }]): Step => ({
      do: 'arg',
      name,
      ...(value.from === 'user' && value.default !== undefined ? { default: value.default } : {}),
      decision,
    }),
  );
  const [first, ...rest] = recipe.args?.atStart ? marksFor(recipe.args.variables) : declared;
  if (!first || !recipe.args) return stageOf(recipe, decide);
  const note = recipe.args.atStart
    ? 'placeholders: the values are filled in when the container starts'
    : 'written into the page at build time: never a secret';
  const noted: Step[] = [{ ...first, note }, ...rest];
  const { layers } = recipe;
  const stage = stageOf({ ...recipe, layers: layers.slice(0, recipe.args.after) }, decide);
  const after = stepsOf(recipe.name, layers.slice(recipe.args.after), stage.decision, decide);
  return { ...stage, steps: [...stage.steps, ...noted, ...after] };
}

/** Empty folders for what the app writes: the base may have no shell to make them. */
export function writableStage(context: ImageContext): Stage | undefined {
  const { recipe, facts } = context;
  const volumes = volumesOf(context);
  const [first] = volumes;
  if (!first) return undefined;
  const { decision } = first;
  return {
    name: 'writable',
    from: { stage: firstStage(recipe) },
    note: 'empty folders for files that the app writes: a new volume takes its owner from them',
    steps: [
      { do: 'run', argv: ['mkdir', '-p', ...volumes.map(({ path }) => `/writable${path}`)], decision },
      ...links(foldersOf(facts).image, volumes),
    ],
    decision,
  };
}

/** Links beside the app to files that are kept in a volume. */
const links = (image: string, volumes: Workload['writable']): Step[] =>
  volumes.flatMap(({ path, links: names = [], decision }) =>
    names.map((name): Step => {
      const from = `${path.slice(image.length + 1)}/${name}`;
      return { do: 'run', argv: ['ln', '-s', from, `/writable${image}/${name}`], decision };
    }),
  );
