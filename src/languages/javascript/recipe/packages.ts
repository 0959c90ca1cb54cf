import { posix } from 'node:path';
import { isArchived, oldCompiling, updateOf } from '../../../catalog/archived-distributions.ts';
import { fetching, toolchain } from '../../../catalog/toolchain.ts';
import type { Facts } from '../../../model/facts.ts';
import { evidenceOf, knownValue } from '../../../model/known.ts';
import type { Layer, Reason, RecipeStage, RecipeStep } from '../../../model/recipe.ts';
import { detailsOf, type OwnScript } from '../../../stacks/javascript.ts';
import { copies, linked, settingsMounts } from '../../support/steps.ts';
import {
  installInputs,
  manifestsOf,
  needsDevelopment,
  needsPackages,
  type RecipeContext,
  wantsEvery,
} from './context.ts';
import { inContext, intoOwn, ownCopies, runningSiblings, siblingLayers } from './context-paths.ts';

/** The stages before the sources of the application: what builds, every package, and its siblings. */
export function preparingStages(context: RecipeContext): RecipeStage[] {
  const first = [baseStage(context), toolsStage(context), dependenciesStage(context)].filter(
    (stage) => stage !== undefined,
  );
  const siblings = siblingsStage(context, first.at(-1)?.name ?? 'base');
  return siblings ? [...first, siblings] : first;
}

/** The image that everything is built in, with the package manager. */
function baseStage({ stacks, version, facts, output, workspace }: RecipeContext): RecipeStage {
  const { image } = stacks.runtime.build(version);
  const { runtime } = facts;
  const why =
    'value' in runtime && runtime.by !== 'default'
      ? `the version that the project requires${runtime.value.range ? ` (${runtime.value.range})` : ''}`
      : 'the project sets no version, so the newest supported one is used';
  return {
    name: 'base',
    // what is compiled for another platform is compiled on this one
    from: { image, ...(output.kind === 'built' && output.compiled ? { platform: '$BUILDPLATFORM' } : {}) },
    reason: { choice: image, why, ...('value' in runtime ? evidenceOf(runtime) : {}) },
    layers: [
      ...managerLayers(facts, stacks, version),
      ...programLayers(facts, stacks.runtime),
      ...(workspace ? settingsLayers(facts, stacks.manager) : []),
    ],
  };
}

/** Variables that the package manager needs in every stage of a workspace. */
function settingsLayers(facts: Facts, manager: RecipeContext['stacks']['manager']): readonly Layer[] {
  const values = manager?.workspaceEnv?.(knownValue(facts.manager)?.version) ?? {};
  if (Object.keys(values).length === 0) return [];
  const reason: Reason = {
    choice: Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
    why: 'makes every package manager command in this image use node_modules folders',
  };
  return [{ at: 'manager-settings', reason, steps: [{ do: 'env', values: { ...values } }] }];
}

/** Puts programs into the build image that the scripts of the project run and its dependencies do not bring. */
function programLayers(facts: Facts, { installPrograms }: RecipeContext['stacks']['runtime']): readonly Layer[] {
  const globals = detailsOf(facts).globals ?? [];
  if (globals.length === 0 || !installPrograms) return [];
  const packages = globals.map(({ value }) => value);
  const reason: Reason = {
    choice: packages.join(', '),
    why: 'scripts of the project run it, no dependency installs it, and the existing image had it: add it to devDependencies, so that each build uses the same version',
    from: globals.flatMap(({ from }) => [...from]),
  };
  return [{ at: 'programs', reason, steps: [{ do: 'run', argv: [...installPrograms(packages)] }] }];
}

/** Puts the package manager into a build image that lacks it. */
function managerLayers(
  facts: Facts,
  { manager: loaded, runtime: own }: RecipeContext['stacks'],
  runtimeVersion: string,
): readonly Layer[] {
  const manager = knownValue(facts.manager);
  const runtime = knownValue(facts.runtime);
  if (!manager || !runtime || !loaded || facts.dependencies.length === 0) return [];
  const lacks = own.lacksFor?.(manager.name);
  const first: readonly Layer[] = lacks
    ? [
        {
          at: 'managerRuntime',
          reason: { choice: lacks.image, why: lacks.why },
          steps: [linked(lacks.image, lacks.source, lacks.to)],
        },
      ]
    : [];
  const installed = loaded.installInto?.({ runtime: runtime.name, runtimeVersion, version: manager.version });
  if (!installed) return first;
  const reason: Reason = {
    choice: `${manager.name}${manager.version ? ` ${manager.version}` : ''}`,
    why: installed.why,
    ...('value' in facts.manager ? evidenceOf(facts.manager) : {}),
  };
  const step: RecipeStep =
    'argv' in installed
      ? { do: 'run', argv: [...installed.argv] }
      : linked(installed.image, installed.source, installed.to);
  return [...first, { at: 'manager', reason, steps: [step] }];
}

