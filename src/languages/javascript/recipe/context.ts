import { posix } from 'node:path';
import type { Evidence, Known } from '../../../model/evidence.ts';
import type { Facts } from '../../../model/facts.ts';
import { type Folders, foldersOf, inRepository } from '../../../model/folders.ts';
import { knownValue } from '../../../model/known.ts';
import type { ProductionBase, RecipeOptions, RecipeStep } from '../../../model/recipe.ts';
import type { BuildKey, FullStack, RuntimeBase } from '../../../stacks/contract.ts';
import { detailsOf, packageOf, startLine, type Workspace } from '../../../stacks/javascript.ts';
import { standIns } from './build-placeholders.ts';
import type { Stacks } from './stacks.ts';

/** What building comes to: what runs in production, and where it comes from. */
export type Output =
  | {
      readonly kind: 'built';
      readonly folder: string;
      /** what the build makes besides, and running needs */
      readonly beside: readonly string[];
      readonly start: readonly string[];
      readonly selfContained: boolean;
      /** sources were compiled one at a time, tests too; absent: what runs was put together */
      readonly ofEach?: boolean | undefined;
      /** stays in its folder, beside the manifest */
      readonly inPlace: boolean;
      /** its contents are those of the whole workspace, as far as the application needs it */
      readonly nested?: boolean;
      /** holds the runtime too */
      readonly compiled: boolean;
      readonly argv: readonly string[];
      readonly env?: Readonly<Record<string, string>> | undefined;
      /** values for the build alone, in the place of those that what runs gets */
      readonly standIns?: Readonly<Record<string, string>>;
      readonly needs: readonly string[];
      /** packages lie in it as they were installed, and what they need of the system is not known */
      readonly traced?: boolean;
      /** variables that are set wherever it is built and runs */
      readonly settings?: Readonly<Record<string, string>>;
      /** folders that are kept from one build to the next, and ship in none */
      readonly caches?: readonly string[];
      /** what it makes in its folder, and no running server needs; absent: nothing */
      readonly leavesOut?: readonly string[] | undefined;
      /** the key that what runs has too; undefined: there is none */
      readonly key?: BuildKey | undefined;
      /** the command that starts what was built of another source; undefined: it is started as it is written */
      readonly starts: ((file: string) => readonly string[] | undefined) | undefined;
      /** what is loaded before the app is made, too; absent: it ships as it is */
      readonly makesPreloads?: boolean | undefined;
      readonly why: string;
    }
  | { readonly kind: 'source'; readonly start: readonly string[]; readonly why: string };

/** A base of the runtime, and the files that it lacks. */
export type Base = ProductionBase & Pick<RuntimeBase, 'copiedFromBuild'>;

/** What the parts of a recipe are made from. */
export type RecipeContext = RecipeOptions & {
  readonly facts: Facts;
  readonly folders: Folders;
  /** undefined: the application is alone */
  readonly workspace: Workspace | undefined;
  readonly stacks: Stacks;
  readonly version: string;
  readonly output: Output;
  readonly base: Base;
  /** commands that make what installing alone does not: scripts of the project that read the sources */
  readonly generates: readonly {
    readonly argv: readonly string[];
    readonly from: readonly Evidence[];
    /** the build script of the project runs it itself */
    readonly isOfBuild?: true;
  }[];
};

/** What the stacks of an application make of it: its output, its base, its generators. */
export function contextOf(facts: Facts, stacks: Stacks, options: RecipeOptions): RecipeContext {
  const version = knownValue(facts.runtime)?.version ?? '';
  const output = outputOf(facts, stacks);
  return {
    ...options,
    facts,
    folders: foldersOf(facts),
    workspace: detailsOf(facts).workspace,
    stacks,
    version,
    output,
    base: baseOf(facts, stacks, options, version, output),
    generates: generatorsOf(facts, stacks),
  };
}

/** What a full-stack framework makes: the server, its files, and where they lie. */
function outputOfFullStack(facts: Facts, stacks: Stacks, fullStack: FullStack): Output | undefined {
  const { caches, env } = fullStack;
  const found = detailsOf(facts).fullStack;
  if (!found) return undefined;
  const {
    output,
    beside,
    start,
    selfContained,
    inPlace = false,
    nested = false,
    buildEnv,
    leavesOut,
    key,
    why,
  } = found.value;
  return {
    kind: 'built',
    folder: output,
    beside,
    start,
    selfContained,
    inPlace,
    nested,
    compiled: false,
    traced: selfContained,
    argv: facts.commands.build?.value.argv ?? stacks.manager?.script('build', []) ?? [],
    env: buildEnv ? { ...facts.commands.build?.value.env, ...buildEnv } : facts.commands.build?.value.env,
    standIns: standIns(facts, fullStack),
    settings: env,
    caches,
    leavesOut,
    key,
    needs: ['.'],
    starts: undefined,
    why,
  };
}

