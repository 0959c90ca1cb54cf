import { loadPython } from '../../formats/python/index.ts';
import type { Known, Unknown } from '../../model/evidence.ts';
import type { Dependency, Facts, Process, Variable } from '../../model/facts.ts';
import { detected, knownValue } from '../../model/known.ts';
import { isSecretName } from '../../model/secret-names.ts';
import { pathIn } from '../../project/paths.ts';
import type { PythonDetails, PythonObject } from '../../stacks/python.ts';
import { loadPythonRuntime } from '../../stacks/runtimes/python.registry.gen.ts';
import type { ApplicationInput } from '../contract.ts';
import { unreadNote } from '../support/unread.ts';
import { type App, appAt, present } from './app.ts';
import { cachedFolders, cachedIn, cacheNotes, cachesOf } from './caches.ts';
import { collecting, djangoNotes } from './django.ts';
import { sourcesOf, testsOf } from './files.ts';
import { limitedVariables } from './limits.ts';
import { chooseListening, type Listening, programsBeside, servingProgram } from './listening.ts';
import { localAddressNotes } from './local-addresses.ts';
import { readLogins } from './logins.ts';
import { type InstallFacts, manifestOf, readInstalling, readName, refusedManager } from './manifest.ts';
import { migratingNotes, migrationOf } from './migrating.ts';
import { appObjects, chooseObject, frameworksOf, type UsedFramework } from './objects.ts';
import { commandProgram, isPackage, ownPackageOf } from './own-package.ts';
import { type Platform, readPlatform, startedFile, withoutTwins } from './platform.ts';
import { chooseProgram, type Program, programsOf } from './programs.ts';
import { processesOf, type Queue, queueOf } from './queues.ts';
import { readRoutes } from './routes.ts';
import { readServices } from './services.ts';
import { addedNotes, type ServerFacts, serve } from './start.ts';
import { newestLine, systemOf } from './system.ts';
import type { Reading } from './values.ts';
import { type ReadVariable, readingOfApp, readVariables } from './variables.ts';
import { fileDatabases, writesOf } from './writes.ts';

/** The facts of one application. Nothing of it is run. */
export async function inspectApplication(input: ApplicationInput): Promise<Facts> {
  await loadPython();
  const app = appAt(input);
  const installing = await readInstalling(app);
  const { dependencies } = installing;
  const found = await findStart(app, dependencies);
  const { object, chosen, made, program, served, listening, platform, processes } = found;
  const entry = entryOf(app, chosen, program);
  const starting = startingFiles(entry, processes);
  const { variables, services: needed } = environmentOf(app, installing, starting, found.queue);
  const runtime = await runtimeOf(app, installing);
  const caches = cachesOf(dependencies, variables);
  const logins = readLogins(app.project, installing);
  return {
    ...readName(app),
    root: app.root,
    archetype: archetypeOf(app, chosen, program),
    runtime: runtime.value,
    manager: installing.manager,
    ...present('manifest', manifestOf(app.project, app.root)),
    ...present('lockfile', installing.lockfile),
    commands: { start: startOf(app, served, chosen, program), ...present('test', testOf(app, installing)) },
    ...present('processes', processes.length > 0 ? [...processes] : undefined),
    entry,
    sources: [...sourcesOf(app), ...(listening?.folders ?? [])],
    ...servedFacts(app, found),
    variables: [...variables, ...unread(served?.variables ?? [], variables)],
    services: [...needed],
    externals: [],
    ...withRoutes(readRoutes(app, made && knownValue(made), found.used), listening),
    signals: served?.signals ?? signalsOf(program),
    ...nothingYet,
    ...logins.facts,
    ...needsOf(installing),
    ...present('leftOut', platform.leftOut.length > 0 ? [...platform.leftOut] : undefined),
    writes: [...writesOf(app, needed), ...cachedFolders(caches)],
    tests: [...testsOf(app)],
    existing: [...input.existing],
    ...present('migration', await migrationOf(app, dependencies, object?.value, platform.release)),
    dependencies: [...dependencies],
    details: {
      ...detailsOf(app, installing, object, served, starting),
      ...present('logins', logins.logins),
      ...present('collects', collecting(app, object?.value, variables)),
      ...limitsOf(app, installing, runtime.value, served),
      ...cachedIn(caches),
      ...listeningDetails(listening),
      ...present('serverVariables', served && unread(served.variables, variables).map(({ name }) => name)),
      ...present('ownPackage', ownPackageOf(app, program)),
    },
    ...present('blocker', 'value' in installing.manager ? undefined : refusedManager(app)),
    notes: [...runtime.notes, ...logins.notes, ...cacheNotes(caches), ...(await notesOf(app, installing, found))],
  };
}