/** What installing needs that the image of the build lacks: its tools stay in a stage that nothing ships from. */
function toolsStage({ facts, stacks, version }: RecipeContext): RecipeStage | undefined {
  const { compiled } = facts;
  const { headers } = stacks.runtime;
  const fromGit = fromGitOf(facts);
  if (compiled.length + fromGit.length === 0 || !stacks.manager) return undefined;
  const { image } = stacks.runtime.build(version);
  const named = (all: readonly { readonly value: string }[]) => all.map(({ value }) => value).join(', ');
  const packages = [
    ...(compiled.length > 0 ? toolchain.packages : []),
    ...(compiled.length > 0 && isArchived(image) ? oldCompiling : []),
    ...(fromGit.length > 0 ? fetching.packages : []),
    ...(fromGit.some(({ from }) => from.some(({ why }) => /ssh:|git@/.test(why))) ? fetching.ssh : []),
  ];
  const whys = [
    ...(compiled.length > 0
      ? [`${named(compiled)} is compiled during installation if no prebuilt binary is available`]
      : []),
    ...(fromGit.length > 0 ? [`${named(fromGit)} is fetched with Git, which is missing from slim images`] : []),
  ];
  const does = [
    ...(compiled.length > 0 ? [`compiling ${named(compiled)}`] : []),
    ...(fromGit.length > 0 ? [`fetching ${named(fromGit)} with Git`] : []),
  ];
  const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  return {
    name: 'tools',
    from: { stage: 'base' },
    note: `needed for ${does.join(' and ')}; not part of the final image`,
    reason: {
      choice: packages.join(', '),
      why: whys.join('; '),
      from: [...compiled, ...fromGit].flatMap(({ from }) => from),
    },
    layers: [
      {
        steps: [
          { do: 'shell', script: [...updateOf(image), install, 'rm -rf /var/lib/apt/lists/*'] },
          ...(compiled.length > 0 && headers ? [{ do: 'env' as const, values: { ...headers } }] : []),
        ],
      },
    ],
  };
}

const fromGitOf = (facts: Facts) => detailsOf(facts).fromGit ?? [];

/** The stage that installing starts from. */
const installBase = ({ facts }: RecipeContext): string =>
  facts.compiled.length + fromGitOf(facts).length > 0 ? 'tools' : 'base';

/** Every dependency, those of development too. */
function dependenciesStage(context: RecipeContext): RecipeStage | undefined {
  const { facts, stacks } = context;
  if (facts.dependencies.length === 0 || !stacks.manager) return undefined;
  return {
    name: 'deps',
    from: { stage: installBase(context) },
    note: 'all dependencies, installed from the manifests only: an edit to the source leaves this layer cached',
    reason: {
      choice: 'a separate stage for the dependencies',
      why: 'an edit to the source leaves this layer cached',
      from: facts.lockfile?.from ?? [],
    },
    layers: installLayers(context, false),
  };
}

function installLayers(context: RecipeContext, production: boolean): readonly Layer[] {
  const { facts, stacks, workspace } = context;
  const { manager } = stacks;
  if (!manager) return [];
  const scripts = whoseScripts(context, production);
  const install = manager.install({
    lockfile: facts.lockfile?.value.path,
    production,
    tokens: facts.tokens.map((token) => token.variable),
    ignoreScripts: scripts !== 'all',
    version: knownValue(facts.manager)?.version,
    runtimeVersion: context.version,
    ...(workspace ? { member: workspace } : {}),
    flags: (detailsOf(facts).installFlags ?? []).map(({ value }) => value),
    build: detailsOf(facts).notBuilt ?? [],
  });
  const env = install.env ? { env: { ...install.env } } : {};
  const rebuild = scripts === 'dependencies' ? manager.rebuild?.() : undefined;
  const stripped = scripts === 'all' ? [...new Set(ownScriptsOf(facts, production).map(({ name }) => name))] : [];
  const strip = stripped.length > 0 ? manager.stripScripts?.(stripped, workspace !== undefined) : undefined;
  return [
    {
      at: 'manifests',
      reason: manifestsReason(context),
      steps: workspace
        ? copies(installInputs(context))
        : [...intoOwn(context), ...ownCopies(context, manifestsOf(facts))],
    },
    ...(strip ? [scriptsLayer(facts, strip)] : []),
    {
      at: 'install',
      reason: installReason(facts, install),
      steps: [{ do: 'run', argv: [...install.argv], mounts: [...install.mounts, ...settingsMounts(facts)], ...env }],
    },
    ...(rebuild ? [scriptsLayer(facts, rebuild)] : []),
  ];
}

