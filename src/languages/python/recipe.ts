import { posix } from 'node:path';
import { UserError } from '../../model/errors.ts';
import type { Facts } from '../../model/facts.ts';
import { foldersOf, inRepository } from '../../model/folders.ts';
import { evidenceOf, knownValue } from '../../model/known.ts';
import type { ApplicationRecipes, Layer, Recipe, RecipeOptions, RecipeStage, RecipeStep } from '../../model/recipe.ts';
import { loadPythonManager } from '../../stacks/managers/python.registry.gen.ts';
import {
  EXPORT_STAGE,
  OWN_PACKAGE,
  type PythonLogins,
  type PythonManager,
  type PythonRuntime,
  pythonDetails,
  VIRTUAL_ENVIRONMENT,
} from '../../stacks/python.ts';
import { loadPythonRuntime } from '../../stacks/runtimes/python.registry.gen.ts';
import { copies, linked, settingsMounts } from '../support/steps.ts';
import { ownLayers, ownStages } from './own-stages.ts';
import { developing } from './start.ts';

type Stacks = { readonly runtime: PythonRuntime; readonly manager: PythonManager };

/** What the stacks of an application give to plan with; undefined where its runtime or its manager is not known. */
export async function loadRecipes(facts: Facts): Promise<ApplicationRecipes | undefined> {
  const runtime = await loadPythonRuntime(knownValue(facts.runtime)?.name ?? '');
  const manager = await loadPythonManager(knownValue(facts.manager)?.name ?? '');
  if (!runtime || !manager) return undefined;
  return {
    recipe: (changed, options) => recipeOf(changed, { runtime, manager }, options),
    health: () => undefined,
    externalCheck: () => ({ imports: [], setup: '', body: '' }),
    stubServer: runtime.stubServer,
  };
}

const versionOf = (facts: Facts): string => knownValue(facts.runtime)?.version ?? '';

/** The files that installing reads. */
function readsOf(facts: Facts, development: boolean): readonly string[] {
  const held = new Set((facts.credentialFiles ?? []).map(({ file }) => file));
  const reads = pythonDetails(facts).reads?.[development ? 'development' : 'production'] ?? [];
  return reads.filter((file) => !held.has(inRepository(facts, file)));
}

/** What installing logs in with, and settings that hold a login; undefined: nothing. */
function loginsOf(facts: Facts): PythonLogins | undefined {
  const settings = settingsMounts(facts);
  const { logins } = pythonDetails(facts);
  return settings.length === 0 ? logins : { variables: [], pairs: [], ...logins, settings };
}

/** An environment of its own for the manager: what the image has installed is left as it is. */
const TOOLS = '/opt/manager';
const SYSTEM_PATH = '/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where a manager that exports writes the requirements of a stage, in a stage of their own. */
const exportedPath = (development: boolean): string =>
  `/requirements/${development ? 'development' : 'production'}.txt`;

/** The stage in which a manager writes what its lockfile holds as requirements; undefined: it installs from its lockfile itself. */
function exporting(facts: Facts, { runtime, manager }: Stacks, isDivided: boolean): RecipeStage | undefined {
  const { exports } = manager;
  if (!exports) return undefined;
  const image = runtime.build(runtime.usual).image;
  const place = foldersOf(facts).own;
  const files = readsOf(facts, true);
  const { groups = [], isUnhashed } = pythonDetails(facts).reads ?? {};
  const tool = exports.tool.join(', ');
  return {
    name: EXPORT_STAGE,
    from: { image },
    note: `${facts.lockfile?.value.path} as a requirements file; ${exports.tool[0]} stays in this stage`,
    reason: { choice: image, why: 'the package manager uses its own version of Python, and is not in the final image' },
    layers: [
      {
        at: 'tool',
        reason: { choice: tool, why: 'pinned versions' },
        steps: [
          { do: 'workdir', path: '/requirements' },
          { do: 'run', argv: ['python', '-m', 'venv', TOOLS] },
          { do: 'env', values: { PATH: `${TOOLS}/bin:${SYSTEM_PATH}` } },
          {
            do: 'run',
            argv: ['pip', 'install', ...exports.tool],
            mounts: [{ type: 'cache', target: '/root/.cache/pip' }],
            env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' },
          },
        ],
      },
      {
        at: 'export',
        reason: {
          choice: files.join(', '),
          why: 'an edit that does not change the requirements leaves the installed packages cached',
          ...(facts.lockfile ? evidenceOf(facts.lockfile) : {}),
        },
        steps: [
          ...copies(files.map((file) => posix.join(place, file))),
          ...[false, true]
            .filter((development) => isDivided || development)
            .flatMap((development) =>
              exports.steps({
                groups,
                ...(isUnhashed ? { isUnhashed } : {}),
                development,
                file: exportedPath(development),
              }),
            ),
        ],
      },
    ],
  };
}

