import { posix } from 'node:path';
import { nodeForManagers } from '../../catalog/bases.ts';
import { goBases, goBuildImage, goUser } from '../../catalog/go.ts';
import { quoteShell } from '../../formats/dockerfile/index.ts';
import type { Facts } from '../../model/facts.ts';
import { foldersOf } from '../../model/folders.ts';
import { evidenceOf, knownValue } from '../../model/known.ts';
import type {
  ApplicationRecipes,
  BuildStage,
  Layer,
  LimitedVariable,
  Probes,
  Recipe,
  RecipeStage,
  RecipeStep,
} from '../../model/recipe.ts';
import type { Runtime } from '../../stacks/contract.ts';
import { type GoDetails, goRuntime } from '../../stacks/go.ts';
import { loadRuntime } from '../../stacks/runtimes/registry.gen.ts';
import { linked } from '../support/steps.ts';
import { packagePath } from './inspect.ts';
import { moduleName } from './modules.ts';
import { probeModule, probeSource } from './probe.ts';
import { binaryPath } from './programs.ts';

const detailsOf = (facts: Facts): GoDetails => facts.details as unknown as GoDetails;

const buildCache = { type: 'cache' as const, target: '/root/.cache/go-build' };

/** What every program in Go is built with, behind the variables that say for which platform. */
const compile = (output: string, folder: string, tags: readonly string[] = []): readonly string[] => [
  'go',
  'build',
  '-trimpath',
  ...(tags.length > 0 ? ['-tags', tags.join(',')] : []),
  '-ldflags=-s -w',
  '-o',
  output,
  packagePath(folder),
];

/** Compiles for the platform that is asked for, on the one of the builder; parts in C are compiled where they run. */
const compiling = (cgo: boolean, ...all: readonly (readonly string[])[]): RecipeStep[] =>
  cgo
    ? all.map((argv): RecipeStep => ({ do: 'run', argv: [...argv], mounts: [buildCache], env: { CGO_ENABLED: '1' } }))
    : [
        { do: 'arg', name: 'TARGETOS' },
        { do: 'arg', name: 'TARGETARCH' },
        {
          do: 'shell',
          script: all.map((argv) => `CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH ${quoteShell(argv)}`),
          mounts: [buildCache],
        },
      ];

const imageOf = (facts: Facts): string => goBuildImage(knownValue(facts.runtime)?.version ?? '');

/** Whether a program of its own asks the application. */
const asked = (facts: Facts): boolean => facts.port !== undefined && !asksItself(facts);

const platformOf = ({ cgo }: GoDetails) => (cgo ? {} : { platform: '$BUILDPLATFORM' });

/** The image that everything is built in. */
const baseStage = (facts: Facts): RecipeStage => ({
  name: 'base',
  from: { image: imageOf(facts), ...platformOf(detailsOf(facts)) },
  reason: {
    choice: imageOf(facts),
    why: 'the Go version that the module requires',
    ...('value' in facts.runtime ? evidenceOf(facts.runtime) : {}),
  },
  layers: [],
});

/** The modules that go.mod names, before the sources. None: there are none, or they lie in the project. */
function modulesStage(facts: Facts): readonly RecipeStage[] {
  const { manifests, module, alone, vendored } = detailsOf(facts);
  if (alone || vendored) return asked(facts) ? [plainStage] : [];
  const copied = manifests.map(
    (file): RecipeStep => ({
      do: 'copy',
      sources: [file],
      to: `./${file.includes('/') ? `${posix.dirname(file)}/` : ''}`,
    }),
  );
  const place = posix.join(foldersOf(facts).top, module);
  const reason = {
    choice: 'go mod download',
    why: 'modules are downloaded before the sources are copied: the layer stays cached until a manifest changes, and tests and development use it too',
  };
  const inside = module === '.' ? [] : [{ do: 'workdir' as const, path: place }];
  const steps = [...together(copied), ...inside, downloading(facts)];
  return [{ name: 'modules', from: { stage: 'base' }, reason, layers: [{ steps }] }];
}

