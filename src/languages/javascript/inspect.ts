import { posix } from 'node:path';
import { shellFor } from '../../formats/shell/commands.ts';
import { UserError } from '../../model/errors.ts';
import type { Known } from '../../model/evidence.ts';
import type { Dependency, Facts, Variable } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import { pathIn } from '../../project/paths.ts';
import type { Runtime } from '../../stacks/contract.ts';
import type { JavaScriptDetails } from '../../stacks/javascript.ts';
import type { ApplicationInput } from '../contract.ts';
import { analysisContext } from './analysis.ts';
import { type App, appAt, byConfig, detected, present } from './app.ts';
import { readArchetype } from './behavior/archetype.ts';
import { inSourceNotes, ofBuild, readConnections } from './behavior/connections.ts';
import { readDrain } from './behavior/drain.ts';
import { frameworkFacts, readAppFile, readFrameworks, readRoutes, serverObjects } from './behavior/frameworks.ts';
import {
  type FoundFullStack,
  fullStackVariables,
  portOf,
  type RefusedFullStack,
  readFullStack,
  type StartedServer,
  secretNotes,
} from './behavior/full-stack.ts';
import { readHttps } from './behavior/https.ts';
import { readMigrations } from './behavior/migrations.ts';
import { portOfStart, readListening, readPort } from './behavior/port.ts';
import { readSecureOnly } from './behavior/secure-only.ts';
import { mainFirst, readOtherPorts, sidePlaces } from './behavior/side-servers.ts';
import { readSignals } from './behavior/signals.ts';
import { proxyNotes, readSite, refusedSite, siteEntries } from './behavior/site.ts';
import { shellLines, withContainer } from './container.ts';
import { withAuthVariables } from './environment/auth-variables.ts';
import { readBuildSecrets } from './environment/build-secrets.ts';
import { withEnvFiles, withModeFiles } from './environment/mode-files.ts';
import { readPackageVariables } from './environment/package-variables.ts';
import { readLocalFiles, readSecretFiles } from './environment/secret-files.ts';
import { type AnalysisContext, remembering } from './evaluate/context.ts';
import { chooseBuilder } from './manifest/builder.ts';
import {
  installScripts,
  localPackages,
  readCompiled,
  readDependencies,
  readFromGit,
  readNative,
  readOwnScripts,
} from './manifest/dependencies.ts';
import { builtTogether, emittedPathOf } from './manifest/emitted-path.ts';
import { readGlobalPackages } from './manifest/global-packages.ts';
import { installFlags } from './manifest/install-flags.ts';
import { readName } from './manifest/name.ts';
import { readPublishing } from './manifest/publishing.ts';
import { readTokens } from './manifest/registry-tokens.ts';
import { readToolchain, type Toolchain } from './manifest/toolchain.ts';
import { keepsBuildInfo, readKeepsImports, readNoDefaults } from './manifest/tsconfig.ts';
import { readUnparsedSettings } from './manifest/unparsed-settings.ts';
import { readReached } from './modules/autoload.ts';
import { readBlockers } from './modules/bundle-blockers.ts';
import { readFiles } from './modules/files.ts';
import type { Modules } from './modules/graph.ts';
import { homeNotes, readHome } from './modules/home.ts';
import { keyNotes } from './modules/key-files.ts';
import { leftAliases } from './modules/left-aliases.ts';
import { withMovedWrites } from './modules/moved-writes.ts';
import { bundlesItself, neededWhenRunning } from './modules/runtime-dev-dependencies.ts';
import { withServedPages } from './modules/served-pages.ts';
import {
  brokenNotes,
  downloadNotes,
  importEnding,
  missingNotes,
  readOutputImport,
  readSources,
} from './modules/sources.ts';
import { readUnproved } from './modules/unproved.ts';
import { binOf, type Commands, readCommands, readEntry } from './scripts/commands.ts';
import { composeLines } from './scripts/composed.ts';
import { scriptsOf } from './scripts/follow.ts';
import { platformLines } from './scripts/platform.ts';
import { loadedFirst, preloadedFiles, preloadedSources } from './scripts/preload.ts';
import {
  findProcesses,
  placeProcesses,
  processBlocker,
  processFiles,
  type ReadProcesses,
} from './scripts/processes.ts';
import { scriptTexts } from './scripts/shell-script.ts';
import { commandFacts, notMade, withEmittedPath } from './scripts/start.ts';
import { ofSite, readBuildSystem, readSystem, type SystemFacts } from './system/index.ts';
import { readBlocker } from './workspace/blocker.ts';
import { readWorkspace } from './workspace/workspace.ts';

