import { posix } from 'node:path';
import { shellFor } from '../../formats/shell/commands.ts';
import type { Dependency, Facts } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import type { Runtime } from '../../stacks/contract.ts';
import { analysisContext } from './analysis.ts';
import type { App } from './app.ts';
import { readFrameworks, serverObjects } from './behavior/frameworks.ts';
import {
  type FoundFullStack,
  type RefusedFullStack,
  readFullStack,
  type StartedServer,
} from './behavior/full-stack.ts';
import { readListening } from './behavior/port.ts';
import { mainFirst } from './behavior/side-servers.ts';
import { readSite, refusedSite, siteEntries } from './behavior/site.ts';
import { type AnalysisContext, withTraceCache } from './evaluate/context.ts';
import { shellLines } from './image-command.ts';
import { readDependencies } from './manifest/dependencies.ts';
import { readToolchain, type Toolchain } from './manifest/toolchain.ts';
import { readReached } from './modules/autoload.ts';
import type { Modules } from './modules/graph.ts';
import { type Commands, readCommands, readEntry } from './scripts/commands.ts';
import { composeLines } from './scripts/compose-processes.ts';
import { scriptsOf } from './scripts/follow.ts';
import { platformLines } from './scripts/platform.ts';
import { loadedFirst } from './scripts/preload.ts';
import { findProcesses, placeProcesses, type ReadProcesses } from './scripts/processes.ts';
import { scriptTexts } from './scripts/shell-script.ts';
import { historyOfPages, ofSite, readBuildSystem, readSystem, type SystemFacts } from './system/index.ts';

/** What an application is made of, as far as its files show it without its sources. */
export type Outline = {
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
export type Analysis = {
  /** the sources of the app alone */
  readonly context: AnalysisContext;
  /** with those of its further processes */
  readonly whole: AnalysisContext;
  readonly frameworks: Awaited<ReturnType<typeof readFrameworks>>;
  readonly listening: ReturnType<typeof readListening>;
  readonly system: SystemFacts;
};

/** What a full-stack framework makes holds everything or not; undefined: none builds the app. */
export function builtByFramework(
  found: Outline['fullStack'],
): { readonly selfContained: boolean; readonly silent: readonly string[] } | undefined {
  if (!found || !('fact' in found) || builtBy(found).length === 0) return undefined;
  const { selfContained, server } = found.fact.value;
  // the framework knows how to put its modules together;
  // what holds its packages is made where the development ones are installed, too, and the author's server keeps its loader
  const silent = [
    'bundle-blocker',
    ...(selfContained ? ['needed-when-running'] : []),
    ...(server ? ['start-for-development'] : []),
  ];
  return { selfContained, silent };
}

export async function readOutline(app: App): Promise<Outline> {
  const lines = [...Object.values(scriptsOf(app)), ...shellLines(app), ...platformLines(app), ...composeLines(app)];
  // what a sibling is built by is read, too
  await shellFor([...lines, ...scriptTexts(app, lines), ...(app.members?.scripts ?? [])]);
  const dependencies = readDependencies(app);
  const toolchain = await readToolchain(app, dependencies);
  const commands = readCommands(app, toolchain);
  const site = await readSite(app, toolchain, dependencies, commands.startFile?.value);
  const fullStack = site
    ? undefined
    : ((await readFullStack(app, toolchain, dependencies, startedOwn(app, toolchain, commands))) ??
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

export async function analyse({
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
  const context = withTraceCache({ ...bare, servers: serverObjects(bare, frameworks) });
  const whole = modules === own ? context : analysisContext({ app, modules, runtime });
  const building = await readBuildSystem(app, runtime, commands.buildPrograms);
  const system = site
    ? ofSite(building, site.history ?? (await historyOfPages(whole)))
    : await readSystem(whole, commands.start, building);
  return { context, whole, frameworks, system, listening: mainFirst(context, readListening(context)) };
}

/** The module that a page loads is where everything of a site is reached from; a full-stack server begins with its first route. */
const pageEntry = (app: App, file: string, isSite: boolean): Facts['entry'] =>
  detected(app.own(file), [{ file, why: isSite ? 'the page loads it' : 'a route of the framework' }]);

/** The files that the server of a full-stack framework begins with. */
const builtBy = (found: Outline['fullStack']): readonly string[] => (found && 'fact' in found ? found.entries : []);

/** A file of the project that is started, and no program of a package. */
function startedOwn(app: App, toolchain: Toolchain, commands: Commands): StartedServer | undefined {
  const file = commands.startFile?.value;
  if (file === undefined || file.startsWith('node_modules/')) return undefined;
  const entry = readEntry(app, toolchain, commands);
  const source = 'value' in entry ? posix.normalize(entry.value) : undefined;
  return { file, argv: commands.start?.value.argv ?? [], source };
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

/** The files that are imported, relative to the app, and the data that its compiled ones import. */
export function filesOf(app: App, modules: Modules): readonly string[] {
  // a file of JavaScript, such as one that is loaded before the app, takes nothing into what is compiled
  const compiled = modules.sources.filter(({ file }) => /\.[cm]?tsx?$/.test(file));
  const imported = new Set(
    compiled.flatMap(({ file, imports }) =>
      imports.flatMap(({ specifier, called }) => (called ? [] : (modules.resolve(file, specifier) ?? []))),
    ),
  );
  const files = modules.files.filter((file) => imported.has(file));
  return [...modules.sources.map(({ file }) => file), ...files].map((file) => app.own(file));
}