/** What starts: the object that a server is given, or the program that serves by itself, and what runs beside it. */
type Found = {
  readonly used: readonly UsedFramework[];
  readonly platform: Platform;
  /** the object that answers requests, whatever starts it */
  readonly made: Known<PythonObject> | Unknown | undefined;
  /** the one that a server is given */
  readonly chosen: Known<PythonObject> | Unknown | undefined;
  readonly object: Known<PythonObject> | undefined;
  readonly served: ServerFacts | undefined;
  readonly listening: Listening | undefined;
  readonly program: Program | undefined;
  readonly processes: readonly Process[];
  readonly queue: Queue | undefined;
  readonly reading: Reading;
};

async function findStart(app: App, dependencies: readonly Dependency[]): Promise<Found> {
  const used = await frameworksOf(app);
  const platform = await readPlatform(app, dependencies);
  const reading = readingOfApp(app);
  const queue = queueOf(app);
  const own = programsOf(app);
  const command = commandProgram(app);
  const programs = command ? [...own, command] : own;
  const made = chooseObject(app, appObjects(app, used), platform.web);
  const serving = made && !platform.web ? servingProgram(app, reading, programs) : undefined;
  const chosen = serving ? undefined : made;
  const object = chosen && 'value' in chosen ? chosen : undefined;
  const framework = used.find(({ name }) => name === object?.value.framework)?.framework;
  const served = object && serve(object, dependencies, app.config.port, platform.web, framework);
  const listening = serving ?? (chosen ? undefined : chooseListening(app, used, reading, dependencies, programs));
  const program = chosen
    ? undefined
    : (listening?.program ?? chooseProgram(queue, own, writtenIn(platform), isPackage(app)) ?? command);
  const isServer = object !== undefined || listening !== undefined;
  const file = object ? fileOf(app, object.value) : program?.file;
  const beside = isServer && platform.processes.length === 0 ? programsBeside(app, file, programs) : [];
  const processes = withoutTwins([...processesOf(queue, isServer), ...beside], platform.processes, program);
  return { used, platform, made, chosen, object, served, listening, program, processes, queue, reading };
}

/** The framework, its file, and where it listens. */
function servedFacts(
  app: App,
  { object, served, listening }: Found,
): Pick<Facts, 'frameworks' | 'appFile' | 'port' | 'host'> {
  const own = listening ? [detected(listening.framework, listening.program.from)] : [];
  return {
    frameworks: object ? [detected(object.value.framework, object.from)] : own,
    ...present('appFile', object && detected(fileOf(app, object.value) ?? '', object.from)),
    ...present('port', served?.port ?? ownPort(app, listening)),
    ...present('host', served?.host ?? listening?.host),
  };
}

/** What only the recipe needs of a program that serves by itself. */
const listeningDetails = (listening: Listening | undefined): Partial<PythonDetails> => ({
  ...(listening?.isHttp ? { answersHttp: true } : {}),
  ...present('env', listening?.env),
  ...present('folders', listening?.folders),
  ...(listening?.reloads ? { reloads: true } : {}),
});

const unread = (more: readonly Variable[], read: readonly Variable[]): Variable[] =>
  more.filter(({ name }) => !read.some((one) => one.name === name));

/** The port that a program opens by itself. */
function ownPort({ config }: App, listening: Listening | undefined): Facts['port'] {
  if (!listening?.port || config.port === undefined) return listening?.port;
  const { variable } = knownValue(listening.port) ?? {};
  const value = { number: config.port, ...(variable === undefined ? {} : { variable }) };
  return { value, by: 'config', from: [{ why: 'the configuration says port' }] };
}

const withRoutes = (read: ReturnType<typeof readRoutes>, listening: Listening | undefined) => ({
  ...read,
  routes: [...read.routes, ...(listening?.routes ?? [])],
});

/** The entry points that files of other platforms name. */
const writtenIn = ({ processes }: Awaited<ReturnType<typeof readPlatform>>): readonly string[] =>
  processes.flatMap(({ entry }) => entry ?? []);

function limitsOf(
  app: App,
  { dependencies }: InstallFacts,
  runtime: Facts['runtime'],
  served: ServerFacts | undefined,
): Pick<PythonDetails, 'limited'> {
  const own = limitedVariables(app, dependencies, knownValue(runtime)?.version);
  const limited = [...(served?.limited ?? []), ...own];
  return limited.length > 0 ? { limited } : {};
}