/** What an application is made of, as far as its files show it without its sources. */
type Outline = {
  readonly app: App;
  readonly dependencies: readonly Dependency[];
  readonly toolchain: Toolchain;
  readonly commands: Commands;
  readonly site: Awaited<ReturnType<typeof readSite>>;
  readonly fullStack: FoundFullStack | RefusedFullStack | undefined;
  /** the file that starts, and everything that it reaches */
  readonly entry: Facts['entry'];
  readonly start: string | undefined;
  readonly preloaded: ReturnType<typeof loadedFirst>;
  /** further processes of the app */
  readonly beside: ReadProcesses;
  /** everything that the app and its further processes reach */
  readonly modules: Modules;
  /** what the app alone reaches: a further process may listen, and stop, in ways of its own */
  readonly own: Modules;
};

/** The sources of an application, and the servers in them. */
type Analysis = {
  /** the sources of the app alone */
  readonly context: AnalysisContext;
  /** with those of its further processes */
  readonly whole: AnalysisContext;
  readonly frameworks: Awaited<ReturnType<typeof readFrameworks>>;
  readonly listening: ReturnType<typeof readListening>;
  readonly system: SystemFacts;
};

/** The facts of one application. Nothing of it is run. */
export async function inspectApplication(input: ApplicationInput): Promise<Facts> {
  const outline = await readOutline(appAt(input));
  // a large application takes seconds: what waits for its turn, such as Ctrl+C, comes in between
  await new Promise((resolve) => setImmediate(resolve));
  const facts = withContainer(outline.app, await factsOf(outline, await analyse(outline), input));
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
  if (facts.blocker || site) return facts;
  const missing = notMade(app, commands, isBuilt || facts.builder !== undefined);
  return missing.length === 0 ? facts : { ...facts, notes: [...facts.notes, ...missing] };
}

