import { posix } from 'node:path';
import { UserError } from '../../model/errors.ts';
import type { Dependency, Facts, Variable } from '../../model/facts.ts';
import { detected, knownValue } from '../../model/known.ts';
import type { JavaScriptDetails } from '../../stacks/javascript.ts';
import type { ApplicationInput } from '../contract.ts';
import { type App, appAt, byConfig, moduleTypeOf, present } from './app.ts';
import { readArchetype } from './behavior/archetype.ts';
import { readDrain } from './behavior/drain.ts';
import { frameworkFacts, healthRoutesOf, type IsSideServer, readAppFile, readRoutes } from './behavior/frameworks.ts';
import { fullStackVariables, portOf, withBuildKey } from './behavior/full-stack.ts';
import { refusedNotes } from './behavior/guards.ts';
import { readMigrations } from './behavior/migrations.ts';
import { readFilePaths, readPaths } from './behavior/paths.ts';
import { portOfStart, readPort } from './behavior/port.ts';
import { readOtherPorts, sidePlaces } from './behavior/side-servers.ts';
import { readSignals } from './behavior/signals.ts';
import { withContainer } from './container.ts';
import { withEnvFiles, withModeFiles } from './environment/mode-files.ts';
import { readPackageVariables } from './environment/package-variables.ts';
import { withoutPlatforms } from './environment/platform.ts';
import { inputsOf, usesOf } from './inputs.ts';
import { chooseBuilder } from './manifest/builder.ts';
import { readCompiledTests } from './manifest/compiled-tests.ts';
import { readCompiled, readFromGit, readNative, readOwnScripts, readScripted } from './manifest/dependencies.ts';
import { builtTogether, emittedPathOf } from './manifest/emitted-path.ts';
import { readGlobalPackages } from './manifest/global-packages.ts';
import { installFlags } from './manifest/install-flags.ts';
import { readOldHashes } from './manifest/legacy-hashes.ts';
import { readName } from './manifest/name.ts';
import { readPublishing } from './manifest/publishing.ts';
import type { Toolchain } from './manifest/toolchain.ts';
import { keepsBuildInfo, readKeepsImports, readNoDefaults } from './manifest/tsconfig.ts';
import { withBuiltPages } from './modules/built-pages.ts';
import { importEnding, runsSource } from './modules/endings.ts';
import { readExistingOutput } from './modules/existing-output.ts';
import type { readFiles } from './modules/files.ts';
import { existing } from './modules/graph.ts';
import { withMovedWrites } from './modules/moved-writes.ts';
import { bundlesItself } from './modules/runtime-dev-dependencies.ts';
import { withServedPages } from './modules/served-pages.ts';
import { madeModules, readOutputImport, readSources } from './modules/sources.ts';
import { readUnproved } from './modules/unused-files.ts';
import { allNotes } from './notes.ts';
import { type Analysis, analyse, builtByFramework, filesOf, type Outline, readOutline } from './outline.ts';
import { binOf } from './scripts/commands.ts';
import { withHeap } from './scripts/compiling-heap.ts';
import { preloadedFiles, preloadedSources } from './scripts/preload.ts';
import { processFiles } from './scripts/processes.ts';
import { commandFacts, missingBuildNotes, withEmittedPath } from './scripts/start.ts';
import type { SystemFacts } from './system/index.ts';
import { readBlocker } from './workspace/blocker.ts';
import { areReached } from './workspace/source-siblings.ts';
import { readWorkspace } from './workspace/workspace.ts';

/** The facts of one application. Nothing of it is run. */
export async function inspectApplication(input: ApplicationInput): Promise<Facts> {
  const outline = await readOutline(appAt(input));
  // a large application takes seconds: what waits for its turn, such as Ctrl+C, comes in between
  await new Promise((resolve) => setImmediate(resolve));
  const analysis = await analyse(outline);
  const read = withoutPlatforms(outline.app, await factsOf(outline, analysis, input));
  const contained = withContainer(outline.app, read);
  const facts = await withBuiltPages(outline, analysis.whole, contained, input, inspectApplication);
  // what a full-stack framework builds is built by nothing else
  const framework = builtByFramework(outline.fullStack);
  const known = { ...facts, notes: facts.notes.filter(({ code }) => !framework?.silent.includes(code)) };
  const { selfContained, ...chosen } = framework
    ? { selfContained: framework.selfContained }
    : await chooseBuilder(facts);
  const whole = withMissing(outline, { ...known, ...chosen }, framework !== undefined);
  return selfContained ? whole : withUnproved(outline, whole);
}