function outputOf(facts: Facts, stacks: Stacks): Output {
  const made = stacks.fullStack && outputOfFullStack(facts, stacks, stacks.fullStack);
  if (made) return made;
  const entry = knownValue(facts.entry) ?? 'index.ts';
  if (stacks.builder) {
    const built = stacks.builder.build(facts);
    return {
      kind: 'built',
      folder: built.output,
      beside: built.beside ?? [],
      start: built.start ?? stacks.runtime.run(built.entry),
      selfContained: built.selfContained,
      ofEach: built.ofEach,
      inPlace: built.inPlace ?? false,
      compiled: built.compiled ?? false,
      argv: built.ofModules && stacks.manager ? stacks.manager.exec(built.argv) : built.argv,
      env: facts.commands.build?.value.env,
      needs: built.needs,
      starts: built.starts,
      makesPreloads: built.makesPreloads,
      why: built.why,
    };
  }
  const startCommand = knownValue(facts.commands.start);
  const start = startCommand?.argv ?? stacks.runtime.run(entry);
  const isOwn = startCommand?.script !== undefined || stacks.runtime.runsSource(facts);
  const loaded = isOwn ? undefined : stacks.runtime.developing?.(facts);
  return {
    kind: 'source',
    start: loaded ?? start,
    why: loaded
      ? 'no build step compiles the source, so it runs as in development, with the loader of the project'
      : 'the runtime runs the source directly, with the production dependencies',
  };
}

/** The base of production: distroless where what runs brings everything with it, else slim; the configuration overrules. */
function baseOf(
  facts: Facts,
  { runtime }: Stacks,
  { runtimeBase }: RecipeOptions,
  version: string,
  output: Output,
): Base {
  const needsSystem = (facts.runPackages ?? []).length > 0 || facts.shell !== undefined;
  const own = output.kind === 'built' && output.compiled && !needsSystem ? runtime.compiledBase?.() : undefined;
  if (own) return { ...own, by: 'default' };
  const bases = runtime.bases(version);
  const isWhole = output.kind === 'built' && output.selfContained && !output.traced;
  const wanted = runtimeBase ?? (isWhole && facts.native.length === 0 && !needsSystem ? 'distroless' : 'slim');
  const base = bases.find((candidate) => candidate.kind === wanted) ?? bases[0];
  if (!base) throw new Error('a runtime without bases');
  const why = runtimeBase === undefined && needsSystem ? `${base.why}: ${systemReason(facts)}` : base.why;
  return { ...base, why, by: runtimeBase ? 'config' : 'default' };
}

/** What needs more of the distribution than a base without a shell has. */
const systemReason = ({ runPackages = [], shell }: Facts): string =>
  runPackages.length > 0 ? runPackages.map(({ value }) => value).join(', ') : (shell?.value ?? '');

/** Scripts of the project that installing would run, and that need the sources: they run once those are there. */
/** Modules that scripts of the project make, but for those that are mounted from the machine. */
export function ofScripts(facts: Facts): readonly string[] {
  const mounted = new Set((facts.localFiles ?? []).map(({ value }) => value));
  return (detailsOf(facts).madeModules ?? []).filter((path) => !mounted.has(path));
}

function generatorsOf(facts: Facts, { manager }: Stacks): RecipeContext['generates'] {
  if (!manager) return [];
  const { builtAlready = [], ownScripts } = detailsOf(facts);
  return [
    ...facts.generators.map(({ value, from }) => ({
      argv: manager.exec(value.argv),
      from,
      ...(builtAlready.includes(value.argv.join(' ')) ? { isOfBuild: true as const } : {}),
    })),
    ...ownScripts.flatMap(({ does, name, from, elsewhere }) =>
      does === 'generates' && !elsewhere ? [{ argv: manager.script(name, []), from }] : [],
    ),
  ];
}

/** The commands that make sources of the application from sources, as steps; before the build script of the project without those that it runs itself. */
export function generateSteps({ generates, output, facts }: RecipeContext, isBuild = false): RecipeStep[] {
  const own = facts.commands.build?.value.argv.join(' ');
  const runsOwn = isBuild && output.kind === 'built' && output.argv.join(' ') === own;
  const env = demandedValues(facts);
  return generates
    .filter(({ isOfBuild }) => !(runsOwn && isOfBuild))
    .map(({ argv }) => ({ do: 'run', argv: [...argv], ...env }));
}

