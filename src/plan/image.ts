import { posix } from 'node:path';
import { initProgram } from '../catalog/init.ts';
import type { Config } from '../model/config.ts';
import type { Facts } from '../model/facts.ts';
import type { Image, Plan, Stage, Step, Workload } from '../model/plan.ts';
import type { RuntimeBase } from '../stacks/contract.ts';
import { because, type Decide, settled } from './decide.ts';
import type { Stacks } from './stacks.ts';

/** What building comes to: what runs in production, and where it comes from. */
type Output =
  | {
      readonly kind: 'built';
      readonly folder: string;
      readonly start: readonly string[];
      readonly selfContained: boolean;
      readonly argv: readonly string[];
      readonly needs: readonly string[];
      readonly why: string;
    }
  | { readonly kind: 'source'; readonly start: readonly string[]; readonly why: string };

export type ImageInput = {
  readonly facts: Facts;
  readonly config: Config;
  readonly stacks: Stacks;
  readonly probes: Workload['probes'];
  readonly writable: Workload['writable'];
  readonly labels: Readonly<Record<string, string>>;
  readonly specification: Plan['specification'];
  readonly decide: Decide;
};

const key = (...path: string[]) => ['images.app', ...path].join('.');

const isFile = (path: string) => /\.[a-z0-9]+$/i.test(posix.basename(path));

/** COPY of files and folders: one for the files of the root, one for each folder, since a COPY of several flattens them. */
export function copies(sources: readonly string[], decision: string): Step[] {
  const top = sources.filter((path) => isFile(path) && !path.includes('/'));
  const rest = sources.filter((path) => !top.includes(path));
  return [
    ...(top.length > 0 ? [copy(top, './', decision)] : []),
    ...rest.map((path) => copy([path], isFile(path) ? `./${posix.dirname(path)}/` : `./${path}`, decision)),
  ];
}

const copy = (sources: readonly string[], to: string, decision: string): Step => ({
  do: 'copy',
  sources: [...sources],
  to,
  decision,
});

const linked = (from: string, source: string, to: string, decision: string): Step => ({
  do: 'copy',
  from,
  sources: [source],
  to,
  link: true,
  decision,
});

/** Whether the app's own handler ends it on SIGTERM; if not, process 1 must be an init. */
const needsInit = (facts: Facts) => !facts.signals.value.includes('SIGTERM');

