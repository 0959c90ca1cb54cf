import { initProgram } from '../catalog/init.ts';
import { toolchain } from '../catalog/toolchain.ts';
import type { Facts } from '../model/facts.ts';
import type { Stage, Step } from '../model/plan.ts';
import { because, settled } from './decide.ts';
import {
  bringsInit,
  builtFrom,
  copies,
  developmentVariables,
  type Frame,
  key,
  linked,
  manifestsOf,
  needsDevelopment,
  needsModules,
  ownVariables,
  signalReason,
  systemSteps,
  volumesOf,
  writableSteps,
} from './frame.ts';

export function baseStage(frame: Frame): Stage {
  const { stacks, version, facts, decide } = frame;
  const { image } = stacks.runtime.build(version);
  const runtime = facts.runtime;
  const why =
    'value' in runtime && runtime.by !== 'default'
      ? `the version that the project asks for${runtime.value.range ? ` (${runtime.value.range})` : ''}`
      : 'the project names no version: the newest supported line of the catalogue';
  const decision = decide(key('stages.base'), { choice: image, why, ...('value' in runtime ? because(runtime) : {}) });
  const workdir = decide(key('stages.base.workdir'), { choice: '/app', why: 'one folder of its own for the app' });
  return {
    name: 'base',
    // what is compiled for another platform is compiled on this one
    from: { image, ...(frame.output.kind === 'built' && frame.output.compiled ? { platform: '$BUILDPLATFORM' } : {}) },
    steps: [{ do: 'workdir', path: '/app', decision: workdir }, ...systemSteps(frame, 'base'), ...managerSteps(frame)],
    decision,
  };
}

/** Puts the package manager into a build image that lacks it. */
function managerSteps({ stacks, version, facts, decide }: Frame): Step[] {
  const manager = settled(facts.manager);
  const runtime = settled(facts.runtime);
  if (!manager || !runtime || !stacks.manager || facts.dependencies.length === 0) return [];
  const brings = stacks.manager.brings?.({ runtime: runtime.name, runtimeVersion: version, version: manager.version });
  if (!brings) return [];
  const decision = decide(key('stages.base.manager'), {
    choice: `${manager.name}${manager.version ? ` ${manager.version}` : ''}`,
    why: brings.why,
    ...('value' in facts.manager ? because(facts.manager) : {}),
  });
  if ('argv' in brings) return [{ do: 'run', argv: [...brings.argv], decision }];
  return [linked(brings.image, brings.source, brings.to, decision)];
}

/** Where installing has to compile: its tools stay in a stage that nothing ships from. */
export function toolsStage({ facts, stacks, decide }: Frame): Stage | undefined {
  const [first] = facts.compiled;
  if (!first || !stacks.manager) return undefined;
  const names = facts.compiled.map((one) => one.value).join(', ');
  const decision = decide(key('stages.tools'), {
    choice: toolchain.packages.join(', '),
    why: `${names} is compiled while it is installed, where no binary can be fetched`,
    from: facts.compiled.flatMap((one) => one.from),
  });
  const install = `apt-get install -y --no-install-recommends ${toolchain.packages.join(' ')}`;
  return {
    name: 'tools',
    from: { stage: 'base' },
    note: `what compiling ${names} takes: nothing of it ships`,
    steps: [
      { do: 'shell', script: ['apt-get update', install, 'rm -rf /var/lib/apt/lists/*'], decision },
      { do: 'env', values: { ...toolchain.env }, decision },
    ],
    decision,
  };
}

/** The stage that installing starts from. */
const installBase = ({ facts }: Frame): string => (facts.compiled.length > 0 ? 'tools' : 'base');

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
    from: { stage: installBase(frame) },
    note: 'every dependency, from the manifests alone: an edit to the source leaves this layer cached',
    steps: installSteps(frame, 'deps', false),
    decision,
  };
}