const manifestsReason = (context: RecipeContext): Reason => ({
  choice: installInputs(context).join(', '),
  why: 'only the files that the install reads',
  from: context.facts.lockfile?.from ?? [],
});

const installReason = (
  { lockfile, tokens }: Facts,
  install: { readonly argv: readonly string[]; readonly why: string },
): Reason => ({
  choice: install.argv.join(' '),
  why: install.why,
  ...(lockfile ? evidenceOf(lockfile) : {}),
  // what asks for a build secret is a reason for the line that mounts it
  ...(tokens.length > 0 ? { from: [...(lockfile?.from ?? []), ...tokens.flatMap((token) => token.from)] } : {}),
});

/**
 * Whose scripts an install runs. The project's own are for development or need the sources, which are not there yet; those of packages
 * with native code have to run all the same.
 */
function whoseScripts(
  { facts, stacks, workspace }: RecipeContext,
  production: boolean,
): 'all' | 'none' | 'dependencies' {
  const own = ownScriptsOf(facts, production);
  if (own.length === 0) return 'all';
  const { rebuild, stripScripts } = stacks.manager ?? {};
  const patches = detailsOf(facts).ownScripts.some(({ does }) => does === 'patches');
  // what patches packages has to run, also beside a script that must not
  const isNeeded = facts.native.length > 0 || (detailsOf(facts).scripted ?? []).length > 0;
  if (!isNeeded) return patches && (stripScripts || !production) ? 'all' : 'none';
  // building packages again runs what the project has around installing, but not what prepares it, except in the members of a workspace
  const isRun = workspace !== undefined || own.some(({ name }) => name !== 'prepare');
  return rebuild && !(stripScripts && isRun) ? 'dependencies' : 'all';
}

const ownScriptsOf = (facts: Facts, production: boolean): readonly OwnScript[] =>
  detailsOf(facts).ownScripts.filter(({ does }) => production || does !== 'patches');

const scriptsLayer = (facts: Facts, argv: readonly string[]): Layer => ({
  at: 'native',
  reason: {
    choice: 'only the install scripts of the dependencies',
    why: 'packages with native code need them; the scripts of the project itself would need its sources',
    from: facts.native.flatMap(({ from }) => from),
  },
  steps: [{ do: 'run', argv: [...argv] }],
});

/** What runs beside the app: only the production dependencies, installed again or pruned where scripts have made something there. */
export function modulesStage(context: RecipeContext): RecipeStage | undefined {
  if (!needsPackages(context)) return undefined;
  if (needsDevelopment(context)) return allModules(context);
  const { facts, stacks, generates } = context;
  const reason: Reason = {
    choice: 'only the production dependencies',
    why: 'the final image must not contain development dependencies',
  };
  const note = 'production dependencies, without the development ones';
  const made = generates.length > 0 || detailsOf(facts).ownScripts.some(({ does }) => does === 'patches');
  const prune = made
    ? stacks.manager?.prune?.({ version: knownValue(facts.manager)?.version, runtimeVersion: context.version })
    : undefined;
  const clean = [...withoutTimestamps(stacks.manager?.timestampFiles ?? []), ...withoutInputs(context)];
  if (!prune && generates.length > 0) return allWithMade(context, clean);
  if (!prune)
    return {
      name: 'modules',
      from: { stage: focuses(context) ? 'deps' : installBase(context) },
      note,
      reason,
      layers: [...installLayers(context, true), ...clean],
    };
  const env = prune.env ? { env: { ...prune.env } } : {};
  return {
    name: 'modules',
    from: { stage: generates.length > 0 ? 'build' : 'deps' },
    note: `${note}, including files generated there by scripts`,
    reason,
    layers: [
      {
        steps: [
          ...(context.workspace && generates.length > 0 ? [{ do: 'workdir' as const, path: context.folders.top }] : []),
          { do: 'run', argv: [...prune.argv], mounts: [...prune.mounts, ...settingsMounts(facts)], ...env },
        ],
      },
      ...clean,
    ],
  };
}

/** Every dependency, where the package manager cannot take those of development out again: what scripts have made there is in no install. */
function allWithMade({ generates, facts }: RecipeContext, clean: readonly Layer[]): RecipeStage {
  const scripts = generates.map(({ argv }) => `\`${argv.join(' ')}\``).join(', ');
  const name = knownValue(facts.manager)?.name ?? 'the package manager';
  return {
    name: 'modules',
    from: { stage: 'build' },
    note: 'all dependencies, including files generated there by scripts',
    reason: {
      choice: 'all dependencies, including the development ones',
      why: `${scripts} may have generated files in it, and ${name} cannot remove only the development dependencies`,
      from: generates.flatMap(({ from }) => from),
    },
    layers: clean,
  };
}