/** What stands in the places of variables that generators demand, while nothing is deployed. */
const demandedValues = (facts: Facts): { readonly env?: Readonly<Record<string, string>> } => {
  const { demanded } = detailsOf(facts);
  return demanded ? { env: demanded } : {};
};

/** The same for a build script of the project that runs generators itself. */
export const demandedByBuild = (facts: Facts): Readonly<Record<string, string>> =>
  (detailsOf(facts).builtAlready ?? []).length > 0 ? (detailsOf(facts).demanded ?? {}) : {};

/** Whether the release of the package manager wants the manifest of every member. */
export const wantsEvery = ({ facts, stacks }: RecipeContext): boolean =>
  stacks.manager?.everyManifest?.(knownValue(facts.manager)?.version) ?? false;

/** The files that installing reads, as paths of the build context: of a workspace the manifests of the members that it is about. */
export function installInputs(context: RecipeContext): string[] {
  const { facts, folders, workspace } = context;
  const own = manifestsOf(facts).map((path) => posix.join(folders.own, path));
  if (!workspace) return own;
  const members = [
    ...workspace.siblings.map(({ folder }) => folder),
    ...(wantsEvery(context) ? workspace.others : []),
    ...(workspace.folder === '.' || workspace.withoutManifest ? [] : ['.']),
  ];
  return [...new Set([...members.map((folder) => posix.join(folder, 'package.json')), ...own])].sort(byPlace);
}

/** What lies in the root comes first, its manifest at the front. */
const byPlace = (a: string, b: string): number => {
  const rank = (path: string) => (path === 'package.json' ? 0 : path.includes('/') ? 2 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
};

/** The files that installing reads. */
export const manifestsOf = (facts: Facts): string[] => [
  ...(facts.manifest ? [facts.manifest] : []),
  ...(facts.lockfile ? [facts.lockfile.value.path] : []),
  ...facts.installs,
];

/** Whether production runs with packages beside it: nothing has been built, or not into one piece. */
export const needsPackages = (context: RecipeContext): boolean =>
  (context.facts.dependencies.some((dependency) => !dependency.dev) ||
    (context.workspace?.siblings.some((sibling) => sibling.runs) ?? false) ||
    needsDevelopment(context)) &&
  (context.output.kind === 'source' || !context.output.selfContained);

/** Whether the app starts with a development dependency, such as a loader of TypeScript, or imports one: then none can be left out. */
export const needsDevelopment = ({ output, facts }: RecipeContext): boolean =>
  (detailsOf(facts).needed ?? []).length > 0 ||
  (output.kind === 'source' &&
    facts.dependencies.some(({ dev, name }) => dev && loadersOf(output.start).includes(name)));

/** Packages that a command loads before its file. */
const loadersOf = (argv: readonly string[]): readonly string[] =>
  startLine(argv).preloads.map(({ module }) => packageOf(module));

/** Files and folders that running needs besides what is built: those inside a folder that is copied anyway are left out. */
export function readsOf({ facts, folders, output, workspace }: RecipeContext): string[] {
  // siblings that run are there whole
  const siblings = (workspace?.siblings ?? []).flatMap(({ folder, runs }) => (runs ? [`${folder}/`] : []));
  const isOfSibling = (path: string) => siblings.some((folder) => posix.join(folders.own, path).startsWith(folder));
  const made = output.kind === 'built' && output.makesPreloads ? (detailsOf(facts).preloads ?? []) : [];
  const reads = [...new Set(facts.reads.map((read) => read.value))].filter(
    (path) => !isOfSibling(path) && !made.includes(path),
  );
  const copied = [...(output.kind === 'source' ? facts.sources : []), ...reads];
  return reads.filter(
    (path) =>
      !copied.some((other) => path.startsWith(`${other}/`)) &&
      !(output.kind === 'source' && facts.sources.includes(path)),
  );
}

/** What else of the project ships: a narrower image needs proof that the running app does without it. */
export function unprovedOf({ facts, output }: RecipeContext): readonly Known<string>[] {
  if (output.kind === 'built' && output.selfContained && !output.inPlace) return [];
  const held = new Set((facts.credentialFiles ?? []).map(({ file }) => file));
  return (detailsOf(facts).unproved ?? []).filter(({ value }) => !held.has(inRepository(facts, value)));
}

/** What building reads: the sources, and what the builder asks for besides. */
export function builtFrom({ facts, output, generates }: RecipeContext): string[] {
  const needs = output.kind === 'built' ? output.needs : [];
  // what a script of the project reads is not known
  if (needs.includes('.') || generates.length > 0) return ['.'];
  return [...new Set([...facts.sources, ...needs])];
}