function installSteps(frame: Frame, stage: string, production: boolean): Step[] {
  const { facts, stacks, decide } = frame;
  const { manager } = stacks;
  if (!manager) return [];
  const scripts = scriptsOf(frame, production);
  const install = manager.install({
    lockfile: facts.lockfile?.value.path,
    production,
    tokens: facts.tokens.map((token) => token.variable),
    ignoreScripts: scripts !== 'all',
    version: settled(facts.manager)?.version,
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
    // what asks for a build secret is a reason for the line that mounts it
    ...(facts.tokens.length > 0
      ? { from: [...(facts.lockfile?.from ?? []), ...facts.tokens.flatMap((token) => token.from)] }
      : {}),
  });
  const env = install.env ? { env: { ...install.env } } : {};
  const rebuild = scripts === 'dependencies' ? manager.rebuild?.() : undefined;
  const forgotten = scripts === 'all' ? ownScriptsOf(frame, production).map((one) => one.name) : [];
  const forget = forgotten.length > 0 ? manager.forget?.(forgotten) : undefined;
  return [
    ...copies(manifestsOf(frame), copied),
    ...(forget ? [{ do: 'run' as const, argv: [...forget], decision: nativeDecision(frame, stage) }] : []),
    { do: 'run', argv: [...install.argv], mounts: [...install.mounts], ...env, decision: run },
    ...(rebuild ? [{ do: 'run' as const, argv: [...rebuild], decision: nativeDecision(frame, stage) }] : []),
  ];
}

/**
 * Whose scripts an install runs. The project's own are for development or need the sources, which are not there yet; those of packages
 * with native code have to run all the same.
 */
function scriptsOf(frame: Frame, production: boolean): 'all' | 'none' | 'dependencies' {
  const { facts, stacks } = frame;
  if (ownScriptsOf(frame, production).length === 0) return 'all';
  if (facts.native.length === 0) return 'none';
  return stacks.manager?.rebuild ? 'dependencies' : 'all';
}

const ownScriptsOf = ({ facts }: Frame, production: boolean): Facts['ownScripts'] =>
  facts.ownScripts.filter((one) => production || one.does !== 'patches');

const nativeDecision = ({ facts, decide }: Frame, stage: string): string =>
  decide(key('stages', stage, 'native'), {
    choice: 'the install scripts of the dependencies alone',
    why: 'packages with native code need theirs; those of the project itself need its sources',
    from: facts.native.flatMap((one) => one.from),
  });

/** The project's own scripts that need its sources. */
const generateSteps = ({ generates }: Frame, decision: string): Step[] =>
  generates.map(({ argv }) => ({ do: 'run', argv: [...argv], decision }));

