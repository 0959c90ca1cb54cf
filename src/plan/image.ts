import type { Image, Stage } from '../model/plan.ts';
import type { RuntimeBase } from '../stacks/contract.ts';
import { because, settled } from './decide.ts';
import { type Frame, type ImageInput, needsOf, type Output } from './frame.ts';
import { migrateStage } from './migration.ts';
import { inside, productionStage } from './production.ts';
import { planBuildSecrets } from './secrets.ts';
import {
  baseStage,
  buildStage,
  depsStage,
  developmentStage,
  initStage,
  modulesStage,
  testStage,
  toolsStage,
  writableStage,
} from './stages.ts';

function outputOf({ facts, stacks }: ImageInput): Output {
  const entry = settled(facts.entry) ?? 'index.ts';
  if (stacks.builder) {
    const built = stacks.builder.build(facts);
    return {
      kind: 'built',
      folder: built.output,
      start: built.start ?? stacks.runtime.run(built.entry),
      selfContained: built.selfContained,
      keeps: built.keeps ?? false,
      compiled: built.compiled ?? false,
      argv: built.ofModules && stacks.manager ? stacks.manager.exec(built.argv) : built.argv,
      env: facts.commands.build?.value.env,
      needs: built.needs,
      why: built.why,
    };
  }
  const start = settled(facts.commands.start)?.argv ?? stacks.runtime.run(entry);
  return {
    kind: 'source',
    start,
    why: 'the runtime runs the source itself, with the production dependencies beside it',
  };
}

/** The base of production: distroless where what runs brings everything with it, else slim; the configuration overrules. */
function baseOf(
  { config, stacks, facts }: ImageInput,
  version: string,
  output: Output,
): RuntimeBase & { by: 'config' | 'default' } {
  const own = output.kind === 'built' && output.compiled ? stacks.runtime.compiledBase?.() : undefined;
  if (own) return { ...own, by: 'default' };
  const bases = stacks.runtime.bases(version);
  const wanted =
    config.runtimeBase ??
    (output.kind === 'built' && output.selfContained && facts.native.length === 0 ? 'distroless' : 'slim');
  const base = bases.find((candidate) => candidate.kind === wanted) ?? bases[0];
  if (!base) throw new Error('a runtime without bases');
  return { ...base, by: config.runtimeBase ? 'config' : 'default' };
}

/** Own scripts that installing would run, and that need the sources: they run once those are there. */
export const generating = ({ facts, stacks: { manager } }: Pick<ImageInput, 'facts' | 'stacks'>): Frame['generates'] =>
  manager
    ? [
        ...facts.generators.map((one) => ({ argv: manager.exec(one.value.argv), from: one.from })),
        ...facts.ownScripts.flatMap((one) =>
          one.does === 'generates' ? [{ argv: manager.script(one.name, []), from: one.from }] : [],
        ),
      ]
    : [];

/** The command that starts the app in its image, and how the image runs a file with the runtime. */
export type Start = {
  readonly argv: readonly string[];
  readonly runtime: (argv: readonly string[]) => readonly string[];
};

/** Whether a stage has everything of the context. */
const copiesAll = (stage: Stage): boolean =>
  stage.steps.some((step) => step.do === 'copy' && step.from === undefined && step.sources.includes('.'));

/** Whether one build makes programs for several platforms. */
const isCompiled = (output: Output): boolean => output.kind === 'built' && output.compiled;

/** The image of the app: its stages in the order of the file, what its context needs, its targets. */
export function planImage(
  input: ImageInput,
): Omit<Image, 'context'> & { readonly needs: readonly string[]; readonly start: Start } {
  const version = settled(input.facts.runtime)?.version ?? '';
  const output = outputOf(input);
  const frame: Frame = {
    ...input,
    output,
    version,
    base: baseOf(input, version, output),
    generates: generating(input),
  };
  const deps = depsStage(frame);
  const from = deps ? deps.name : 'base';
  const test = testStage(frame, from);
  const build = buildStage(frame, from);
  const migrate = migrateStage(frame, build && copiesAll(build) ? build.name : from);
  const stages = [
    baseStage(frame),
    toolsStage(frame),
    deps,
    writableStage(frame),
    developmentStage(frame, from),
    test,
    initStage(frame),
    build,
    migrate,
    modulesStage(frame),
    productionStage(frame),
  ].filter((stage) => stage !== undefined);
  const secrets = planBuildSecrets(stages, input.facts, input.stacks.manager, input.decide);
  return {
    dockerfile: 'Dockerfile',
    stages: secrets.stages,
    targets: {
      production: 'production',
      development: 'development',
      ...(test ? { test: 'test' } : {}),
      ...(migrate ? { migrate: 'migrate' } : {}),
    },
    platforms: [...(input.config.platforms ?? (isCompiled(output) ? ['linux/amd64', 'linux/arm64'] : []))],
    shell: frame.base.shell,
    labels: { ...input.labels },
    buildSecrets: secrets.buildSecrets,
    decision: input.decide('images.app', {
      choice: `${frame.base.kind} base, ${output.kind === 'built' ? 'built' : 'run from source'}`,
      why: output.why,
      ...(input.facts.builder ? because(input.facts.builder) : {}),
    }),
    needs: needsOf(frame),
    start: { argv: inside(frame.base, output.start), runtime: (argv) => inside(frame.base, argv) },
  };
}
