import { posix } from 'node:path';
import { shellFor } from '../formats/shell/commands.ts';
import type { Source } from '../formats/source/index.ts';
import type { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { Dependency, Facts, Repository, Variable } from '../model/facts.ts';
import type { Project } from '../project/project.ts';
import { builders, loadBuilder } from '../stacks/builders/registry.gen.ts';
import type { Runtime } from '../stacks/contract.ts';
import { type App, appAt, byConfig, detected, inSource } from './app.ts';
import { appRoots } from './apps.ts';
import { readArchetype, type SaidArchetype } from './archetype.ts';
import { readReached } from './autoload.ts';
import { readBlockers } from './blockers.ts';
import { binOf, type Commands, readCommands, readEntry } from './commands.ts';
import { installScripts, readCompiled, readDependencies, readNative, readOwnScripts } from './dependencies.ts';
import { readExamples } from './example.ts';
import { readExisting } from './existing.ts';
import { readExternals } from './externals.ts';
import { readFiles } from './files.ts';
import {
  frameworkFacts,
  type Recognised,
  readAppFile,
  readFrameworks,
  readRoutes,
  serverObjects,
} from './frameworks.ts';
import { withHelpers } from './helpers.ts';
import { withHolders } from './holders.ts';
import { landingOf } from './landing.ts';
import { readMigrations } from './migrations.ts';
import type { Modules } from './modules.ts';
import { readName } from './name.ts';
import { bundlesItself, neededWhenRunning } from './needed.ts';
import { type Listening, readListening, readPort } from './port.ts';
import { loadedFirst, preloadedFiles } from './preload.ts';
import { readPublishing } from './publishing.ts';
import type { Reader } from './reader.ts';
import { scriptsOf } from './scripts.ts';
import { hasCredentials, isSecretName } from './secrets.ts';
import { readServices } from './services.ts';
import { readSignals } from './signals.ts';
import { componentVariables, type FoundSite, readSite, siteEntries } from './site.ts';
import { type Ground, readGround } from './stacks.ts';
import { readTokens } from './tokens.ts';
import { readUnread } from './unread.ts';
import { mergeUses, readUses } from './variables.ts';

/**
 * Reads a repository: the facts of each app in it, with the file and line of each. Nothing of the project is run, and no value of a
 * `.env` is read. `config` overrides what is detected, by its documented keys.
 */
export async function inspect(
  project: Project,
  options: { readonly config?: Config; readonly archetype?: SaidArchetype | undefined } = {},
): Promise<Repository> {
  const config = options.config ?? {};
  const apps: Facts[] = [];
  for (const root of appRoots(project)) apps.push(await inspectApp(appAt(project, root, config), options.archetype));
  return { apps };
}

async function inspectApp(app: App, said: SaidArchetype | undefined): Promise<Facts> {
  await shellFor(Object.values(scriptsOf(app)));
  const dependencies = readDependencies(app);
  const ground = await readGround(app, dependencies);
  const commands = readCommands(app, ground);
  const foundSite = await readSite(app, ground, dependencies, commands.startFile?.value);
  const pages = foundSite ? siteEntries(app, foundSite) : [];
  const entry = pages[0] === undefined ? readEntry(app, ground, commands) : pageEntry(app, pages[0]);
  const start = 'value' in entry ? entry.value : undefined;
  const preloaded = loadedFirst(app, commands, dependencies);
  const entries = start === undefined ? [] : [app.path(start), ...preloaded.map((one) => one.file)];
  const modules = readReached(app, pages.length > 0 ? pages : entries, ground.loadedRuntime);
  const bare = withHelpers(
    withHolders({ app, modules, runtime: foundSite ? inBrowsers(ground) : ground.loadedRuntime }),
  );
  const frameworks = await readFrameworks(bare, dependencies);
  const reader: Reader = { ...bare, servers: serverObjects(bare, frameworks) };
  const listening = readListening(reader);
  const named = frameworkFacts(frameworks);
  const archetype = readArchetype(app, listening, named, commands.start !== undefined, said, foundSite?.fact);
  const tool = 'value' in archetype && archetype.value === 'cli-tool' ? binOf(app) : undefined;
  const landed = whereItLands(app, ground, start, commandFacts(app, ground, commands, start, entry, tool));
  const tokens = readTokens(app);
  const files = readFiles(reader);
  const reached = variableFacts(reader, dependencies);
  const built = commands.build && commands.startFile?.value;
  const place = start && (landingOf(app, ground, start) ?? built);
  const made = built && start && place && built !== start ? { source: start, built: place } : undefined;
  const needed = foundSite || bundlesItself(app, ground) ? [] : neededWhenRunning(reader, dependencies, ground);
  const migrations = await readMigrations(reader, ground, dependencies, made);
  const facts: Facts = {
    ...readName(app),
    root: app.root,
    archetype,
    runtime: ground.runtime,
    manager: ground.manager,
    moduleType: app.manifest?.text(['type']) === 'module' ? 'module' : 'commonjs',
    importEnding: importEnding(modules, start),
    ...(app.manifest ? { manifest: 'package.json' } : {}),
    ...(ground.lockfile ? { lockfile: ground.lockfile } : {}),
    frameworks: named,
    commands: landed.commands,
    entry,
    ...(tool ? { program: detected(tool.name, [tool.from]) } : {}),
    ...present('appFile', readAppFile(reader, frameworks, start)),
    sources: readSources(reader, commands),
    ...ofVariable(
      portFacts(reader, listening, frameworks),
      reached.variables,
      frameworks.length > 0 || listening.length > 0,
    ),
    variables: foundSite ? ofBuild(app, reached.variables, foundSite) : reached.variables,
    services: reached.services,
    externals: foundSite ? [] : reached.externals,
    routes: readRoutes(reader, frameworks),
    signals: readSignals(reader),
    reads: [
      ...files.reads,
      ...(migrations.reads ?? []).filter((one) => !files.reads.some((read) => read.value === one.value)),
      ...preloadedFiles(app, preloaded),
      ...included(app, files.reads),
    ],
    writes: files.writes,
    tests: [...commands.tests],
    existing: readExisting(app),
    tokens: tokens.tokens,
    native: readNative(dependencies),
    compiled: readCompiled(dependencies),
    ...(needed.length > 0 ? { needed } : {}),
    ...present('site', foundSite?.fact),
    ...present('publishing', readPublishing(app, ground)),
    ...present('migration', migrations.migration),
    system: migrations.system,
    generators: migrations.generators,
    ownScripts: readOwnScripts(app),
    installs: [...(ground.loadedManager?.reads(app.project, app.root) ?? [])],
    dependencies: [...dependencies],
    notes: [
      ...readUnread(app),
      ...ground.notes,
      ...commands.notes,
      ...landed.notes,
      ...tokens.notes,
      ...files.notes,
      ...readBlockers(reader),
      ...installScripts(app),
      ...needed.map(neededNote),
      ...reached.notes,
      ...migrations.notes,
      ...inSourceNotes(reached.variables),
      ...missing(modules),
      ...modules.sources.flatMap(brokenNote),
    ],
  };
  return { ...facts, ...(await chooseBuilder(facts)) };
}

const present = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });

/** The start command: what a script starts, or else the runtime on the entry. */
function commandFacts(
  app: App,
  ground: Ground,
  commands: Commands,
  start: string | undefined,
  entry: Facts['entry'],
  tool: ReturnType<typeof binOf>,
): Facts['commands'] {
  const run = start === undefined ? undefined : ground.loadedRuntime?.run(madeMain(app, commands) ?? start);
  const byEntry: Facts['commands']['start'] =
    run && 'value' in entry
      ? { value: { argv: [...run] }, by: entry.by, from: [...entry.from] }
      : { why: 'no script starts the app, and the file that starts is not known', ask: 'start', from: [] };
  const program = tool && ground.loadedRuntime?.run(programFile(app, tool.file, start));
  const byProgram = tool && program && detected({ argv: [...program] }, [tool.from]);
  return {
    // what the configuration says comes before what package.json offers
    start: (app.config.start ? commands.start : undefined) ?? byProgram ?? commands.start ?? byEntry,
    ...present('dev', commands.dev),
    ...present('build', commands.build),
    ...present('test', commands.test),
  };
}

/** The file that a command of package.json names: as it is written, or its source where nothing is built. */
function programFile(app: App, file: string, start: string | undefined): string {
  const written = posix.normalize(file);
  return app.project.has(app.path(written)) ||
    start === undefined ||
    app.manifest?.text(['scripts', 'build']) !== undefined
    ? written
    : start;
}