export function developmentStage(frame: Frame, from: string): Stage {
  const { facts, stacks, base, decide } = frame;
  const entry = settled(facts.entry) ?? 'index.ts';
  const serves = frame.shape === 'service';
  const why = serves
    ? 'hot reload: the source is mounted over this one'
    : 'the source as it is: docker-compose.dev.yml mounts it over this one';
  const builds = serves && !facts.commands.dev ? buildingAgain(frame) : undefined;
  const own = serves ? (facts.commands.dev?.value.argv ?? stacks.runtime.watch(entry)) : stacks.runtime.run(entry);
  const command = builds?.command ?? own;
  const decision = decide(key('stages.development'), {
    choice: command.join(' '),
    why: builds?.why ?? why,
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
    note: serves ? 'hot reload: docker-compose.dev.yml mounts the source over this one' : why,
    steps: [
      {
        do: 'env',
        values: { ...developmentVariables(stacks.runtime.production), ...ownVariables(facts) },
        decision: env,
      },
      { do: 'copy', sources: ['.'], to: '.', decision },
      ...generateSteps(frame, decision),
      ...madeWhileDeveloping(frame, builds?.building ?? command, decision),
      ...writableSteps(frame),
      { do: 'user', uid: base.uid, gid: base.gid, decision: user },
      { do: frame.shape === 'command' ? 'entrypoint' : 'cmd', argv: [...command], decision },
    ],
    decision,
  };
}

/**
 * What is built before it runs, and has no script for developing: built again at each change, beside what runs it once it is there; where
 * nothing is known to watch, built whenever the container starts.
 */
function buildingAgain({
  facts,
  output,
  stacks,
}: Frame): { building: readonly string[]; command: readonly string[]; why: string } | undefined {
  if (output.kind !== 'built' || !output.keeps || stacks.runtime.runsSource(facts)) return undefined;
  const again = facts.commands.build?.value.watch;
  const building = again ?? output.argv;
  const [started = ''] = output.start.slice(-1);
  const file = /\.[cm]?js$/.test(started) ? started : `${started}.js`;
  // a shell reads it: a word that means something to it is not handed over
  if (![...building, file].every((word) => /^[\w./:=-]+$/.test(word)) || !file.includes('/')) return undefined;
  const first = again ? `${again.join(' ')} & until [ -f ${file} ]; do sleep 1; done;` : `${building.join(' ')} &&`;
  const runs = again ? stacks.runtime.watch(file) : stacks.runtime.run(file);
  return {
    building,
    command: ['sh', '-c', `${first} exec ${runs.join(' ')}`],
    why: `the runtime does not run the source itself: it is built ${again ? 'at each change' : 'when the container starts'}`,
  };
}

/** A script that builds while it watches writes where the build does, and may make that folder anew: both are the user's. */
function madeWhileDeveloping({ output, base }: Frame, command: readonly string[], decision: string): Step[] {
  if (output.kind !== 'built' || !output.keeps || command[1] !== 'run') return [];
  const owner = ['install', '--directory', '--owner', String(base.uid), '--group', String(base.gid)];
  return [{ do: 'run', argv: [...owner, '.', output.folder], decision, note: 'what building while developing writes' }];
}

export function testStage(frame: Frame, from: string): Stage | undefined {
  const { facts, decide } = frame;
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
      ...generateSteps(frame, decision),
      { do: 'run', argv: [...test.value.argv], ...(test.value.env ? { env: test.value.env } : {}), decision },
    ],
    decision,
  };
}

export function initStage(frame: Frame): Stage | undefined {
  if (!bringsInit(frame)) return undefined;
  const { facts, decide } = frame;
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
  const { facts, decide, output, generates } = frame;
  if (output.kind !== 'built' && generates.length === 0) return undefined;
  const built = output.kind === 'built' ? output : undefined;
  const decision = decide(key('stages.build'), {
    choice: (built?.argv ?? generates[0]?.argv ?? []).join(' '),
    why: built ? output.why : 'a script of the project makes what running needs',
    ...(built && facts.builder ? because(facts.builder) : { from: generates.flatMap((one) => one.from) }),
  });
  const env = built?.env ? { env: { ...built.env } } : {};
  return {
    name: 'build',
    from: { stage: from },
    note:
      built?.selfContained && !built.keeps && !built.compiled
        ? 'one file with everything that runs: no node_modules in the image'
        : (built?.why ?? 'a script of the project makes what running needs'),
    steps: [
      ...productionSteps(frame),
      ...copies(builtFrom(frame), decision),
      ...generateSteps(frame, decision),
      ...(built ? buildSteps(built, env, decision) : []),
    ],
    decision,
  };
}

/** What is built is built for production: bundlers write the value into the code, and `bun build` writes "development" where none is set. */
function productionSteps({ stacks, decide }: Frame): Step[] {
  const values = stacks.runtime.production;
  if (Object.keys(values).length === 0) return [];
  const decision = decide(key('stages.build.env'), {
    choice: Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
    why: 'bundlers write it into what they build: without it the code would be that of development',
  });
  return [{ do: 'env', values: { ...values }, decision, note: 'bundlers write it into what they build' }];
}