/** The facts with a note where what starts is not there, and nothing makes it. */
function withMissing({ app, commands, site }: Outline, facts: Facts, isBuilt: boolean): Facts {
  // the image of the author makes it, or copies it from where it is made
  const isKept =
    app.config.existing !== 'replace' && app.docker?.dockerfiles.some(({ builds }) => builds === 'application');
  if (facts.blocker || site || isKept) return facts;
  const missing = missingBuildNotes(app, commands, isBuilt || facts.builder !== undefined);
  return missing.length === 0 ? facts : { ...facts, notes: [...facts.notes, ...missing] };
}

/** The facts with what else of the project ships: nothing where no program runs. */
function withUnproved({ app, fullStack }: Outline, facts: Facts): Facts {
  const kind = 'value' in facts.archetype ? facts.archetype.value : undefined;
  if (facts.site || kind === undefined || kind === 'library') return facts;
  const built = fullStack && 'fact' in fullStack ? fullStack.fact.value : undefined;
  const made = built ? [built.output, ...built.beside, ...(built.taken ?? [])] : [];
  const unproved = readUnproved(app, facts, made, facts.builder !== undefined || made.length > 0);
  return unproved.length === 0 ? facts : { ...facts, details: { ...facts.details, unproved } };
}

async function factsOf(outline: Outline, analysis: Analysis, input: ApplicationInput): Promise<Facts> {
  const { app, dependencies, toolchain, commands, site, entry } = outline;
  const { context, whole, frameworks, listening, system } = analysis;
  const inputs = inputsOf(outline, whole);
  const signals = readSignals(context, commands.opens);
  const kind = kindOf(outline, analysis, input, { ...inputs.connections, signals });
  const { connections, tokens, files } = inputs;
  const migrations = await readMigrations(whole, toolchain, dependencies, madeBy(outline));
  const details = detailsOf(outline, analysis, inputs, migrations);
  const sources = readSources(whole, commands);
  const answered = answeredBy(outline, analysis, sidePlaces(context, listening));
  const facts: Facts = {
    ...readName(app),
    root: app.root,
    ...present('context', contextOf(app, sources)),
    archetype: kind.archetype,
    ...present('otherwise', kind.otherwise),
    runtime: toolchain.runtime,
    manager: toolchain.manager,
    ...(app.manifest ? { manifest: 'package.json' } : {}),
    ...(toolchain.lockfile ? { lockfile: toolchain.lockfile } : {}),
    frameworks: frameworkFacts(frameworks),
    commands: kind.commands,
    entry,
    ...(kind.tool ? { program: detected(kind.tool.name, [kind.tool.from]) } : {}),
    sources,
    ...portsIn(outline, analysis, kind, connections.variables),
    variables: withoutSet(inputs.variables, settingsOf(system, inputs)),
    services: connections.services,
    externals: site ? [] : connections.externals,
    ...answered,
    signals,
    ...present('drain', site ? undefined : readDrain(context)),
    reads: readsOf(outline, files, migrations),
    writes: files.writes,
    tests: [...commands.tests],
    existing: [...input.existing],
    tokens: tokens.tokens,
    ...(inputs.buildSecrets.length > 0 ? { buildSecrets: inputs.buildSecrets } : {}),
    native: readNative(dependencies),
    compiled: readCompiled(dependencies),
    ...present('site', site?.fact),
    ...present('publishing', readPublishing(app, toolchain)),
    ...present('migration', withHeap(migrations.migration, toolchain)),
    ...processFacts(outline, migrations),
    system: migrations.system,
    ...usesOf(outline, analysis, inputs),
    generators: migrations.generators,
    installs: [...inputs.installs],
    dependencies: [...dependencies],
    details,
    ...fullStackFacts(outline, inputs, readsOf(outline, files, migrations), connections.services),
    ...present('blocker', readBlocker(app, toolchain, site !== undefined || outline.fullStack !== undefined)),
    notes: [...allNotes(outline, analysis, inputs, kind.notes, migrations, details), ...refusedNotes(answered.routes)],
  };
  const told = withEnvFiles(app, withModeFiles(app, facts, isBuilt(outline)), commands.start?.value.argv);
  return withServedPages(whole, withMovedWrites(told));
}