function outputOf({ facts, stacks }: ImageInput): Output {
  const entry = settled(facts.entry) ?? 'index.ts';
  if (stacks.builder) {
    const built = stacks.builder.build(facts);
    return {
      kind: 'built',
      folder: built.output,
      start: stacks.runtime.run(built.entry),
      selfContained: built.selfContained,
      argv: built.argv,
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
  const bases = stacks.runtime.bases(version);
  const wanted =
    config.runtimeBase ??
    (output.kind === 'built' && output.selfContained && facts.native.length === 0 ? 'distroless' : 'slim');
  const base = bases.find((candidate) => candidate.kind === wanted) ?? bases[0];
  if (!base) throw new Error('a runtime without bases');
  return { ...base, by: config.runtimeBase ? 'config' : 'default' };
}

type Frame = ImageInput & {
  readonly output: Output;
  readonly version: string;
  readonly base: RuntimeBase & { by: 'config' | 'default' };
};

/** The image of the app: its stages in the order of the file, what its context needs, its targets. */
export function planImage(input: ImageInput): Omit<Image, 'context'> & { readonly needs: readonly string[] } {
  const version = settled(input.facts.runtime)?.version ?? '';
  const output = outputOf(input);
  const frame: Frame = { ...input, output, version, base: baseOf(input, version, output) };
  const deps = depsStage(frame);
  const from = deps ? deps.name : 'base';
  const test = testStage(frame, from);
  const writable = writableStage(frame);
  const stages = [
    baseStage(frame),
    ...(deps ? [deps] : []),
    developmentStage(frame, from),
    ...(test ? [test] : []),
    ...(needsInit(frame.facts) ? [initStage(frame)] : []),
    ...(output.kind === 'built' ? [buildStage(frame, output, from)] : []),
    ...(needsModules(frame) ? [modulesStage(frame)] : []),
    ...(writable ? [writable] : []),
    productionStage(frame),
  ];
  return {
    dockerfile: 'Dockerfile',
    stages,
    targets: { production: 'production', development: 'development', ...(test ? { test: 'test' } : {}) },
    platforms: [...(input.config.platforms ?? [])],
    labels: { ...input.labels },
    buildSecrets: input.facts.tokens.map((token) => ({
      id: token.variable,
      env: token.variable,
      decision: input.decide(key('buildSecrets', token.variable), {
        choice: 'a build secret',
        why: 'installing needs it, and it must stay in no layer',
        from: token.from,
      }),
    })),
    decision: input.decide('images.app', {
      choice: `${frame.base.kind} base, ${output.kind === 'built' ? 'built' : 'run from source'}`,
      why: output.why,
      ...(input.facts.builder ? because(input.facts.builder) : {}),
    }),
    needs: needsOf(frame),
  };
}

const manifestsOf = ({ facts }: ImageInput): string[] => [
  ...(facts.dependencies.length > 0 || facts.lockfile || facts.existing.includes('package.json') || hasManifest(facts)
    ? ['package.json']
    : []),
  ...(facts.lockfile ? [facts.lockfile.value.path] : []),
  ...facts.installs,
];

const hasManifest = (facts: Facts) =>
  facts.name.from.some((evidence) => evidence.file === 'package.json') || facts.commands.test !== undefined;
const hasDependencies = (facts: Facts) => facts.dependencies.length > 0;
const needsModules = ({ output, facts }: Frame) =>
  hasDependencies(facts) &&
  facts.dependencies.some((one) => !one.dev) &&
  (output.kind === 'source' || !output.selfContained);

function needsOf(frame: Frame): string[] {
  const built = frame.output.kind === 'built' ? frame.output.needs : [];
  return [
    ...new Set([
      ...manifestsOf(frame),
      ...frame.facts.sources,
      ...built,
      ...frame.facts.reads.map((read) => read.value),
    ]),
  ].sort();
}

function baseStage({ stacks, version, facts, decide }: Frame): Stage {
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

function depsStage(frame: Frame): Stage | undefined {
  const { facts, stacks, decide } = frame;
  if (!hasDependencies(facts) || !stacks.manager) return undefined;
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

/** The port and the address, as variables where the app reads them. */
function ownVariables(facts: Facts): Record<string, string> {
  const port = settled(facts.port);
  const host = facts.host?.value;
  return {
    ...(port?.variable ? { [port.variable]: String(port.number) } : {}),
    ...(host?.variable ? { [host.variable]: '0.0.0.0' } : {}),
  };
}

function developmentStage({ facts, stacks, base, decide }: Frame, from: string): Stage {
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
      { do: 'user', uid: base.uid, gid: base.gid, decision: user },
      { do: 'cmd', argv: [...command], decision },
    ],
    decision,
  };
}

/** The runtime's own variables, with the value that means development. */
export const developmentVariables = (production: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(production).map(([name, value]) => [name, value === 'production' ? 'development' : value]),
  );

function testStage({ facts, decide }: Frame, from: string): Stage | undefined {
  const test = facts.commands.test;
  if (!test || facts.tests.length === 0) return undefined;
  const decision = decide(key('stages.test'), {
    choice: test.value.argv.join(' '),
    why: 'building this target runs the project’s own tests; building production does not',
    ...because(test),
  });
  return {
    name: 'test',
    from: { stage: from },
    note: '`docker build --target test .` runs the project’s own tests',
    steps: [
      { do: 'copy', sources: ['.'], to: '.', decision },
      { do: 'run', argv: [...test.value.argv], ...(test.value.env ? { env: test.value.env } : {}), decision },
    ],
    decision,
  };
}

function initStage({ facts, decide }: Frame): Stage {
  const decision = decide(key('stages.init'), {
    choice: initProgram.title,
    why: 'the app does not handle SIGTERM, and process 1 ignores what it does not handle: docker stop would wait 10 s and kill it',
    ...because(facts.signals),
  });
  return {
    name: 'init',
    from: { stage: 'base' },
    note: 'a process 1 that passes signals on: the app does not handle SIGTERM itself',
    steps: [{ do: 'shell', script: [...initProgram.install], decision }],
    decision,
  };
}

function buildStage({ facts, decide }: Frame, output: Extract<Output, { kind: 'built' }>, from: string): Stage {
  const decision = decide(key('stages.build'), {
    choice: output.argv.join(' '),
    why: output.why,
    ...(facts.builder ? because(facts.builder) : {}),
  });
  return {
    name: 'build',
    from: { stage: from },
    note: output.selfContained ? 'one file with everything that runs: no node_modules in the image' : output.why,
    steps: [...copies(output.needs, decision), { do: 'run', argv: [...output.argv], decision }],
    decision,
  };
}

/** The folders of the app that volumes are mounted on. */
const volumesOf = (writable: Workload['writable']) =>
  writable.filter((one) => one.kind === 'volume' && one.path.startsWith('/app/'));

/** Empty folders for what the app writes: the base may have no shell to make them. */
function writableStage({ writable }: Frame): Stage | undefined {
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

function modulesStage(frame: Frame): Stage {
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

function productionStage(frame: Frame): Stage {
  const { base, decide, facts, stacks, writable, probes, labels, specification } = frame;
  const decision = decide(key('stages.production'), { choice: base.image, why: base.why, by: base.by });
  const workdir = decide(key('stages.production.workdir'), {
    choice: '/app',
    why: 'the folder that relative paths of the app start from',
  });
  const user = decide(key('stages.production.user'), {
    choice: `${base.uid}:${base.gid}`,
    why: 'not root; as a number, so that Kubernetes can see that it is not 0',
  });
  const values = { ...stacks.runtime.production, ...ownVariables(facts) };
  const env = decide(key('stages.production.env'), {
    choice: Object.keys(values).join(', '),
    why: 'what production sets by itself',
    ...('value' in (facts.port ?? {}) && facts.port && 'value' in facts.port ? because(facts.port) : {}),
  });
  const port = settled(facts.port);
  const check = probes.ready?.check;
  const [volume] = volumesOf(writable);
  const steps: Step[] = [
    { do: 'workdir', path: '/app', decision: workdir },
    ...base.brings.map((file) => linked('base', file.source, file.to, decision)),
    ...initSteps(frame),
    ...contents(frame),
    ...(volume
      ? [
          {
            do: 'copy',
            from: 'writable',
            sources: ['/writable/app/'],
            to: './',
            chown: `${base.uid}:${base.gid}`,
            decision: volume.decision,
          } as Step,
        ]
      : []),
    { do: 'env', values, decision: env },
    {
      do: 'user',
      uid: base.uid,
      gid: base.gid,
      decision: user,
      note: 'not root; as a number, so that Kubernetes can see that it is not 0',
    },
    ...(port && facts.port && 'value' in facts.port
      ? [
          {
            do: 'expose',
            port: port.number,
            decision: decide(key('stages.production.expose'), {
              choice: String(port.number),
              why: 'the port that the app listens on',
              ...because(facts.port),
            }),
          } as Step,
        ]
      : []),
    ...(check && probes.ready
      ? [
          {
            do: 'healthcheck',
            check,
            decision: probes.ready.decision,
            note: base.shell
              ? 'the runtime asks itself: the image has no curl'
              : 'the image has no shell and no curl: the runtime asks itself',
          } as Step,
        ]
      : []),
    ...startSteps(frame),
    ...labelSteps(labels, specification, decide),
  ];
  return { name: 'production', from: { image: base.image }, steps, decision };
}

function initSteps({ facts }: Frame): Step[] {
  if (!needsInit(facts)) return [];
  return [linked('init', initProgram.path, initProgram.to, key('stages.init'))];
}

/** What the process is made of: the build's output, or the source with its modules; and the files that it reads. */
function contents(frame: Frame): Step[] {
  const { output, facts, decide } = frame;
  const decision = decide(key('stages.production.contents'), {
    choice: output.kind === 'built' ? `the contents of ${output.folder}` : 'the source',
    why: output.why,
  });
  const reads = facts.reads.map((read) => read.value).filter((path) => !facts.sources.includes(path));
  const read =
    facts.reads.length > 0
      ? decide(key('stages.production.reads'), {
          choice: reads.join(', '),
          why: 'the running app reads them',
          from: facts.reads.flatMap((one) => one.from),
        })
      : decision;
  const modules = needsModules(frame) ? [linked('modules', '/app/node_modules', './node_modules', decision)] : [];
  if (output.kind === 'built')
    return [...modules, linked('build', `/app/${output.folder}`, './', decision), ...copies(reads, read)];
  const manifest = manifestsOf(frame).filter((path) => path === 'package.json');
  return [...modules, ...copies([...new Set([...manifest, ...facts.sources])], decision), ...copies(reads, read)];
}

function startSteps({ facts, output, decide }: Frame): Step[] {
  const start = decide(key('stages.production.cmd'), {
    choice: output.start.join(' '),
    why: needsInit(facts)
      ? 'the exec form: signals reach the app through the init'
      : 'the exec form: signals reach the app, which handles SIGTERM itself',
    ...because(facts.signals),
  });
  if (needsInit(facts)) {
    return [
      { do: 'entrypoint', argv: [initProgram.to, '--'], decision: key('stages.init') },
      { do: 'cmd', argv: [...output.start], decision: start },
    ];
  }
  const handler = facts.signals.from[0]?.file;
  return [
    {
      do: 'cmd',
      argv: [...output.start],
      decision: start,
      note: `${handler ?? 'the app'} handles SIGTERM, so the server can be process 1`,
    },
  ];
}

function labelSteps(
  labels: Readonly<Record<string, string>>,
  specification: Plan['specification'],
  decide: Decide,
): Step[] {
  const decision = decide(key('labels'), {
    choice: Object.keys(labels).join(', '),
    why: specification ? 'what the image is, and how far its specification is proved' : 'what the image is',
    from: specification ? [{ file: specification.file, why: specification.summary }] : [],
    assertions: specification?.assertions ?? [],
  });
  const revision = decide(key('labels.revision'), {
    choice: 'a build argument',
    why: 'it belongs to the moment: `dockwright build` sets it to the commit',
  });
  return [
    { do: 'label', values: { ...labels }, decision },
    {
      do: 'arg',
      name: 'REVISION',
      default: 'unknown',
      decision: revision,
      note: '`dockwright build` sets it to the commit; last, because it changes with each',
    },
    { do: 'label', values: { 'org.opencontainers.image.revision': '$REVISION' }, decision: revision },
  ];
}