function buildSteps(
  { argv, compiled }: Extract<Frame['output'], { kind: 'built' }>,
  env: { readonly env?: Record<string, string> },
  decision: string,
): Step[] {
  if (!compiled) return [{ do: 'run', argv: [...argv], ...env, decision }];
  return [
    {
      do: 'arg',
      name: 'TARGETARCH',
      decision,
      note: 'amd64 or arm64: BuildKit sets it to the platform that is built for',
    },
    { do: 'shell', script: [argv.join(' ')], decision },
  ];
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
    steps: [
      { do: 'run', argv: ['mkdir', '-p', ...volumes.map((one) => `/writable${one.path}`)], decision },
      ...links(volumes),
    ],
    decision,
  };
}

/** Links beside the app to files that are kept in a volume. */
const links = (volumes: Frame['writable']): Step[] =>
  volumes.flatMap(({ path, links: names = [], decision }) =>
    names.map((name): Step => {
      const from = `${path.slice('/app/'.length)}/${name}`;
      return { do: 'run', argv: ['ln', '-s', from, `/writable/app/${name}`], decision };
    }),
  );

/** What runs beside the app: the production dependencies alone, installed anew or pruned where scripts have made something there. */
export function modulesStage(frame: Frame): Stage | undefined {
  if (!needsModules(frame)) return undefined;
  if (needsDevelopment(frame)) return allModules(frame);
  const { facts, stacks, decide, generates } = frame;
  const decision = decide(key('stages.modules'), {
    choice: 'the production dependencies alone',
    why: 'what runs must not carry development dependencies',
  });
  const note = 'the dependencies that production needs, without the development ones';
  const made = generates.length > 0 || facts.ownScripts.some((one) => one.does === 'patches');
  const prune = made ? stacks.manager?.prune?.({ version: settled(facts.manager)?.version }) : undefined;
  if (!prune)
    return {
      name: 'modules',
      from: { stage: installBase(frame) },
      note,
      steps: [...installSteps(frame, 'modules', true), ...withoutClocks(frame)],
      decision,
    };
  const env = prune.env ? { env: { ...prune.env } } : {};
  return {
    name: 'modules',
    from: { stage: generates.length > 0 ? 'build' : 'deps' },
    note: `${note}, and with what scripts have made there`,
    steps: [{ do: 'run', argv: [...prune.argv], mounts: [...prune.mounts], ...env, decision }, ...withoutClocks(frame)],
    decision,
  };
}

/** Takes out where the package manager notes when it ran: two builds of one commit are to be one image. */
function withoutClocks({ stacks, decide }: Frame): Step[] {
  const clocks = stacks.manager?.clocks ?? [];
  if (clocks.length === 0) return [];
  const decision = decide(key('stages.modules.clocks'), {
    choice: clocks.join(', '),
    why: 'they hold the time of the install, so that no two builds would be alike; running needs none of them',
  });
  return [
    {
      do: 'run',
      argv: ['rm', '-f', ...clocks],
      decision,
      note: 'these keep the time of the install: without them two builds are one image',
    },
  ];
}

function allModules({ facts, decide }: Frame): Stage {
  const needed = facts.needed ?? [];
  const names = needed.map((one) => one.value).join(', ');
  const what = needed.length > 0 ? `the app imports ${names}, ` : 'what starts the app is ';
  const decision = decide(key('stages.modules'), {
    choice: 'every dependency, the development ones too',
    why: `${what}a development dependency: move it to \`dependencies\`, or build the app`,
    ...(needed.length > 0
      ? { from: needed.flatMap((one) => one.from) }
      : 'value' in facts.commands.start
        ? because(facts.commands.start)
        : {}),
  });
  const note = `every dependency: ${what}a development dependency`;
  return { name: 'modules', from: { stage: 'deps' }, note, steps: [], decision };
}