/** The port and the address of a program of the application, and its further ports. */
function portsIn(
  { commands, site }: Outline,
  { context, frameworks, listening }: Analysis,
  kind: ReturnType<typeof kindOf>,
  variables: readonly Variable[],
): Pick<Facts, 'port' | 'host' | 'otherPorts'> {
  const read = readPort(context, listening, frameworks, variables, commands.opens, kind.isService);
  const found = portOfStart(read, kind.commands.start);
  const others = site ? [] : readOtherPorts(context, listening, found.port);
  return { ...found, ...(others.length > 0 ? { otherPorts: others } : {}) };
}

/** The file that makes the server, the routes that look like health routes, and every path that is answered to GET. Of a site a web server answers. */
function answeredBy(
  { app, site, fullStack, start }: Outline,
  { context, frameworks }: Analysis,
  isSide: IsSideServer,
): Pick<Facts, 'appFile' | 'routes' | 'paths'> {
  const appFile = readAppFile(context, frameworks, start, isSide);
  const routes = readRoutes(context, frameworks, isSide);
  const files = fullStack && 'fact' in fullStack ? (readFilePaths(context, fullStack) ?? []) : [];
  const makers = [start, appFile?.value].flatMap((file) => (file === undefined ? [] : app.path(file)));
  const read = site ? [] : (readPaths(context, routes, makers) ?? []);
  const own = read.filter(({ path }) => !files.some((file) => file.path === path));
  const paths = [...own, ...files];
  return {
    ...present('appFile', appFile),
    routes: healthRoutesOf(context, routes),
    ...(paths.length > 0 ? { paths } : {}),
  };
}

/** Which variables the build of a site or a full-stack framework writes into the code. */
function isBuilt({ site, fullStack }: Outline): (variable: Variable) => boolean {
  if (site) return () => true;
  const prefixes = fullStack && 'loaded' in fullStack ? fullStack.loaded.prefixes : undefined;
  return ({ name, built }) =>
    prefixes !== undefined && (built === true || prefixes.some((prefix) => name.startsWith(prefix)));
}

/** Variables that the image sets itself: compose would remove one that it names without a value. */
const withoutSet = (all: readonly Variable[], set: Readonly<Record<string, string>>): Variable[] =>
  all.filter(({ name }) => !Object.hasOwn(set, name));

/** The variables by which it finds programs of the image, and those that name the folder for what it keeps. */
const settingsOf = (
  { variables }: SystemFacts,
  { files }: Pick<ReturnType<typeof inputsOf>, 'files'>,
): Readonly<Record<string, string>> => ({ ...variables, ...files.moved });

/** The compiled packages that the package manager leaves as they come. Absent: none. */
function notBuilt(
  { project, root }: App,
  { loadedManager, manager }: Toolchain,
  dependencies: readonly Dependency[],
): readonly string[] | undefined {
  const compiled = readCompiled(dependencies).map(({ value }) => value);
  const names = loadedManager?.notBuilt?.(project, root, knownValue(manager)?.version, compiled) ?? [];
  return names.length > 0 ? names : undefined;
}

/** The file that the start script runs through a shell, where it is not there before the build. */
function startsMade({ app, commands: { start, startFile } }: Outline): string | undefined {
  const isScript = start?.value.script !== undefined && start.value.argv.at(-1) === start.value.script;
  const file = isScript && startFile ? posix.normalize(startFile.value) : undefined;
  return file !== undefined && existing(app.project, app.path(file)) === undefined ? file : undefined;
}