/** A stage that installs. */
function installing(name: string, facts: Facts, { runtime, manager }: Stacks, development: boolean): RecipeStage {
  const files = readsOf(facts, development);
  const lockfile = facts.lockfile && posix.relative(facts.root, facts.lockfile.value.path);
  const added = (pythonDetails(facts).added ?? []).map(({ requirement }) => requirement);
  const exported = manager.exports ? exportedPath(development) : undefined;
  const logins = loginsOf(facts);
  const steps = manager.install({
    ...(logins ? { logins } : {}),
    files,
    lockfile,
    development,
    added,
    ...(exported === undefined ? {} : { exported }),
    ...(pythonDetails(facts).reads?.isHashed ? { isHashed: true as const } : {}),
  });
  const last = steps.at(-1);
  const choice = last?.do === 'run' ? last.argv.join(' ') : VIRTUAL_ENVIRONMENT;
  const place = foldersOf(facts).own;
  const layers: Layer[] = [
    ...(files.length > 0 && exported === undefined
      ? [
          {
            at: 'manifests',
            reason: {
              choice: files.join(', '),
              why: 'only the files that the install reads: an edit to the source leaves this layer cached',
            },
            steps: copies(files.map((file) => posix.join(place, file))),
          },
        ]
      : []),
    {
      at: 'install',
      reason: {
        choice,
        why: `the packages are in ${VIRTUAL_ENVIRONMENT}, where mounted sources do not hide them`,
        ...(facts.lockfile ? evidenceOf(facts.lockfile) : {}),
      },
      steps: [
        ...steps,
        {
          do: 'run',
          argv: [...runtime.compile],
          note: 'bytecode for a faster start: unchecked, so that every build writes the same files',
        },
      ],
    },
  ];
  return {
    name,
    from: { stage: 'base' },
    note: development ? 'all packages, including those for development and tests' : 'production packages',
    reason: {
      choice: development ? 'every package' : 'production packages',
      why: 'an edit to the source leaves this layer cached',
    },
    layers,
  };
}

/** Whether developing needs packages that production does not. */
const hasDevelopment = (facts: Facts): boolean => facts.dependencies.some(({ dev }) => dev);

function baseStage(facts: Facts, stacks: Stacks): RecipeStage {
  const { runtime, manager } = stacks;
  const { image } = runtime.build(versionOf(facts));
  const brought = manager.installInto;
  const layers: Layer[] = brought
    ? [
        {
          at: 'manager',
          reason: { choice: brought.image, why: 'a single static program, which is not in the final image' },
          steps: [linked(brought.image, brought.source, brought.to)],
        },
      ]
    : [];
  const values = variablesOf(facts, stacks);
  const environment: Layer = {
    at: 'environment',
    reason: {
      choice: Object.keys(values).join(', '),
      why: 'finds the programs of the virtual environment by name',
    },
    steps: [{ do: 'env', values }],
  };
  const why = 'the version that the project requires, on a small Debian image';
  return {
    name: 'base',
    from: { image },
    reason: { choice: image, why, ...('value' in facts.runtime ? evidenceOf(facts.runtime) : {}) },
    layers: [...layers, environment],
  };
}