/** Fetches the modules; private ones with a login that is there for this instruction alone. */
function downloading(facts: Facts): RecipeStep {
  const argv = ['go', 'mod', 'download'];
  const own = detailsOf(facts).private;
  if (!own) return { do: 'run', argv };
  return {
    do: 'run',
    argv,
    mounts: own.secrets.map((id) => ({ type: 'secret', id, target: '/root/.netrc' })),
    env: { GOPRIVATE: own.patterns },
  };
}

/** Where the sources begin when nothing is downloaded. */
const plainStage: RecipeStage = {
  name: 'sources',
  from: { stage: 'base' },
  reason: { choice: 'base', why: 'there are no modules to download' },
  layers: [],
};

/** The name of the stage that makes what is compiled into the program. */
const assetsStage = (at: number): string => (at === 0 ? 'assets' : `assets-${at + 1}`);

/** What another language makes for the program: built apart from it, so that an edit on one side builds that side alone. */
const assetsStages = (facts: Facts): readonly RecipeStage[] =>
  (detailsOf(facts).assets ?? []).map(({ folder, manifests, steps, build, outputs, from }, at) => ({
    name: assetsStage(at),
    from: { image: nodeForManagers, platform: '$BUILDPLATFORM' },
    note: `makes ${outputs.join(', ')}, which is compiled into the program`,
    reason: {
      choice: build.join(' '),
      why: 'it is compiled into the program and not in the repository; its build tools are not in the final image',
      from: [from],
    },
    layers: [
      {
        steps: [
          { do: 'workdir', path: posix.join(foldersOf(facts).top, folder) },
          { do: 'copy', sources: manifests.map((file) => posix.join(folder, file)), to: './' },
          ...steps,
          { do: 'copy', sources: [folder], to: './' },
          { do: 'run', argv: [...build] },
        ],
      },
    ],
  }));

/** What those stages made, at its place among the sources. */
const withAssets = (facts: Facts): RecipeStep[] =>
  (detailsOf(facts).assets ?? []).flatMap(({ outputs }, at) =>
    outputs.map((path) => {
      const place = posix.join(foldersOf(facts).top, path);
      return linked(assetsStage(at), place, place);
    }),
  );

/** What the sources need before they compile: assets of another language, and generated code. */
const completed = (facts: Facts): RecipeStep[] => [
  ...withAssets(facts),
  ...(detailsOf(facts).generators ?? []).map(
    (argv): RecipeStep => ({ do: 'run', argv: [...argv], mounts: [buildCache] }),
  ),
];

/** The stages before the sources, in their order. */
const prepared = (facts: Facts): readonly RecipeStage[] => [
  baseStage(facts),
  ...(asked(facts) ? [probeStage] : []),
  ...assetsStages(facts),
  ...modulesStage(facts),
];

/** One COPY for all manifests of one folder. */
function together(steps: readonly RecipeStep[]): RecipeStep[] {
  const out: RecipeStep[] = [];
  for (const step of steps) {
    const last = out.at(-1);
    if (last?.do === 'copy' && step.do === 'copy' && last.to === step.to)
      out[out.length - 1] = { ...last, sources: [...last.sources, ...step.sources] };
    else out.push(step);
  }
  return out;
}

const noteOf = ({ cgo, programs }: GoDetails): string =>
  programs
    ? `the binaries of the server and of ${programs.map(({ name }) => name).join(', ')}`
    : cgo
      ? `one binary, with parts in C (${cgo.by})`
      : 'one static binary';