/** What only this language knows of an application. */
function detailsOf(
  outline: Outline,
  { context, whole, system }: Analysis,
  inputs: ReturnType<typeof inputsOf>,
  { builtAlready, demanded }: Pick<Awaited<ReturnType<typeof readMigrations>>, 'builtAlready' | 'demanded'>,
): JavaScriptDetails {
  const { needed } = inputs;
  const settings = settingsOf(system, inputs);
  const { app, dependencies, toolchain, fullStack, site, preloaded } = outline;
  const isRun = site !== undefined || runsSource(outline);
  const bundled = site !== undefined || bundlesItself(toolchain);
  const moduleType = moduleTypeOf(app);
  const manager = 'value' in toolchain.manager ? toolchain.manager.value.name : undefined;
  const flags = installFlags(app, toolchain.loadedManager, manager);
  const ownScripts = readOwnScripts(app);
  return {
    language: 'javascript',
    moduleType,
    importEnding: importEnding(outline),
    ...present('noDefaults', readNoDefaults(app, dependencies, moduleType)),
    ...present('keepsImports', isRun ? undefined : readKeepsImports(app, moduleType)),
    ...(needed.length > 0 ? { needed } : {}),
    ...present('outputs', builtTogether(app, toolchain)),
    ...present('fromGit', readFromGit(dependencies)),
    ...present('globals', readGlobalPackages(app, dependencies)),
    ...present('notBuilt', notBuilt(app, toolchain, dependencies)),
    ...present('packageVariables', readPackageVariables(whole)),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
    ...present('importsOutput', readOutputImport(context)),
    ...present('importsMade', fullStack || site ? undefined : readExistingOutput(context)),
    ...present('startsMade', startsMade(outline)),
    ...present('fullStack', fullStack && 'fact' in fullStack ? fullStack.fact : undefined),
    ...(flags.length > 0 ? { installFlags: flags } : {}),
    ownScripts,
    ...present('scripted', ownScripts.length > 0 ? readScripted(app, toolchain, dependencies) : undefined),
    ...present('madeModules', madeModules(app, whole.modules, ownScripts)),
    ...(keepsBuildInfo(app) ? { buildInfo: true as const } : {}),
    ...present('compiledTests', site ? undefined : readCompiledTests(app, toolchain, reachedBy(outline))),
    ...present('oldHashes', readOldHashes(app, toolchain, dependencies)),
    ...present('builtAlready', builtAlready),
    ...present('demanded', demanded),
    ...present('preloads', preloadedSources(app, preloaded)),
    ...present('workspace', workspaceOf(outline, bundled)),
  };
}

/** The workspace of an application, and whether it can be made one file with what siblings give as TypeScript. */
function workspaceOf({ app, modules, toolchain }: Outline, bundled: boolean): JavaScriptDetails['workspace'] {
  const files = modules.sources.map(({ file }) => file);
  const found = readWorkspace(app, files, bundled);
  return found && !areReached(app, toolchain, found) ? { ...found, apart: true } : found;
}

/** The folder that an application is built from, where that is more than its own: its workspace, or the repository where it reads files above it. */
function contextOf({ members, root }: App, sources: readonly string[]): string | undefined {
  if (root === '.') return undefined;
  if (members && members.root !== root) return members.root;
  return sources.some((path) => path.startsWith('../')) ? '.' : undefined;
}

/** What is deployed, and what starts it. */
function kindOf(
  outline: Outline,
  { context, listening, frameworks }: Analysis,
  input: ApplicationInput,
  uses: Pick<Facts, 'variables' | 'services' | 'signals'>,
) {
  const { app, toolchain, commands, site, entry, start } = outline;
  const { archetype, otherwise } = readArchetype({
    ...{ app, context, listening, commands, entry },
    frameworks: frameworkFacts(frameworks),
    stated: input.archetype,
    site: site?.fact,
    fullStack: outline.fullStack,
    ...{ variables: uses.variables, services: uses.services, signals: uses.signals },
  });
  const value = 'value' in archetype ? archetype.value : undefined;
  const tool = value === 'cli-tool' ? binOf(app) : undefined;
  const emitted = withEmittedPath(
    app,
    toolchain,
    // a server behind what a framework makes is started as its author says: the pages that count as reached are compiled elsewhere
    {
      start: outline.fullStack && 'fact' in outline.fullStack ? undefined : start,
      reached: reachedBy(outline),
      runsSource: runsSource(outline),
    },
    commandFacts(app, toolchain, commands, start, entry, tool),
  );
  return { archetype, otherwise, tool, isService: value === 'web-service', ...emitted };
}