/** Whether the production install begins with the whole one: it alone compares the lockfile with the manifests. */
const focuses = ({ facts, stacks, workspace }: RecipeContext): boolean =>
  workspace !== undefined && (stacks.manager?.focuses?.(knownValue(facts.manager)?.version) ?? false);

/** Of a workspace the whole tree ships, with the links between its packages: what only installing reads goes before. */
function withoutInputs(context: RecipeContext): readonly Layer[] {
  const { facts, workspace } = context;
  if (!workspace) return [];
  const inputs = [...(facts.lockfile ? [facts.lockfile.value.path] : []), ...facts.installs];
  const building = workspace.siblings.filter(({ runs }) => !runs);
  const { manager } = context.stacks;
  const version = knownValue(facts.manager)?.version;
  const links = building.flatMap(({ name }) => manager?.memberLinks?.(name, version) ?? []);
  const members = [...building.map(({ folder }) => folder), ...(wantsEvery(context) ? workspace.others : [])];
  const paths = [...inputs.map((path) => inContext(context, path)), ...members.sort(), ...links];
  if (paths.length === 0) return [];
  return [
    {
      at: 'inputs',
      reason: {
        choice: `without ${paths.join(', ')}`,
        why: 'only the install reads them, and it skips members that the application does not need',
      },
      steps: [{ do: 'run', argv: ['rm', '-rf', ...paths] }],
    },
  ];
}

/** What lies around the application, and its siblings, each built before those that need it: an edit of the application builds none of it again. */
function siblingsStage(context: RecipeContext, from: string): RecipeStage | undefined {
  const layers = siblingLayers(context);
  const siblings = context.workspace?.siblings ?? [];
  if (layers.length === 0) return undefined;
  return {
    name: 'siblings',
    from: { stage: from },
    note: 'packages of this repository that the app needs, built in order: an edit to the app itself leaves them cached',
    reason: {
      choice: siblings.length > 0 ? siblings.map(({ name }) => name).join(', ') : 'files in the root of the repository',
      why: 'the build needs them, and an edit to the app leaves them cached',
    },
    layers,
  };
}

/** The siblings as they were built, without packages of development: production takes their folders from here. */
export function builtSiblingsStage({ workspace, folders }: RecipeContext): RecipeStage | undefined {
  const built = runningSiblings(workspace).filter(({ scripts }) => scripts !== undefined);
  if (built.length === 0) return undefined;
  const packages = built.map(({ folder }) => posix.join(folders.top, folder, 'node_modules'));
  return {
    name: 'built-siblings',
    from: { stage: 'siblings' },
    note: 'packages of this repository that the app needs at run time, without the development ones',
    reason: {
      choice: built.map(({ name }) => name).join(', '),
      why: 'their build output is not committed; development packages are left out',
    },
    layers: [{ steps: [{ do: 'run', argv: ['rm', '-rf', ...packages] }] }],
  };
}

/** Removes the files where the package manager notes when it ran: two builds of one commit are to be one image. */
const withoutTimestamps = (files: readonly string[]): readonly Layer[] =>
  files.length === 0
    ? []
    : [
        {
          at: 'clocks',
          reason: {
            choice: files.join(', '),
            why: 'they contain the time of the install, so every build would differ; they are not needed at run time',
          },
          steps: [
            {
              do: 'run',
              argv: ['rm', '-f', ...files],
              note: 'these contain the time of the install; without them two builds produce the same image',
            },
          ],
        },
      ];

function allModules(context: RecipeContext): RecipeStage {
  const { facts, generates } = context;
  const needed = detailsOf(facts).needed ?? [];
  const names = needed.map(({ value }) => value).join(', ');
  const what = needed.length > 0 ? `the app imports ${names}, ` : 'what starts the app is ';
  return {
    name: 'modules',
    // what scripts of the project make among the packages, such as a client of the database, is in no install
    from: { stage: generates.length > 0 ? 'build' : 'deps' },
    note: `all dependencies: ${what}a development dependency`,
    reason: {
      choice: 'all dependencies, including the development ones',
      why: `${what}a development dependency: move it to \`dependencies\`, or build the app`,
      ...(needed.length > 0
        ? { from: needed.flatMap(({ from }) => from) }
        : 'value' in facts.commands.start
          ? evidenceOf(facts.commands.start)
          : {}),
    },
    layers: withoutInputs(context),
  };
}