/** What a full-stack framework makes holds everything or not; undefined: none builds the app. */
function builtByFramework(
  found: Outline['fullStack'],
): { readonly selfContained: boolean; readonly silent: readonly string[] } | undefined {
  if (!found || !('fact' in found) || builtBy(found).length === 0) return undefined;
  const { selfContained, server } = found.fact.value;
  // what holds its packages is made where the development ones are installed, too, and the author's server keeps its loader
  const silent = [...(selfContained ? ['needed-when-running'] : []), ...(server ? ['start-for-development'] : [])];
  return { selfContained, silent };
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

async function readOutline(app: App): Promise<Outline> {
  const lines = [...Object.values(scriptsOf(app)), ...shellLines(app), ...platformLines(app), ...composeLines(app)];
  // what a sibling is built by is read, too
  await shellFor([...lines, ...scriptTexts(app, lines), ...(app.members?.scripts ?? [])]);
  const dependencies = readDependencies(app);
  const toolchain = await readToolchain(app, dependencies);
  const commands = readCommands(app, toolchain);
  const site = await readSite(app, toolchain, dependencies, commands.startFile?.value);
  const fullStack = site
    ? undefined
    : ((await readFullStack(app, toolchain, dependencies, startedOwn(commands))) ??
      (commands.startFile ? undefined : await refusedSite(app, toolchain, dependencies)));
  const pages = site ? siteEntries(app, site) : builtBy(fullStack).map(app.path);
  const entry =
    pages[0] === undefined ? readEntry(app, toolchain, commands) : pageEntry(app, pages[0], site !== undefined);
  const start = 'value' in entry ? entry.value : undefined;
  const preloaded = loadedFirst(app, commands, dependencies);
  const entries = start === undefined ? [] : [app.path(start), ...preloaded.map(({ file }) => file)];
  const aliases = fullStack && 'fact' in fullStack ? fullStack.loaded.aliases : undefined;
  const reached = (files: readonly string[]) => readReached(app, files, toolchain.loadedRuntime, aliases);
  const own = reached(pages.length > 0 ? pages : entries);
  const withFurther = (sources: readonly string[]) =>
    sources.length > 0 ? reached([...(pages.length > 0 ? pages : entries), ...sources.map(app.path)]) : own;
  const found = site ? { found: [], leftOut: [] } : findProcesses(app, toolchain, commands);
  const all = withFurther(found.found.map(({ source }) => source));
  const beside = placeProcesses(app, toolchain, commands, found, filesOf(app, all));
  const isWhole = beside.processes.length === found.found.length;
  const modules = isWhole ? all : withFurther(beside.processes.flatMap(({ entry: source }) => source ?? []));
  return { app, dependencies, toolchain, commands, site, fullStack, entry, start, preloaded, beside, modules, own };
}

async function analyse({
  app,
  modules,
  own,
  site,
  fullStack,
  toolchain,
  commands,
  dependencies,
}: Outline): Promise<Analysis> {
  const runtime = site ? inBrowsers(toolchain) : inFramework(toolchain, fullStack);
  const bare = analysisContext({ app, modules: own, runtime });
  const frameworks = await readFrameworks(bare, dependencies);
  const context = remembering({ ...bare, servers: serverObjects(bare, frameworks) });
  const whole = modules === own ? context : analysisContext({ app, modules, runtime });
  const building = await readBuildSystem(app, runtime, commands.buildPrograms);
  const system = site ? ofSite(building, site.history) : await readSystem(whole, commands.start, building);
  return { context, whole, frameworks, system, listening: mainFirst(context, readListening(context)) };
}

async function factsOf(outline: Outline, analysis: Analysis, input: ApplicationInput): Promise<Facts> {
  const { app, dependencies, toolchain, commands, site, entry, start } = outline;
  const { context, whole, frameworks, listening, system } = analysis;
  const inputs = inputsOf(outline, whole);
  const signals = readSignals(context, commands.opens);
  const kind = kindOf(outline, analysis, input, { ...inputs.connections, signals });
  const { connections, tokens, files, needed } = inputs;
  const migrations = await readMigrations(whole, toolchain, dependencies, madeBy(outline));
  const details = detailsOf(outline, analysis, needed, migrations);
  const sources = readSources(whole, commands);
  const isSide = sidePlaces(context, listening);
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
    ...present('appFile', readAppFile(context, frameworks, start, isSide)),
    sources,
    ...portsIn(outline, analysis, kind, connections.variables),
    variables: withoutSet(inputs.variables, system),
    services: connections.services,
    externals: site ? [] : connections.externals,
    routes: readRoutes(context, frameworks, isSide),
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
    ...present('migration', migrations.migration),
    ...processFacts(outline, migrations),
    system: migrations.system,
    ...usesOf(outline, analysis, inputs),
    generators: migrations.generators,
    installs: [...inputs.installs],
    dependencies: [...dependencies],
    details,
    ...fullStackFacts(outline, inputs, readsOf(outline, files, migrations)),
    ...present('blocker', readBlocker(app, toolchain, site !== undefined || outline.fullStack !== undefined)),
    notes: allNotes(outline, analysis, inputs, kind.notes, migrations),
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

/** Which variables the build of a site or a full-stack framework writes into the code. */
function isBuilt({ site, fullStack }: Outline): (variable: Variable) => boolean {
  if (site) return () => true;
  const prefixes = fullStack && 'loaded' in fullStack ? fullStack.loaded.prefixes : undefined;
  return ({ name, built }) =>
    prefixes !== undefined && (built === true || prefixes.some((prefix) => name.startsWith(prefix)));
}

/** What the image sets nobody has to: handed on by its name alone, compose would take it away. */
const withoutSet = (all: readonly Variable[], { variables = {} }: SystemFacts): Variable[] =>
  all.filter(({ name }) => !Object.hasOwn(variables, name));

/** What its owner should know of it, from every part of the reading. */
function allNotes(
  outline: Outline,
  analysis: Analysis,
  { connections, tokens, files, needed }: ReturnType<typeof inputsOf>,
  ofKind: Facts['notes'],
  migrations: Awaited<ReturnType<typeof readMigrations>>,
): Facts['notes'] {
  const all = notesOf(outline, analysis, [...ofKind, ...tokens.notes, ...files.notes], needed, [
    ...connections.notes,
    ...migrations.notes,
    ...inSourceNotes(connections.variables),
  ]);
  // what a generator makes is missing in nothing
  return all.filter(({ target = '' }) => !migrations.made.some((folder) => `${target}/`.startsWith(`${folder}/`)));
}

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

/** What only this language knows of an application. */
function detailsOf(
  outline: Outline,
  { context, whole, system }: Analysis,
  needed: readonly Known<string>[],
  { builtAlready }: Pick<Awaited<ReturnType<typeof readMigrations>>, 'builtAlready'>,
): JavaScriptDetails {
  const { app, dependencies, toolchain, modules, fullStack, start, site, preloaded } = outline;
  const isRun = site !== undefined || runsSource(outline);
  const bundled = site !== undefined || bundlesItself(toolchain);
  const moduleType = moduleTypeOf(app);
  const manager = 'value' in toolchain.manager ? toolchain.manager.value.name : undefined;
  const flags = installFlags(app, toolchain.loadedManager, manager);
  return {
    language: 'javascript',
    moduleType,
    importEnding: importEnding(modules, start),
    ...present('noDefaults', readNoDefaults(app, dependencies, moduleType)),
    ...present('keepsImports', isRun ? undefined : readKeepsImports(app, moduleType)),
    ...(needed.length > 0 ? { needed } : {}),
    ...present('outputs', builtTogether(app, toolchain)),
    ...present('fromGit', readFromGit(dependencies)),
    ...present('globals', readGlobalPackages(app, dependencies)),
    ...present('notBuilt', notBuilt(app, toolchain, dependencies)),
    ...present('packageVariables', readPackageVariables(whole)),
    ...present('settings', system.variables),
    ...present('importsOutput', readOutputImport(context)),
    ...present('fullStack', fullStack && 'fact' in fullStack ? fullStack.fact : undefined),
    ...(flags.length > 0 ? { installFlags: flags } : {}),
    ownScripts: readOwnScripts(app),
    ...(keepsBuildInfo(app) ? { buildInfo: true as const } : {}),
    ...present('builtAlready', builtAlready),
    ...present('preloads', preloadedSources(app, preloaded)),
    ...present(
      'workspace',
      readWorkspace(
        app,
        modules.sources.map(({ file }) => file),
        bundled,
      ),
    ),
  };
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
    { start, reached: reachedBy(outline), runsSource: runsSource(outline) },
    commandFacts(app, toolchain, commands, start, entry, tool),
  );
  return { archetype, otherwise, tool, isService: value === 'web-service', ...emitted };
}

/** Whether the runtime runs the file that starts as it is. */
const runsSource = ({ toolchain, entry, modules, start, app }: Outline): boolean =>
  toolchain.loadedRuntime?.runsSource({
    entry,
    runtime: toolchain.runtime,
    details: {
      language: 'javascript',
      moduleType: moduleTypeOf(app),
      importEnding: importEnding(modules, start),
      ownScripts: [],
    },
  }) ?? true;

const moduleTypeOf = (app: App): JavaScriptDetails['moduleType'] =>
  app.manifest?.text(['type']) === 'module' ? 'module' : 'commonjs';

/** What it reads of its environment: variables and what they point to, tokens, files, and packages that only developing should need. */
function inputsOf(outline: Outline, context: AnalysisContext) {
  const { app, dependencies, toolchain, commands, site } = outline;
  // of a workspace installing starts in its root
  const place = app.members?.root ?? app.root;
  const reads = (toolchain.loadedManager?.reads(app.project, place) ?? []).map((path) => app.own(pathIn(place, path)));
  const installs = [...new Set([...reads, ...localPackages(app, dependencies)])];
  const tokens = readTokens(app, installs);
  const files = readFiles(context);
  const localFiles = site ? undefined : localFilesOf(context, files.writes);
  const connections = readConnections(context, dependencies);
  const known = { variables: connections.variables, tokens: tokens.tokens };
  const { buildSecrets, variables } = readBuildSecrets(context, toolchain, commands, known);
  return {
    installs,
    tokens,
    files: {
      ...files,
      notes: [
        ...files.notes,
        ...keyNotes(app, files.reads, localFiles),
        ...homeNotes(site ? undefined : readHome(context), files.writes),
      ],
    },
    connections,
    buildSecrets,
    secretFiles: site ? undefined : secretFilesOf(context, variables),
    localFiles,
    variables: site
      ? ofBuild(app, variables, site)
      : withAuthVariables(context, dependencies, variables).map((one) => withoutDemand(one, commands)),
    needed: [
      ...(site || bundlesItself(toolchain) ? [] : neededWhenRunning(context, dependencies, toolchain)),
      ...loadersOf(outline),
    ],
  };
}

/** Packages of development by which a server of the author around a framework is loaded: `node --import tsx server.ts`. */
function loadersOf({ fullStack, dependencies }: Outline): Known<string>[] {
  const { server, start = [] } = fullStack && 'fact' in fullStack ? fullStack.fact.value : {};
  if (server === undefined) return [];
  return dependencies.flatMap(({ name, dev, from }) =>
    dev && start.some((word) => word === name || word.startsWith(`${name}/`)) ? [detected(name, [from])] : [],
  );
}

/** What it needs of its container besides: packages of the distribution, files of secrets, a proxy in front. */
const usesOf = (
  { site }: Outline,
  { context, system, listening }: Analysis,
  { secretFiles, localFiles }: ReturnType<typeof inputsOf>,
): Partial<Facts> => ({
  ...system.facts,
  ...present('secretFiles', secretFiles),
  ...present('localFiles', localFiles),
  ...present('home', site ? undefined : readHome(context)),
  ...present('https', site ? undefined : readHttps(context, listening)),
  ...present('secureOnly', site ? undefined : readSecureOnly(context)),
});

/** What the script that starts the app sets by itself nobody has to set. */
const withoutDemand = (variable: Variable, { sets = [] }: Commands): Variable =>
  sets.includes(variable.name) ? { ...variable, required: false } : variable;

/** Keys and certificates beside the code that only whoever deploys has; what the app writes by itself is none. */
function localFilesOf(context: AnalysisContext, writes: Facts['writes']): Facts['localFiles'] {
  const isWritten = (path: string) => writes.some(({ value }) => path === value || path.startsWith(`${value}/`));
  const found = readLocalFiles(context).filter(({ value }) => !isWritten(value));
  return found.length > 0 ? [...found] : undefined;
}

/** Secrets that are read by the names of their files; of those that a variable says where to find, none. */
function secretFilesOf(context: AnalysisContext, variables: readonly Variable[]): Facts['secretFiles'] {
  const named = new Set(variables.flatMap(({ fileOf }) => fileOf?.toLowerCase() ?? []));
  const found = readSecretFiles(context).filter(({ name }) => !named.has(name));
  return found.length > 0 ? [...found] : undefined;
}

/** The files that are imported, relative to the app, and the data that its compiled ones import. */
function filesOf(app: App, modules: Modules): readonly string[] {
  // a file of JavaScript, such as one that is loaded before the app, takes nothing into what is compiled
  const compiled = modules.sources.filter(({ file }) => /\.[cm]?tsx?$/.test(file));
  const imported = new Set(
    compiled.flatMap(({ file, imports }) => imports.flatMap(({ specifier }) => modules.resolve(file, specifier) ?? [])),
  );
  const files = modules.files.filter((file) => imported.has(file));
  return [...modules.sources.map(({ file }) => file), ...files].map((file) => app.own(file));
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
  { files, variables }: ReturnType<typeof inputsOf>,
  reads: Facts['reads'],
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
      from: [{ file: app.path(file), why: 'it answers by where it lies' }],
    })),
    variables: fullStackVariables(app, found, modules, variables),
    writes: [...files.writes, ...value.writes.map((path) => detected(path, from))],
    reads: [...reads, ...preloadedFiles(app, settings)],
  };
}