/** What the owner should know. */
async function notesOf(
  app: App,
  installing: InstallFacts,
  { object, chosen, program, used, served, listening, reading }: Found,
) {
  return [
    ...(listening?.notes ?? []),
    ...localAddressNotes(app, reading),
    ...(chosen || program ? [] : unreadNotes(app)),
    ...[...installing.notes, ...addedNotes(served?.added ?? [])],
    ...[...djangoNotes(app, object, installing.dependencies), ...unusedNotes(used, chosen, listening)],
    ...(await migratingNotes(app, installing.dependencies)),
  ];
}

/** The files that the containers of the deployment start with. */
const startingFiles = (entry: Facts['entry'], processes: readonly Process[]): readonly string[] => [
  ...('value' in entry ? [entry.value] : []),
  ...processes.flatMap((one) => one.entry ?? []),
];

/** What this version does not read of an application of Python. */
const nothingYet = { reads: [], native: [], generators: [], compiled: [] };

/** What the packages need of the distribution. */
function needsOf({ dependencies }: InstallFacts): Pick<Facts, 'system' | 'buildPackages'> {
  const { system, buildPackages } = systemOf(dependencies);
  return { system, ...present('buildPackages', buildPackages.length > 0 ? buildPackages : undefined) };
}

function detailsOf(
  app: App,
  installing: InstallFacts,
  object: Known<PythonObject> | undefined,
  served: ServerFacts | undefined,
  starting: readonly string[],
): PythonDetails {
  return {
    language: 'python',
    ...present('object', object),
    // a folder of scripts that nothing of the deployment starts in would only hide packages of the same names
    importRoots: app.importRoots.filter(
      (folder) => folder === 'src' || (folder !== '.' && starting.some((file) => file.startsWith(`${folder}/`))),
    ),
    reads: installing.reads,
    added: served?.added ?? [],
  };
}

/** What a framework that is used and makes no object means for the owner. */
function unusedNotes(
  used: readonly UsedFramework[],
  object: Known<PythonObject> | Unknown | undefined,
  listening: Listening | undefined,
): Facts['notes'] {
  const titles = used.filter(({ framework }) => Object.keys(framework.makes).length > 0).map(({ title }) => title);
  if (object || listening || titles.length === 0) return [];
  return [
    {
      code: 'no-application',
      message: `${titles.join(', ')} is imported, but no module creates an application with it. Set the key "start".`,
      from: [],
    },
  ];
}

function archetypeOf(
  app: App,
  object: Known<PythonObject> | Unknown | undefined,
  program: Program | undefined,
): Facts['archetype'] {
  const { archetype } = app.input;
  if (archetype) return { ...archetype, from: [...archetype.from] };
  if (object) return detected('web-service' as const, object.from);
  if (program) return detected(program.archetype, program.from);
  const [unread] = unreadNotes(app).flatMap(({ from }) => from);
  const why = unread
    ? `${unread.file} could not be fully read`
    : 'no module creates an application, opens a port or starts by itself';
  if (unread) return { why, ask: 'archetype', from: [unread] };
  return { why, ask: 'archetype', choices: ['cli-tool', 'data-pipeline', 'worker'], from: [] };
}

/** The first module of which nothing was read: what starts may be in it. */
const unreadNotes = ({ root, modules }: App): Facts['notes'] =>
  modules
    .flatMap(({ file, syntax: { unread } }) => (unread === undefined ? [] : unreadNote(pathIn(root, file), 1, unread)))
    .slice(0, 1);

function startOf(
  app: App,
  served: ServerFacts | undefined,
  object: Known<PythonObject> | Unknown | undefined,
  program: Program | undefined,
): Facts['commands']['start'] {
  if (app.config.start)
    return { value: { argv: [...app.config.start] }, by: 'config', from: [{ why: 'the configuration says start' }] };
  if (served) return { ...served.start, from: [...served.start.from] };
  if (object && !('value' in object))
    return { ...object, ...(object.choices ? { choices: [...object.choices] } : {}), from: [...object.from] };
  if (program) return detected({ argv: [...program.argv] }, program.from);
  return { why: 'nothing to start was found', ask: 'start', from: [] };
}

const fileOf = (app: App, { module }: PythonObject): string | undefined => app.byName.get(module)?.file;

