import { posix } from 'node:path';
import { shellFor } from '../../formats/shell/commands.ts';
import { UserError } from '../../model/errors.ts';
import type { Known } from '../../model/evidence.ts';
import type { Dependency, Facts } from '../../model/facts.ts';
import type { Runtime } from '../../stacks/contract.ts';
import type { JavaScriptDetails } from '../../stacks/javascript.ts';
import type { ApplicationInput } from '../contract.ts';
import { analysisContext } from './analysis.ts';
import { type App, appAt, byConfig, detected, present } from './app.ts';
import { readArchetype } from './behavior/archetype.ts';
import { inSourceNotes, ofBuild, readConnections } from './behavior/connections.ts';
import { readDrain } from './behavior/drain.ts';
import { frameworkFacts, readAppFile, readFrameworks, readRoutes, serverObjects } from './behavior/frameworks.ts';
import { readMigrations } from './behavior/migrations.ts';
import { readListening, readPort } from './behavior/port.ts';
import { readSignals } from './behavior/signals.ts';
import { readSite, siteEntries } from './behavior/site.ts';
import { shellLines, withContainer } from './container.ts';
import { readBuildSecrets } from './environment/build-secrets.ts';
import type { AnalysisContext } from './evaluate/context.ts';
import { chooseBuilder } from './manifest/builder.ts';
import {
  installScripts,
  readCompiled,
  readDependencies,
  readFromGit,
  readNative,
  readOwnScripts,
} from './manifest/dependencies.ts';
import { builtTogether, emittedPathOf } from './manifest/emitted-path.ts';
import { installFlags } from './manifest/install-flags.ts';
import { readName } from './manifest/name.ts';
import { readPublishing } from './manifest/publishing.ts';
import { readTokens } from './manifest/registry-tokens.ts';
import { readToolchain, type Toolchain } from './manifest/toolchain.ts';
import { readNoDefaults } from './manifest/tsconfig.ts';
import { readUnparsedSettings } from './manifest/unparsed-settings.ts';
import { readReached } from './modules/autoload.ts';
import { readBlockers } from './modules/bundle-blockers.ts';
import { readFiles } from './modules/files.ts';
import type { Modules } from './modules/graph.ts';
import { leftAliases } from './modules/left-aliases.ts';
import { bundlesItself, neededWhenRunning } from './modules/runtime-dev-dependencies.ts';
import { brokenNotes, importEnding, missingNotes, readSources } from './modules/sources.ts';
import { binOf, type Commands, readCommands, readEntry } from './scripts/commands.ts';
import { scriptsOf } from './scripts/follow.ts';
import { loadedFirst, preloadedFiles } from './scripts/preload.ts';
import { commandFacts, withEmittedPath } from './scripts/start.ts';

/** What an application is made of, as far as its files show it without its sources. */
type Outline = {
  readonly app: App;
  readonly dependencies: readonly Dependency[];
  readonly toolchain: Toolchain;
  readonly commands: Commands;
  readonly site: Awaited<ReturnType<typeof readSite>>;
  /** the file that starts, and everything that it reaches */
  readonly entry: Facts['entry'];
  readonly start: string | undefined;
  readonly preloaded: ReturnType<typeof loadedFirst>;
  readonly modules: Modules;
};

/** The sources of an application, and the servers in them. */
type Analysis = {
  readonly context: AnalysisContext;
  readonly frameworks: Awaited<ReturnType<typeof readFrameworks>>;
  readonly listening: ReturnType<typeof readListening>;
};

/** The facts of one application. Nothing of it is run. */
export async function inspectApplication(input: ApplicationInput): Promise<Facts> {
  const outline = await readOutline(appAt(input));
  // a large application takes seconds: what waits for its turn, such as Ctrl+C, comes in between
  await new Promise((resolve) => setImmediate(resolve));
  const facts = withContainer(outline.app, await factsOf(outline, await analyse(outline), input));
  return { ...facts, ...(await chooseBuilder(facts)) };
}

async function readOutline(app: App): Promise<Outline> {
  await shellFor([...Object.values(scriptsOf(app)), ...shellLines(app)]);
  const dependencies = readDependencies(app);
  const toolchain = await readToolchain(app, dependencies);
  const commands = readCommands(app, toolchain);
  const site = await readSite(app, toolchain, dependencies, commands.startFile?.value);
  const pages = site ? siteEntries(app, site) : [];
  const entry = pages[0] === undefined ? readEntry(app, toolchain, commands) : pageEntry(app, pages[0]);
  const start = 'value' in entry ? entry.value : undefined;
  const preloaded = loadedFirst(app, commands, dependencies);
  const entries = start === undefined ? [] : [app.path(start), ...preloaded.map(({ file }) => file)];
  const modules = readReached(app, pages.length > 0 ? pages : entries, toolchain.loadedRuntime);
  return { app, dependencies, toolchain, commands, site, entry, start, preloaded, modules };
}

async function analyse({ app, modules, site, toolchain, dependencies }: Outline): Promise<Analysis> {
  const runtime = site ? inBrowsers(toolchain) : toolchain.loadedRuntime;
  const bare = analysisContext({ app, modules, runtime });
  const frameworks = await readFrameworks(bare, dependencies);
  const context: AnalysisContext = { ...bare, servers: serverObjects(bare, frameworks) };
  return { context, frameworks, listening: readListening(context) };
}