/** What an owner should know, in the order in which it is found. */
const notesOf = (
  outline: Outline,
  { whole, system }: Analysis,
  ofFiles: Facts['notes'],
  needed: readonly Known<string>[],
  ofConnections: Facts['notes'],
): Facts['notes'] => [
  ...readUnparsedSettings(outline.app),
  ...outline.toolchain.notes,
  ...outline.commands.notes,
  ...ofFiles,
  ...readBlockers(whole),
  ...processBlocker(outline.beside),
  ...installScripts(outline.app),
  ...needed.map(neededNote),
  ...ofConnections,
  ...system.notes,
  ...frameworkNotes(outline),
  ...proxyNotes(outline.site),
  ...downloadNotes(outline.modules, outline.dependencies),
  ...missingNotes(outline.app, outline.modules, madeByFramework(outline)),
  ...leftAliases(outline),
  ...outline.modules.sources.flatMap(brokenNotes),
];

/** The folder that a full-stack framework builds; undefined: none builds the app. */
const madeByFramework = ({ app, fullStack }: Outline): string | undefined =>
  fullStack && 'fact' in fullStack ? app.path(fullStack.fact.value.output) : undefined;

/** What an owner should know of what a full-stack framework makes. */
function frameworkNotes({ app, modules, fullStack }: Outline): Facts['notes'] {
  if (!fullStack || !('fact' in fullStack)) return [];
  const { value, from } = fullStack.fact;
  // an image of the author is given what its author gives it
  const written = app.container ? [] : secretNotes(app, fullStack, modules);
  const remark =
    value.remark === undefined ? [] : [{ code: 'framework-output', message: value.remark, from: [...from] }];
  return [...remark, ...written];
}

