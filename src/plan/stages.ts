import { initProgram } from '../catalog/init.ts';
import type { Stage, Step } from '../model/plan.ts';
import { because, settled } from './decide.ts';
import {
  builtFrom,
  copies,
  developmentVariables,
  type Frame,
  key,
  manifestsOf,
  needsInit,
  needsModules,
  ownVariables,
  signalReason,
  volumesOf,
  writableSteps,
} from './frame.ts';

export function baseStage({ stacks, version, facts, decide }: Frame): Stage {
  const { image } = stacks.runtime.build(version);
  const runtime = facts.runtime;
  const why =
    'value' in runtime && runtime.by !== 'default'
      ? `the version that the project asks for${runtime.value.range ? ` (${runtime.value.range})` : ''}`
      : 'the project names no version: the newest supported line of the catalogue';
  const decision = decide(key('stages.base'), { choice: image, why, ...('value' in runtime ? because(runtime) : {}) });
  const workdir = decide(key('stages.base.workdir'), { choice: '/app', why: 'one folder of its own for the app' });
  return { name: 'base', from: { image }, steps: [{ do: 'workdir', path: '/app', decision: workdir }], decision };
}

export function depsStage(frame: Frame): Stage | undefined {
  const { facts, stacks, decide } = frame;
  if (facts.dependencies.length === 0 || !stacks.manager) return undefined;
  const decision = decide(key('stages.deps'), {
    choice: 'a stage for the dependencies alone',
    why: 'an edit to the source leaves this layer cached',
    from: facts.lockfile?.from ?? [],
  });
  return {
    name: 'deps',
    from: { stage: 'base' },
    note: 'every dependency, from the manifests alone: an edit to the source leaves this layer cached',
    steps: installSteps(frame, 'deps', false),
    decision,
  };
}

function installSteps(frame: Frame, stage: string, production: boolean): Step[] {
  const { facts, stacks, decide } = frame;
  if (!stacks.manager) return [];
  const install = stacks.manager.install({
    lockfile: facts.lockfile?.value.path,
    production,
    tokens: facts.tokens.map((token) => token.variable),
    // the project's own scripts are for development; packages with native code need theirs
    ignoreScripts:
      production && facts.native.length === 0 && facts.notes.some((note) => note.code === 'install-scripts'),
  });
  const copied = decide(key('stages', stage, 'manifests'), {
    choice: manifestsOf(frame).join(', '),
    why: 'what installing reads, and nothing else',
    from: facts.lockfile?.from ?? [],
  });
  const run = decide(key('stages', stage, 'install'), {
    choice: install.argv.join(' '),
    why: install.why,
    ...(facts.lockfile ? because(facts.lockfile) : {}),
  });
  return [
    { do: 'copy', sources: manifestsOf(frame), to: './', decision: copied },
    { do: 'run', argv: [...install.argv], mounts: [...install.mounts], decision: run },
  ];
}

export function developmentStage(frame: Frame, from: string): Stage {
  const { facts, stacks, base, decide } = frame;
  const command = facts.commands.dev?.value.argv ?? stacks.runtime.watch(settled(facts.entry) ?? 'index.ts');
  const decision = decide(key('stages.development'), {
    choice: command.join(' '),
    why: 'hot reload: the source is mounted over this one',
    ...(facts.commands.dev ? because(facts.commands.dev) : {}),
  });
  const env = decide(key('stages.development.env'), {
    choice: 'NODE_ENV=development',
    why: 'libraries print more and cache less',
    from: [],
  });
  const user = decide(key('stages.development.user'), {
    choice: `uid ${base.uid}`,
    why: 'the same user as in production, so that volumes serve both',
    from: [],
  });
  return {
    name: 'development',
    from: { stage: from },
    note: 'hot reload: docker-compose.dev.yml mounts the source over this one',
    steps: [
      {
        do: 'env',
        values: { ...developmentVariables(stacks.runtime.production), ...ownVariables(facts) },
        decision: env,
      },
      { do: 'copy', sources: ['.'], to: '.', decision },
      ...writableSteps(frame),
      { do: 'user', uid: base.uid, gid: base.gid, decision: user },
      { do: 'cmd', argv: [...command], decision },
    ],
    decision,
  };
}

export function testStage({ facts, decide }: Frame, from: string): Stage | undefined {
  const test = facts.commands.test;
  if (!test || facts.tests.length === 0) return undefined;
  const decision = decide(key('stages.test'), {
    choice: test.value.argv.join(' '),
    why: "building this target runs the project's own tests; building production does not",
    ...because(test),
  });
  return {
    name: 'test',
    from: { stage: from },
    note: "`docker build --target test .` runs the project's own tests",
    steps: [
      { do: 'copy', sources: ['.'], to: '.', decision },
      { do: 'run', argv: [...test.value.argv], ...(test.value.env ? { env: test.value.env } : {}), decision },
    ],
    decision,
  };
}

export function initStage({ facts, decide }: Frame): Stage | undefined {
  if (!needsInit(facts)) return undefined;
  const decision = decide(key('stages.init'), {
    choice: initProgram.title,
    why: 'the app does not handle SIGTERM, and process 1 ignores what it does not handle: docker stop would wait 10 s and kill it',
    ...signalReason(facts),
  });
  return {
    name: 'init',
    from: { stage: 'base' },
    note: 'a process 1 that passes signals on: the app does not handle SIGTERM itself',
    steps: [{ do: 'shell', script: [...initProgram.install], decision }],
    decision,
  };
}

export function buildStage(frame: Frame, from: string): Stage | undefined {
  const { facts, decide, output } = frame;
  if (output.kind !== 'built') return undefined;
  const decision = decide(key('stages.build'), {
    choice: output.argv.join(' '),
    why: output.why,
    ...(facts.builder ? because(facts.builder) : {}),
  });
  return {
    name: 'build',
    from: { stage: from },
    note: output.selfContained ? 'one file with everything that runs: no node_modules in the image' : output.why,
    steps: [...copies(builtFrom(frame), decision), { do: 'run', argv: [...output.argv], decision }],
    decision,
  };
}

/** Empty folders for what the app writes: the base may have no shell to make them. */
export function writableStage({ writable }: Frame): Stage | undefined {
  const volumes = volumesOf(writable);
  const [first] = volumes;
  if (!first) return undefined;
  const { decision } = first;
  return {
    name: 'writable',
    from: { stage: 'base' },
    note: 'empty folders for what the app writes: a new volume takes its owner from them',
    steps: [{ do: 'run', argv: ['mkdir', '-p', ...volumes.map((one) => `/writable${one.path}`)], decision }],
    decision,
  };
}

export function modulesStage(frame: Frame): Stage | undefined {
  if (!needsModules(frame)) return undefined;
  const decision = frame.decide(key('stages.modules'), {
    choice: 'the production dependencies alone',
    why: 'what runs must not carry development dependencies',
  });
  return {
    name: 'modules',
    from: { stage: 'base' },
    note: 'the dependencies that production needs, without the development ones',
    steps: installSteps(frame, 'modules', true),
    decision,
  };
}