/** The variables of every stage, with the folders that modules are imported from besides the start folder. */
function variablesOf(facts: Facts, { runtime }: Stacks): Readonly<Record<string, string>> {
  const { image } = foldersOf(facts);
  const { importRoots = [], ownPackage } = pythonDetails(facts);
  const roots = importRoots.map((folder) => posix.join(image, folder));
  if (!ownPackage) return { ...runtime.environment, ...(roots.length > 0 ? { PYTHONPATH: roots.join(':') } : {}) };
  // the sources come before what is installed of them, so that a mounted edit shows
  return {
    ...runtime.environment,
    PATH: `${OWN_PACKAGE}/bin:${runtime.environment['PATH']}`,
    PYTHONPATH: [...roots, image, OWN_PACKAGE].join(':'),
  };
}

function recipeOf(facts: Facts, stacks: Stacks, options: RecipeOptions): Recipe {
  refuseBase(options.runtimeBase);
  const isDivided = hasDevelopment(facts);
  const packages = installing('packages', facts, stacks, true);
  const exported = exporting(facts, stacks, isDivided);
  const { own } = foldersOf(facts);
  const sources = facts.sources.map((path) => posix.join(own, path));
  return {
    reason: {
      choice: 'slim base, run from source',
      why: 'Python runs the source directly; the install tools stay in separate stages',
    },
    prepare: [baseStage(facts, stacks), ...(exported ? [exported] : []), packages],
    generate: [],
    build: [...collectingStages(facts, isDivided ? 'modules' : packages.name), ...ownStages(facts, packages.name)],
    pack: isDivided ? [installing('modules', facts, stacks, false)] : [],
    production: productionOf(facts, stacks, isDivided ? 'modules' : packages.name, sources),
    development: developmentOf(facts, stacks),
    needs: [
      ...[...readsOf(facts, true), ...(pythonDetails(facts).ownPackage?.files ?? [])].map((file) =>
        posix.join(own, file),
      ),
      ...sources,
    ],
    ignore: [
      '**/__pycache__',
      '**/*.pyc',
      '**/.venv',
      '**/venv',
      '.pytest_cache',
      '.mypy_cache',
      '.ruff_cache',
      '.tox',
      '.nox',
      'htmlcov',
      '.coverage',
      '**/*.egg-info',
      '.streamlit/secrets.toml',
      'build',
      'dist',
      '**/node_modules',
    ],
    platforms: [],
  };
}

/** The stage that puts the files that pages name into one folder. */
function collectingStages(facts: Facts, from: string): Recipe['build'] {
  const collects = pythonDetails(facts).collects;
  if (!collects) return [];
  const { argv, env } = collects.value;
  const { own, image } = foldersOf(facts);
  const folder: RecipeStep[] = own === '.' ? [] : [{ do: 'workdir', path: image }];
  return [
    {
      name: 'static',
      from: { stage: from },
      note: 'collects the static files; the values are only for this instruction',
      reason: {
        choice: argv.join(' '),
        why: 'with DEBUG off, only collected files are served',
        ...evidenceOf(collects),
      },
      layers: [
        {
          steps: [
            ...copies(facts.sources.map((path) => posix.join(own, path))),
            ...folder,
            { do: 'run', argv: [...argv], env: { ...env } },
          ],
        },
      ],
    },
  ];
}

function refuseBase(base: string | undefined): void {
  if (base === undefined || base === 'slim') return;
  throw new UserError({
    code: 'base-unknown',
    message: `The key "runtimeBase" says ${JSON.stringify(base)}, which is not supported for Python in this version.`,
    next: ['Remove the key, or set it to slim.'],
  });
}