/** The module that a page loads is where everything of a site is reached from; a full-stack server begins with its first route. */
const pageEntry = (app: App, file: string, isSite: boolean): Facts['entry'] =>
  detected(app.own(file), [{ file, why: isSite ? 'the page loads it' : 'a route of the framework' }]);

/** The files that the server of a full-stack framework begins with. */
const builtBy = (found: Outline['fullStack']): readonly string[] => (found && 'fact' in found ? found.entries : []);

/** A file of the project that is started, and no program of a package. */
function startedOwn({ start, startFile }: Commands): StartedServer | undefined {
  const file = startFile?.value;
  return file === undefined || file.startsWith('node_modules/') ? undefined : { file, argv: start?.value.argv ?? [] };
}

/** Source for browsers: the tools that build it write variables into `import.meta.env`. */
function inBrowsers({ loadedRuntime }: Toolchain): Runtime | undefined {
  const environment = { globals: ['import.meta.env'], imports: [] };
  return loadedRuntime && { ...loadedRuntime, environment };
}

/** The sources of a full-stack framework read variables in ways of their own, besides those of the runtime. */
function inFramework({ loadedRuntime }: Toolchain, found: Outline['fullStack']): Runtime | undefined {
  const more = found && 'fact' in found ? found.loaded.environment : undefined;
  if (!loadedRuntime || !more) return loadedRuntime;
  const { globals = [], imports = [] } = loadedRuntime.environment ?? {};
  const environment = { globals: [...globals, ...more.globals], imports: [...imports, ...more.imports] };
  return { ...loadedRuntime, environment };
}

/** What the configuration says that the running app reads besides. */
function included(app: App, known: Facts['reads']): Facts['reads'] {
  const paths = [...new Set(app.config.include ?? [])].map((path) => posix.normalize(path).replace(/\/$/, ''));
  const missing = paths.find((path) => !isThere(app, path));
  if (missing !== undefined) {
    throw new UserError({
      code: 'include-missing',
      message: `"include" names ${missing}, which is not there`,
      where: { file: 'dockwright.json' },
      next: ['mend the path: it is meant from the folder of the app', 'files that git leaves out are not seen'],
    });
  }
  return paths.filter((path) => !known.some((one) => one.value === path)).map((path) => byConfig(path, 'include'));
}

const isThere = (app: App, path: string): boolean =>
  app.project.has(app.path(path)) || app.project.files().some((file) => file.startsWith(`${app.path(path)}/`));

const neededNote = ({ value, from }: Known<string>): Facts['notes'][number] => ({
  code: 'needed-when-running',
  message: `${value} is a development dependency that the app needs when it runs: move it to dependencies, so that an image can leave out the others`,
  from: [...from],
});