/** The module that a page loads is where everything of a site is reached from. */
const pageEntry = (app: App, file: string): Facts['entry'] =>
  detected(app.own(file), [{ file, why: 'the page loads it' }]);

/** The variables that the build writes into the code; what a page reaches outside is its visitor's to reach. */
function ofBuild(app: App, variables: readonly Variable[], found: FoundSite): Variable[] {
  const prefixes = found.site.prefixes(found.source);
  const inModules = variables
    .filter((one) => prefixes.some((prefix) => one.name.startsWith(prefix)))
    .map(({ external: _external, ...one }) => one);
  const others = componentVariables(app, found).filter((one) => !inModules.some(({ name }) => name === one.name));
  return [...inModules, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Source for browsers: the tools that build it write variables into `import.meta.env`. */
function inBrowsers({ loadedRuntime }: Ground): Runtime | undefined {
  const environment = { globals: ['import.meta.env'], imports: [] };
  return loadedRuntime && { ...loadedRuntime, environment };
}

/** The start command with the file where the compiler really puts it: a start script that names another has not been run lately. */
function whereItLands(
  app: App,
  ground: Ground,
  start: string | undefined,
  commands: Facts['commands'],
): Pick<Facts, 'commands' | 'notes'> {
  const command = 'value' in commands.start ? commands.start : undefined;
  const place = start === undefined ? undefined : landingOf(app, ground, start);
  const plain = (path: string) => posix.normalize(path).replace(/\.[cm]?js$/, '');
  const named = command?.value.argv.find(
    (word, at) => at > 0 && !word.startsWith('-') && posix.basename(plain(word)) === posix.basename(plain(place ?? '')),
  );
  if (!command || place === undefined || named === undefined || plain(named) === plain(place))
    return { commands, notes: [] };
  const message = `the start command runs ${named}; the compiler puts ${start} at ${place}, which the image starts`;
  const argv = command.value.argv.map((word) => (word === named ? place : word));
  return {
    commands: { ...commands, start: { ...command, value: { ...command.value, argv } } },
    notes: [{ code: 'start-elsewhere', message, from: command.from }],
  };
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

/** How the sources end their relative imports; where there are none, what the file that starts needs. */
function importEnding(modules: Modules, start: string | undefined): Facts['importEnding'] {
  const relative = modules.sources.flatMap((source) =>
    source.imports
      .filter((one) => one.form !== 'require' && /^\.\.?\//.test(one.specifier))
      .map((one) => one.specifier),
  );
  const found = relative.map((one) => /\.([cm]?)(js|ts)$/.exec(one)?.[2]).find((one) => one !== undefined);
  if (found) return found === 'js' ? '.js' : '.ts';
  return relative.length === 0 && start !== undefined && /\.m?js$/.test(start) ? '.js' : '';
}

/** What `main` of package.json or developing names, where building makes it: without a start script that is what runs. */
function madeMain(app: App, commands: Commands): string | undefined {
  if (!commands.build) return undefined;
  return [app.manifest?.text(['main']), commands.devFile?.value]
    .flatMap((file) => (file === undefined ? [] : [posix.normalize(file)]))
    .find((file) => file.includes('/') && /\.[cm]?js$/.test(file) && !app.project.has(app.path(file)));
}

/** Top-level files and folders that the reached modules lie in, and the compiler settings where they change what is built. */
function readSources({ app, modules }: Reader, commands: Commands): string[] {
  const own = [...modules.sources.map((one) => one.file), ...modules.files, ...commands.builtFrom.map(app.path)].map(
    app.own,
  );
  const tops = own
    .filter((file) => file !== 'package.json')
    .map((file) => (file.startsWith('../') ? file : (file.split('/')[0] ?? file)));
  const settings = app.path('tsconfig.json');
  const matters = app.project.has(settings) && settingsMatter(app, modules);
  return [...new Set([...tops, ...(matters ? ['tsconfig.json'] : [])])].sort();
}

/** Path aliases, JSX and decorators: without these settings the same source builds to something else, or not at all. */
function settingsMatter(app: App, modules: Modules): boolean {
  const text = app.project.read(app.path('tsconfig.json')) ?? '';
  if (/"(paths|baseUrl|experimentalDecorators|emitDecoratorMetadata|extends)"/.test(text)) return true;
  return modules.sources.some((one) => /\.[jt]sx$/.test(one.file));
}

/** A framework that listens on the loopback address unless told otherwise, and is told nothing. */
function withLoopback(
  found: Pick<Facts, 'port' | 'host'>,
  listening: readonly Listening[],
  frameworks: readonly Recognised[],
): Pick<Facts, 'port' | 'host'> {
  const silent = listening.find((one) => !one.host && !one.own && one.node.type === 'CallExpression');
  const framework = frameworks[0];
  if (found.host || !silent || !framework?.loaded.loopback) return found;
  const why = `${framework.stack.title} listens on the loopback address where no other is said`;
  return { ...found, host: detected({ address: 'localhost' }, [inSource(silent.at, silent.node.start, why)]) };
}

/** Names of variables that carry the port of an app and of nothing else. */
const portVariables = ['PORT', 'APP_PORT', 'SERVER_PORT', 'HTTP_PORT', 'API_PORT'];

/** Where the call that listens does not show the port, and the app reads a variable of that name: the image sets it. */
function ofVariable(
  found: Pick<Facts, 'port' | 'host'>,
  variables: readonly Variable[],
  serves: boolean,
): Pick<Facts, 'port' | 'host'> {
  const said = found.port && 'value' in found.port ? found.port : undefined;
  if (said && (said.by !== 'config' || said.value.variable !== undefined)) return found;
  const variable = portVariables
    .map((name) => variables.find((one) => one.name === name))
    .find((one) => one !== undefined);
  if (!variable || !serves) return found;
  // the image tells the app the port that the configuration says
  if (said) return { ...found, port: { ...said, value: { ...said.value, variable: variable.name } } };
  const number = Number(variable.default);
  const known = Number.isInteger(number) && number > 0 && number < 65536;
  const value = { number: known ? number : 3000, variable: variable.name };
  return { ...found, port: { value, by: known ? 'detected' : 'default', from: [...variable.from] } };
}

function portFacts(
  reader: Reader,
  listening: readonly Listening[],
  frameworks: readonly Recognised[],
): Pick<Facts, 'port' | 'host'> {
  const files = reader.modules.sources.map((one) => one.file);
  const said = frameworks.map((one) => one.loaded.port?.(reader.app.project, files)).find((one) => one !== undefined);
  const byFramework = said && { ...said, value: { ...said.value }, from: [...said.from] };
  const found = withLoopback(readPort(reader, listening, byFramework), listening, frameworks);
  const serves = reader.runtime?.serves;
  if (found.port || listening.length > 0 || !serves || frameworks.length === 0) return found;
  return {
    ...found,
    port: { value: { number: serves.port, variable: serves.variable }, by: 'default', from: [{ why: serves.why }] },
  };
}

/** Variables, and what they point to: backing services and APIs outside. */
function variableFacts(
  reader: Reader,
  dependencies: readonly Dependency[],
): Pick<Facts, 'variables' | 'services' | 'externals' | 'notes'> {
  const examples = readExamples(reader.app);
  const drafts = mergeUses(readUses(reader)).map((one) => {
    const example = examples.get(one.name);
    const value = one.example ?? (example?.value === '' ? undefined : example?.value);
    return {
      ...one,
      ...(one.purpose === undefined && example?.purpose !== undefined ? { purpose: example.purpose } : {}),
      ...(value === undefined ? {} : { example: value }),
      from: example
        ? [...one.from, { file: example.file, line: example.line, why: `${one.name} is in the example` }]
        : one.from,
    };
  });
  const { services, pointing, notes } = readServices(reader, drafts, dependencies);
  const externals = readExternals(reader, drafts, new Set(pointing.keys()));
  const configured = reader.app.config.variables ?? {};
  const variables = drafts.map(({ example, ...draft }): Variable => {
    const points = pointing.get(draft.name);
    const external = externals.find((one) => one.urlVariable === draft.name || one.keyVariable === draft.name)?.name;
    const credentials = [draft.default, example].some((text) => text !== undefined && hasCredentials(text));
    const plain = /^(\d+(\.\d+)?|true|false)$/.test(draft.default ?? '');
    const secret = (isSecretName(draft.name) && !plain) || points?.part === 'password' || credentials;
    const said = configured[draft.name];
    const hidden = said?.secret ?? secret;
    return {
      ...draft,
      secret: hidden,
      ...(example !== undefined && !hidden ? { example } : {}),
      ...(points ? { service: points.service, part: points.part } : {}),
      ...(external === undefined ? {} : { external }),
      ...present('fileOf', points ? undefined : secretFile(draft.name, pointing)),
      ...(said?.required === undefined ? {} : { required: said.required }),
      ...(said?.default === undefined ? {} : { default: said.default }),
      ...(said?.purpose === undefined ? {} : { purpose: said.purpose }),
    };
  });
  return { variables: variables.sort((a, b) => (a.name < b.name ? -1 : 1)), services: [...services], externals, notes };
}

/** The secret whose file a variable names; not where the secret is a part of the address of a service, which the service has as well. */
function secretFile(name: string, pointing: { has(name: string): boolean }): string | undefined {
  const secret = /^(.+)_FILE$/.exec(name)?.[1];
  return secret !== undefined && isSecretName(secret) && !pointing.has(secret) ? secret : undefined;
}

/** Imports of files that are not there: something makes them before the app is built, or they were forgotten. */
const missing = (modules: Modules): Facts['notes'] =>
  modules.missing.slice(0, 3).map(({ source, at }) => ({
    code: 'missing-import',
    target: posix.join(posix.dirname(source.file), at.specifier).replace(/\.[cm]?[jt]sx?$/, ''),
    message: `${source.file} imports ${at.specifier}, which is not there: something has to make it before the app is built`,
    from: [inSource(source, at.span.start, `${at.specifier} is imported`)],
  }));

/** Secrets for which the source has a value of its own: whoever reads the source knows it. */
const inSourceNotes = (variables: readonly Variable[]): Facts['notes'] =>
  variables
    .filter((one) => one.secret && one.default !== undefined && one.default !== '' && one.service === undefined)
    .map((one) => ({
      code: 'secret-in-source',
      message: `${one.name} has a value in the source that anybody can read: set another where it is deployed`,
      from: one.from.slice(0, 1),
    }));

const brokenNote = (source: Source): Facts['notes'] =>
  source.problems.slice(0, 1).map((problem) => ({
    code: 'source-not-read',
    message: `${source.file} does not parse: ${problem.message}`,
    from: [{ file: source.file, line: problem.line, why: problem.message }],
  }));

const neededNote = ({ value, from }: NonNullable<Facts['needed']>[number]): Facts['notes'][number] => ({
  code: 'needed-when-running',
  message: `${value} is a development dependency that the app needs when it runs: move it to dependencies, so that an image can leave out the others`,
  from: [...from],
});

/**
 * The builder that fits; where none does, a note with the reason of the first. What keeps the app from being built is told to the builders
 * as notes, and is of no interest once one was chosen.
 */
async function chooseBuilder(facts: Facts): Promise<Pick<Facts, 'builder' | 'notes'>> {
  const notes = facts.notes.filter(({ code }) => code !== 'bundle-blocker' && code !== 'packages-apart');
  if (!('value' in facts.runtime)) return { notes };
  let refusal: Facts['notes'] = [];
  for (const stack of builders) {
    const builder = await loadBuilder(stack.name);
    const judged = builder?.fits(facts);
    if (builder && judged?.ok) {
      // one file holds its dependencies: nothing is installed for production
      const alone = builder.build(facts).selfContained;
      return {
        builder: detected(stack.name, judged.from),
        notes: notes.filter((note) => !alone || !['install-scripts', 'needed-when-running'].includes(note.code)),
      };
    }
    if (judged && judged.from.length > 0 && refusal.length === 0) {
      refusal = [{ code: 'not-built', message: `${stack.title} is not used: ${judged.why}`, from: [...judged.from] }];
    }
  }
  return { notes: [...notes, ...refusal] };
}