/** The files that the app and its further processes import, relative to it. */
const reachedBy = ({ app, modules }: Outline): readonly string[] => filesOf(app, modules);

/** The file that building makes of the one that starts. */
function madeBy(outline: Outline): { source: string; built: string } | undefined {
  const { app, toolchain, commands, start } = outline;
  const built = commands.build && commands.startFile?.value;
  const place = start && (emittedPathOf(app, toolchain, start, reachedBy(outline)) ?? built);
  return built && start && place && built !== start ? { source: start, built: place } : undefined;
}

/** What the running app reads: files that its source names, those of migrations, and those that the configuration adds. */
const readsOf = (
  { app, preloaded, beside, commands }: Outline,
  files: ReturnType<typeof readFiles>,
  migrations: Awaited<ReturnType<typeof readMigrations>>,
): Facts['reads'] => [
  ...files.reads,
  ...(migrations.reads ?? []).filter(({ value }) => !files.reads.some((read) => read.value === value)),
  ...preloadedFiles(app, [...preloaded, ...processFiles(app, beside, commands)]),
  ...included(app, files.reads),
];

/** Further processes, and what platforms start that the deployment does not. */
function processFacts({ beside }: Outline, migrations: Pick<Facts, 'leftOut'>): Pick<Facts, 'processes' | 'leftOut'> {
  const leftOut = [...beside.leftOut, ...(migrations.leftOut ?? [])];
  return {
    ...(beside.processes.length > 0 ? { processes: [...beside.processes] } : {}),
    ...(leftOut.length > 0 ? { leftOut } : {}),
  };
}

/** What the server of a full-stack framework is known for: it is no source of the app. */
function fullStackFacts(
  { app, commands, toolchain, modules, fullStack: found }: Outline,
  { files, variables, buildSecrets }: ReturnType<typeof inputsOf>,
  reads: Facts['reads'],
  used: Facts['services'],
): Partial<Facts> {
  if (!found || !('fact' in found)) return {};
  const { value, from } = found.fact;
  const { listens, signals } = found.loaded;
  const settings = value.settings.map((file) => ({
    file: app.path(file),
    why: 'the server of the framework reads it',
  }));
  const ofFramework = {
    ...portOf(app, found, toolchain, commands.start?.value.script),
    ...(listens.address === undefined
      ? {}
      : { host: detected({ address: '0.0.0.0', variable: listens.address }, from) }),
    signals: detected([...(found.fact.value.signals ?? signals)], from),
  };
  return {
    // a server of the author listens and stops in its own way
    ...(value.server === undefined ? ofFramework : {}),
    routes: found.answers.map(({ file, path }) => ({
      method: 'GET',
      path,
      from: [{ file: app.path(file), why: 'its route follows from its path' }],
    })),
    variables: fullStackVariables(app, found, modules, variables, used),
    ...(value.key ? { buildSecrets: withBuildKey(buildSecrets, found) } : {}),
    writes: [...files.writes, ...value.writes.map((path) => detected(path, from))],
    reads: [...reads, ...preloadedFiles(app, settings)],
  };
}

/** What the configuration says that the running app reads besides. */
function included(app: App, known: Facts['reads']): Facts['reads'] {
  const paths = [...new Set(app.config.include ?? [])].map((path) => posix.normalize(path).replace(/\/$/, ''));
  const missing = paths.find((path) => !isThere(app, path));
  if (missing !== undefined) {
    throw new UserError({
      code: 'include-missing',
      message: `"include" contains ${missing}, which does not exist`,
      where: { file: 'dockwright.json' },
      next: [
        'Fix the path: it is relative to the folder of the application',
        'Files ignored by Git cannot be included',
      ],
    });
  }
  return paths.filter((path) => !known.some((item) => item.value === path)).map((path) => byConfig(path, 'include'));
}

const isThere = (app: App, path: string): boolean =>
  app.project.has(app.path(path)) || app.project.files().some((file) => file.startsWith(`${app.path(path)}/`));
