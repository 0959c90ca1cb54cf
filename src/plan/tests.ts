import type { Facts } from '../model/facts.ts';
import type { Stage } from '../model/plan.ts';
import { recorder, settled } from './decide.ts';
import type { Frame } from './frame.ts';
import { planIgnore } from './ignore.ts';
import { generating } from './image.ts';
import { loadStacks } from './stacks.ts';
import { baseStage, depsStage, toolsStage } from './stages.ts';

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
  const stacks = await loadStacks(facts);
  const version = settled(facts.runtime)?.version;
  if (!stacks || version === undefined) return undefined;
  const { decide } = recorder();
  const frame: Frame = {
    facts,
    stacks,
    config: {},
    shape: 'command',
    probes: {},
    writable: [],
    labels: {},
    specification: undefined,
    decide,
    output: { kind: 'source', start: [], why: '' },
    version,
    base: { kind: 'slim', image: '', uid: 0, gid: 0, shell: true, brings: [], why: '', by: 'default' },
    generates: generating({ facts, stacks }),
  };
  const deps = depsStage(frame);
  const from = deps?.name ?? 'base';
  const decision = decide('tests', { choice: 'an image of the runtime', why: 'the tests run in no other place' });
  const made: Stage = {
    name: target,
    from: { stage: from },
    steps: [
      { do: 'copy', sources: ['.'], to: '.', decision },
      ...frame.generates.map(({ argv }) => ({ do: 'run' as const, argv: [...argv], decision })),
    ],
    decision,
  };
  const stages = [baseStage(frame), toolsStage(frame), deps, made].filter((stage) => stage !== undefined);
  return { stages, target, leavesOut: contextOf(facts) };
}

/** Of what a deployment leaves out of its context, only what is made anew and what is secret: tests may read all else. */
const contextOf = (facts: Facts): readonly string[] =>
  planIgnore(facts, false, [], recorder().decide)
    .filter((group) => /\.(unneeded|secrets)$/.test(group.decision))
    .flatMap((group) => group.patterns);