function buildStages(facts: Facts): readonly BuildStage[] {
  const details = detailsOf(facts);
  const { own, top } = foldersOf(facts);
  const output = `/out/${details.binary}`;
  const argv = compile(output, details.main, details.tags);
  const further = (details.programs ?? []).map(({ name, main }) => compile(`/out/${name}`, main, details.tags));
  const build: BuildStage = {
    name: 'build',
    from: { stage: prepared(facts).at(-1)?.name ?? 'base' },
    note: noteOf(details),
    reason: {
      choice: argv.join(' '),
      why: 'a single file, without build paths and debug tables',
    },
    layers: [
      {
        steps: [
          { do: 'copy', sources: ['.'], to: own === '.' ? '.' : top },
          ...(details.module === '.' ? [] : [{ do: 'workdir' as const, path: posix.join(top, details.module) }]),
          ...completed(facts),
          ...compiling(details.cgo !== undefined, argv, ...further),
        ],
      },
    ],
  };
  return [build, ...migratorStages(facts)];
}

/** A program of the module that brings the database up to date, with the files that it may read. */
function jobStage(facts: Facts, job: string): BuildStage {
  const details = detailsOf(facts);
  const { own, top } = foldersOf(facts);
  const { image } = baseOf(details);
  return {
    name: 'migrator',
    from: { image },
    note: `${job}, and the files that it may read`,
    reason: { choice: job, why: 'a program of the project migrates the database: the job needs nothing else' },
    layers: [
      {
        steps: [
          { do: 'workdir', path: top },
          { do: 'copy', sources: ['.'], to: own === '.' ? '.' : top },
          ...(details.module === '.' ? [] : [{ do: 'workdir' as const, path: posix.join(top, details.module) }]),
          linked('build', `/out/${job}`, binaryPath(job)),
        ],
      },
    ],
  };
}

/** The tool that brings the database up to date, with its files: compiled where the job runs, and in no image of the application. */
function migratorStages(facts: Facts): readonly BuildStage[] {
  const { migrator, module, job } = detailsOf(facts);
  if (job !== undefined) return [jobStage(facts, job)];
  if (!migrator) return [];
  const { own, top } = foldersOf(facts);
  const { title, path, release, tags = [] } = migrator;
  const tagged = tags.length > 0 ? ['-tags', tags.join(',')] : [];
  const argv =
    release === undefined
      ? ['go', 'build', ...tagged, '-o', binaryPath(moduleName({ module: path }) ?? posix.basename(path)), path]
      : ['go', 'install', ...tagged, `${path}@${release}`];
  const env = { CGO_ENABLED: '0', ...(release === undefined ? {} : { GOBIN: '/usr/local/bin' }) };
  const install: RecipeStep = { do: 'run', argv, mounts: [buildCache], env };
  const copy: RecipeStep = { do: 'copy', sources: ['.'], to: own === '.' ? '.' : top };
  const place: RecipeStep[] = module === '.' ? [] : [{ do: 'workdir', path: posix.join(top, module) }];
  return [
    {
      name: 'migrator',
      from: { image: imageOf(facts) },
      note: `${title}, and the migrations that it applies`,
      reason: {
        choice: argv.join(' '),
        why:
          release === undefined
            ? 'go.mod names it as a tool of the module'
            : 'it is not part of the program, so it is installed at a fixed version',
      },
      layers: [
        {
          steps: [
            { do: 'workdir', path: top },
            ...(release === undefined ? [copy, ...place, install] : [install, copy, ...place]),
          ],
        },
      ],
    },
  ];
}

/** The program that asks: built apart from the application, so that no change of that builds it again. */
const probeStage: RecipeStage = {
  name: 'healthcheck',
  from: { stage: 'base' },
  note: 'checks the health of the app: the image has no shell and no curl',
  reason: {
    choice: 'a small probe program',
    why: 'the base has no shell, and the app has no health command of its own: a program on package net is 2.4 MB',
  },
  layers: [
    {
      steps: [
        { do: 'workdir', path: '/healthcheck' },
        { do: 'file', path: 'go.mod', lines: [...probeModule] },
        { do: 'file', path: 'main.go', lines: [...probeSource] },
        ...compiling(false, compile('/out/healthcheck', '.')),
      ],
    },
  ],
};