async function factsOf(outline: Outline, analysis: Analysis, input: ApplicationInput): Promise<Facts> {
  const { app, dependencies, toolchain, commands, site, entry, start } = outline;
  const { context, frameworks, listening } = analysis;
  const inputs = inputsOf(outline, context);
  const signals = readSignals(context, commands.opens);
  const kind = kindOf(outline, analysis, input, { ...inputs.connections, signals });
  const { connections, tokens, files } = inputs;
  const migrations = await readMigrations(context, toolchain, dependencies, madeBy(outline));
  const { needed } = inputs;
  const details = detailsOf(outline, needed);
  return {
    ...readName(app),
    root: app.root,
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
    ...present('appFile', readAppFile(context, frameworks, start)),
    sources: readSources(context, commands),
    ...readPort(context, listening, frameworks, connections.variables, commands.opens, kind.isService),
    variables: inputs.variables,
    services: connections.services,
    externals: site ? [] : connections.externals,
    routes: readRoutes(context, frameworks),
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
    system: migrations.system,
    generators: migrations.generators,
    installs: [...inputs.installs],
    dependencies: [...dependencies],
    details,
    notes: notesOf(outline, analysis, [...kind.notes, ...tokens.notes, ...files.notes], needed, [
      ...connections.notes,
      ...migrations.notes,
      ...inSourceNotes(connections.variables),
    ]),
  };
}

/** What only this language knows of an application. */
function detailsOf(
  { app, dependencies, toolchain, modules, start }: Outline,
  needed: readonly Known<string>[],
): JavaScriptDetails {
  const moduleType = app.manifest?.text(['type']) === 'module' ? 'module' : 'commonjs';
  const manager = 'value' in toolchain.manager ? toolchain.manager.value.name : undefined;
  const flags = installFlags(app, toolchain.loadedManager, manager);
  return {
    language: 'javascript',
    moduleType,
    importEnding: importEnding(modules, start),
    ...present('noDefaults', readNoDefaults(app, dependencies, moduleType)),
    ...(needed.length > 0 ? { needed } : {}),
    ...present('outputs', builtTogether(app, toolchain)),
    ...present('fromGit', readFromGit(dependencies)),
    ...(flags.length > 0 ? { installFlags: flags } : {}),
    ownScripts: readOwnScripts(app),
  };
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
    ...{ variables: uses.variables, services: uses.services, signals: uses.signals },
  });
  const value = 'value' in archetype ? archetype.value : undefined;
  const tool = value === 'cli-tool' ? binOf(app) : undefined;
  const emitted = withEmittedPath(
    app,
    toolchain,
    { start, reached: reachedBy(outline) },
    commandFacts(app, toolchain, commands, start, entry, tool),
  );
  return { archetype, otherwise, tool, isService: value === 'web-service', ...emitted };
}

/** What it reads of its environment: variables and what they point to, tokens, files, and packages that only developing should need. */
function inputsOf(outline: Outline, context: AnalysisContext) {
  const { app, dependencies, toolchain, commands, site } = outline;
  const installs = toolchain.loadedManager?.reads(app.project, app.root) ?? [];
  const tokens = readTokens(app, installs);
  const connections = readConnections(context, dependencies);
  const known = { variables: connections.variables, tokens: tokens.tokens };
  const { buildSecrets, variables } = readBuildSecrets(context, toolchain, commands, known);
  return {
    installs,
    tokens,
    files: readFiles(context),
    connections,
    buildSecrets,
    variables: site ? ofBuild(app, variables, site) : [...variables],
    needed: site || bundlesItself(toolchain) ? [] : neededWhenRunning(context, dependencies, toolchain),
  };
}

/** The files that the app imports, relative to it. */
const reachedBy = ({ app, modules }: Outline): readonly string[] =>
  [...modules.sources.map(({ file }) => file), ...modules.files].map((file) => app.own(file));

/** The file that building makes of the one that starts. */
function madeBy(outline: Outline): { source: string; built: string } | undefined {
  const { app, toolchain, commands, start } = outline;
  const built = commands.build && commands.startFile?.value;
  const place = start && (emittedPathOf(app, toolchain, start, reachedBy(outline)) ?? built);
  return built && start && place && built !== start ? { source: start, built: place } : undefined;
}

/** What the running app reads: files that its source names, those of migrations, and those that the configuration adds. */
const readsOf = (
  { app, preloaded }: Outline,
  files: ReturnType<typeof readFiles>,
  migrations: Awaited<ReturnType<typeof readMigrations>>,
): Facts['reads'] => [
  ...files.reads,
  ...(migrations.reads ?? []).filter(({ value }) => !files.reads.some((read) => read.value === value)),
  ...preloadedFiles(app, preloaded),
  ...included(app, files.reads),
];

/** What an owner should know, in the order in which it is found. */
const notesOf = (
  outline: Outline,
  { context }: Analysis,
  ofFiles: Facts['notes'],
  needed: readonly Known<string>[],
  ofConnections: Facts['notes'],
): Facts['notes'] => [
  ...readUnparsedSettings(outline.app),
  ...outline.toolchain.notes,
  ...outline.commands.notes,
  ...ofFiles,
  ...readBlockers(context),
  ...installScripts(outline.app),
  ...needed.map(neededNote),
  ...ofConnections,
  ...missingNotes(outline.modules),
  ...leftAliases(outline),
  ...outline.modules.sources.flatMap(brokenNotes),
];

/** The module that a page loads is where everything of a site is reached from. */
const pageEntry = (app: App, file: string): Facts['entry'] =>
  detected(app.own(file), [{ file, why: 'the page loads it' }]);

/** Source for browsers: the tools that build it write variables into `import.meta.env`. */
function inBrowsers({ loadedRuntime }: Toolchain): Runtime | undefined {
  const environment = { globals: ['import.meta.env'], imports: [] };
  return loadedRuntime && { ...loadedRuntime, environment };
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