function entryOf(
  app: App,
  object: Known<PythonObject> | Unknown | undefined,
  program: Program | undefined,
): Facts['entry'] {
  if (app.config.entry !== undefined)
    return { value: app.config.entry, by: 'config', from: [{ why: 'the configuration says entry' }] };
  const file = object && 'value' in object ? fileOf(app, object.value) : undefined;
  if (object && 'value' in object && file !== undefined) return detected(file, object.from);
  if (object && !('value' in object))
    return { ...object, ...(object.choices ? { choices: [...object.choices] } : {}), from: [...object.from] };
  if (program) return detected(program.file, program.from);
  const started = app.config.start && startedFile(app, app.config.start, []);
  if (started) return { value: started, by: 'config', from: [{ why: 'the configuration says start' }] };
  return { why: 'no module creates an application', ask: 'entry', from: [] };
}

/** Python ends at once on SIGTERM unless something handles it, and as process 1 not at all. */
const signalsOf = (program: Program | undefined): Facts['signals'] =>
  program?.stops ? detected(['SIGTERM'], program.from) : { value: [], by: 'default', from: [] };

async function runtimeOf(
  app: App,
  { dependencies }: InstallFacts,
): Promise<{ value: Facts['runtime']; notes: Facts['notes'] }> {
  const runtime = await loadPythonRuntime('python');
  const [, wanted] = app.config.runtime?.split('@') ?? [];
  const found =
    wanted === undefined
      ? runtime?.version(app.project, app.root, newestLine(dependencies))
      : { value: { version: wanted }, by: 'config' as const, from: [{ why: 'the configuration says runtime' }] };
  if (!found || !runtime) return { value: { why: 'Python is not known', ask: 'runtime', from: [] }, notes: [] };
  if (!('value' in found)) return { value: { why: found.why, ask: found.ask, from: [...found.from] }, notes: [] };
  const { value, by, from } = found;
  return {
    value: { value: { name: 'python', ...value }, by, from: [...from] },
    notes: runtime.supportNotes(value.version).map((note) => ({ ...note, from: [...from] })),
  };
}

function testOf(app: App, { dependencies }: InstallFacts): Facts['commands']['test'] {
  if (app.config.test)
    return { value: { argv: [...app.config.test] }, by: 'config', from: [{ why: 'the configuration says test' }] };
  const pytest = dependencies.find(({ name }) => name === 'pytest');
  return pytest && testsOf(app).length > 0 ? detected({ argv: ['python', '-m', 'pytest'] }, [pytest.from]) : undefined;
}

/** The variables with what they point to, and the services behind them. */
function environmentOf(
  app: App,
  installing: InstallFacts,
  starting: readonly string[],
  queue: Queue | undefined,
): Pick<Facts, 'variables' | 'services'> {
  const examples = app.input.examples;
  const read = [...readVariables(app, starting), ...queueVariables(queue)].map((one) => {
    const example = examples.get(one.name);
    const isSecret = one.isSecret ?? isSecretName(one.name);
    return {
      ...one,
      ...(example && example.value !== '' && !isSecret ? { example: example.value } : {}),
      ...present('purpose', one.purpose ?? example?.purpose),
    };
  });
  const { services, pointing } = readServices(app, read, installing.dependencies);
  const variables = read.map((one): Variable => {
    const { isSecret, ...rest } = one;
    const to = pointing.get(one.name);
    const given = app.config.variables?.[one.name];
    return {
      ...rest,
      ...withoutSecretDefault(one, to?.part),
      secret: given?.secret ?? isSecret ?? isSecretName(one.name),
      required: given?.required ?? rest.required,
      ...present('default', given?.default),
      ...present('purpose', given?.purpose ?? rest.purpose),
      ...(to ? { service: to.service, part: to.part, ...present('scheme', to.scheme) } : {}),
      ...present('example', rest.example ?? to?.example),
    };
  });
  return { variables, services: [...services, ...fileDatabases(app, [...services])] };
}

/** What the program of a queue reads to find its server. */
function queueVariables(queue: Queue | undefined): readonly ReadVariable[] {
  const { variable, worker, from } = queue ?? {};
  if (variable === undefined || !from) return [];
  return [{ name: variable, required: true, from: [{ ...from, why: `${worker?.[0]} reads ${variable}` }] }];
}

/** A key that stands in the source while developing is known to whoever can read it: production demands one of its own. */
function withoutSecretDefault(
  { isSecret, default: value, required }: ReadVariable,
  part: Variable['part'] | undefined,
) {
  if (!isSecret || value === undefined || part !== undefined) return { required };
  return { default: undefined, required: true };
}