/** Whether the program has a command that asks itself. */
const asksItself = (facts: Facts): boolean => detailsOf(facts).healthcheck !== undefined;

function probesOf(facts: Facts, runtime: Runtime): Probes {
  const details = detailsOf(facts);
  const { healthcheck } = details;
  if (healthcheck) {
    const own = () => [binaryPath(details.binary), ...healthcheck];
    return { http: own, port: own, startPeriod: 5, note: 'the program checks its own health: the image has no shell' };
  }
  return {
    http: runtime.probe,
    port: runtime.probePort,
    startPeriod: 5,
    note: 'a separate program checks the health: the image has no shell and no curl',
  };
}

/** What ships: the binary, and the files that it reads. */
function contentsOf(facts: Facts): Layer[] {
  const details = detailsOf(facts);
  const { own } = foldersOf(facts);
  const module = posix.join('/app', details.module);
  const reads = facts.reads.map(({ value }) => {
    const source = posix.join(own, value);
    const to = posix.relative(module, posix.join('/app', source));
    return { source, to };
  });
  return [
    ...(reads.length > 0
      ? [
          {
            at: 'files',
            reason: {
              choice: reads.map(({ source }) => source).join(', '),
              why: 'the running program reads them',
              from: facts.reads.flatMap(({ from }) => from),
            },
            steps: reads.map(({ source, to }): RecipeStep => ({ do: 'copy', sources: [source], to: `./${to}` })),
          },
        ]
      : []),
    ...(details.placeholders ?? []).map(({ path, lines }) => ({
      at: 'placeholder',
      reason: {
        choice: path,
        why: 'the program does not start without this file, which contains secrets and is not in the image: the values come from the environment',
      },
      steps: [{ do: 'file' as const, path: `./${path}`, lines: [...lines] }],
    })),
    {
      at: 'contents',
      reason: {
        choice: binaryPath(details.binary),
        why: facts.processes ? 'the image only needs the binaries' : 'the image only needs one binary',
      },
      steps: [details.binary, ...(facts.processes ?? []).map(({ name }) => name)].map((binary) =>
        linked('build', `/out/${binary}`, binaryPath(binary)),
      ),
    },
  ];
}

/** Go knows no limit of memory by itself, and the CPUs of its container since a release that the module asks for (go.dev/doc/gc-guide, go.dev/doc/go1.25). */
function limitedOf(facts: Facts): readonly LimitedVariable[] {
  const { countsHost } = detailsOf(facts);
  return [
    {
      name: 'GOMEMLIMIT',
      of: 'memory',
      share: 0.9,
      why: 'the garbage collector works harder near the memory limit of the container; otherwise the kernel would kill the program',
    },
    ...(countsHost
      ? [
          {
            name: 'GOMAXPROCS',
            of: 'cpus' as const,
            why: 'a module for Go before 1.25 starts one thread per core of the host, regardless of the limit',
            from: [countsHost],
          },
        ]
      : []),
  ];
}

const baseOf = ({ cgo }: GoDetails) => (cgo ? (cgo.cpp ? goBases.cpp : goBases.linked) : goBases.static);

function productionOf(facts: Facts, runtime: Runtime): Recipe['production'] {
  const details = detailsOf(facts);
  const { cgo, args = [] } = details;
  const chosen = baseOf(details);
  return {
    base: { kind: cgo ? 'linked' : 'static', ...chosen, ...goUser, shell: false, by: 'default' },
    folder: posix.join(foldersOf(facts).top, details.module),
    lacking: asked(facts)
      ? [
          {
            at: 'healthcheck',
            reason: { choice: '/healthcheck', why: 'the program that checks the health of the app' },
            steps: [linked('healthcheck', '/out/healthcheck', '/healthcheck')],
          },
        ]
      : [],
    contents: contentsOf(facts),
    env: {},
    limited: limitedOf(facts),
    start: [binaryPath(details.binary), ...args],
    ...(facts.processes
      ? {
          processes: facts.processes.map(({ name, command, from }) => ({
            name,
            argv: command.argv,
            reason: {
              choice: command.argv.join(' '),
              why: 'another long-running program of the module: the image has its binary too',
              by: 'detected' as const,
              from,
            },
          })),
        }
      : {}),
    logs: {
      to: 'stderr',
      why: 'the standard library logs to stderr, which the container runtime collects too',
    },
    probes: probesOf(facts, runtime),
  };
}