function productionOf(facts: Facts, stacks: Stacks, from: string, sources: readonly string[]): Recipe['production'] {
  const { runtime } = stacks;
  const [base] = runtime.bases(versionOf(facts));
  if (!base) throw new Error('a runtime without a base');
  const { copiedFromBuild: _, ...production } = base;
  const { image } = foldersOf(facts);
  const start = knownValue(facts.commands.start)?.argv;
  return {
    base: { ...production, by: 'default' },
    folder: image,
    lacking: [],
    contents: contentsOf(facts, from, sources),
    env: {
      ...variablesOf(facts, stacks),
      ...runtime.production,
      ...pythonDetails(facts).env,
      ...pythonDetails(facts).caches,
    },
    limited: pythonDetails(facts).limited ?? [],
    serverVariables: pythonDetails(facts).serverVariables ?? [],
    ...(start ? { start } : {}),
    ...processesOf(facts),
    ...(pythonDetails(facts).object || pythonDetails(facts).answersHttp
      ? {}
      : {
          logs: {
            to: 'stderr',
            why: 'Python logs there by default',
          } as const,
        }),
    probes: {
      http: (port, variable, path, asking) => runtime.probe(port, variable, path, asking),
      port: (port, variable) => runtime.probePort(port, variable),
      ...((pythonDetails(facts).object || pythonDetails(facts).answersHttp) && !facts.https
        ? { answer: runtime.probeAnswer }
        : {}),
      note: 'the check uses Python: the image has no curl',
    },
  };
}

/** What the production image has besides its base. */
const contentsOf = (facts: Facts, from: string, sources: readonly string[]): Layer[] => [
  {
    at: 'packages',
    reason: {
      choice: VIRTUAL_ENVIRONMENT,
      why: 'the same path as in the build stage: its programs refer to their interpreter by path',
    },
    steps: [linked(from, VIRTUAL_ENVIRONMENT, VIRTUAL_ENVIRONMENT)],
  },
  {
    at: 'contents',
    reason: {
      choice: facts.sources.join(', '),
      why: 'the sources, which Python runs directly, and the files beside them',
    },
    steps: copies(
      sources,
      (pythonDetails(facts).folders ?? []).map((path) => posix.join(foldersOf(facts).own, path)),
    ),
  },
  ...collectedLayers(facts),
  ...ownLayers(facts),
];

/** Workers and clocks of the same image, each in a container of its own. */
function processesOf({ processes = [] }: Facts): Pick<Recipe['production'], 'processes'> {
  if (processes.length === 0) return {};
  return {
    processes: processes.map(({ name, command, single, from }) => ({
      name,
      argv: command.argv,
      ...(single ? { single: true as const } : {}),
      reason: {
        choice: command.argv.join(' '),
        why: single
          ? 'the scheduler of the queue: a second one would start everything twice'
          : 'it processes the queue',
        by: 'detected' as const,
        from,
      },
    })),
  };
}

/** What was collected, where the settings look for it. */
function collectedLayers(facts: Facts): Layer[] {
  const collects = pythonDetails(facts).collects;
  if (!collects) return [];
  const path = posix.join(foldersOf(facts).image, collects.value.output);
  return [
    {
      at: 'static',
      reason: { choice: path, why: 'the static files', ...evidenceOf(collects) },
      steps: [linked('static', path, path)],
    },
  ];
}

function developmentOf(facts: Facts, stacks: Stacks): Recipe['development'] {
  const start = knownValue(facts.commands.start)?.argv;
  const { object, reloads } = pythonDetails(facts);
  const again = reloads ? start : developing(facts, object?.value);
  const command = again ?? start ?? ['python'];
  const why = again
    ? 'hot reload: the source is mounted over this one'
    : 'the source: restart the container to apply an edit';
  return {
    reason: { choice: command.join(' '), why },
    note: again ? 'hot reload: docker-compose.dev.yml mounts the source over this one' : why,
    command,
    ...(again ? {} : { still: true as const }),
    env: { ...stacks.runtime.production, ...pythonDetails(facts).env, ...pythonDetails(facts).caches },
    layers: ownLayers(facts),
    keep: [],
  };
}