/** Where the compiler keeps what it has compiled while developing; what starts there may be any user. */
const developmentCache = '/var/cache/go-build';
/** Where what it compiles is started from: nothing in /tmp may be. */
const developmentTemp = '/var/cache/go-tmp';

function developmentOf(facts: Facts): Recipe['development'] {
  const details = detailsOf(facts);
  const { main, args = [], module } = details;
  const command = ['go', 'run', packagePath(main), ...args];
  const compiled = quoteShell(['go', 'build', '-o', '/dev/null', packagePath(main)]);
  return {
    reason: {
      choice: command.join(' '),
      why: 'compiles the mounted sources; restart the container to apply an edit',
    },
    note: 'docker-compose.dev.yml mounts the sources over these: `docker compose restart app` shows an edit',
    command,
    still: true,
    env: { GOCACHE: developmentCache, GOTMPDIR: developmentTemp, GOFLAGS: '-buildvcs=false', HOME: '/tmp' },
    layers: [
      ...(asked(facts) ? [{ steps: [linked('healthcheck', '/out/healthcheck', '/healthcheck')] }] : []),
      {
        at: 'compiled',
        reason: {
          choice: 'compiled once',
          why: 'fast start: dependencies are already compiled, so only edits are compiled again',
        },
        steps: [
          ...(module === '.' ? [] : [{ do: 'workdir' as const, path: posix.join(foldersOf(facts).top, module) }]),
          ...completed(facts),
          { do: 'shell', script: [`mkdir -m 1777 ${developmentTemp}`, compiled, `chmod -R a+rwX ${developmentCache}`] },
        ],
      },
    ],
    mounts: ['.'],
    keep: (details.assets ?? []).flatMap(({ outputs }) =>
      outputs.map((path) => posix.join(foldersOf(facts).top, path)),
    ),
  };
}

const readsDocuments = (facts: Facts): boolean => detailsOf(facts).documents === true;

function recipeOf(facts: Facts, runtime: Runtime): Recipe {
  const details = detailsOf(facts);
  return {
    reason: {
      choice: details.cgo
        ? 'a binary with parts in C on a base with the C library'
        : 'a static binary on a base without a system',
      why: 'Go compiles a program into one file that does not need Go at run time',
    },
    prepare: prepared(facts),
    generate: completed(facts),
    build: buildStages(facts),
    pack: [],
    production: productionOf(facts, runtime),
    development: developmentOf(facts),
    // a key that the program reads is left out of the context unless it is named
    needs: ['.', ...facts.reads.map(({ value }) => posix.join(foldersOf(facts).own, value))],
    // packages of this machine, and what the stage of the assets makes
    ignore: details.assets ? ['**/node_modules', ...details.assets.flatMap(({ outputs }) => outputs)] : [],
    ...(readsDocuments(facts) ? { readsDocuments: ['docs'] } : {}),
    platforms: [],
  };
}

/** What `plan/` asks of an application in Go. */
export async function loadGoRecipes(): Promise<ApplicationRecipes | undefined> {
  const runtime = await loadRuntime(goRuntime);
  if (!runtime) return undefined;
  return {
    recipe: (facts) => recipeOf(facts, runtime),
    health: () => undefined,
    externalCheck: () => ({ imports: [], setup: '', body: '' }),
  };
}
