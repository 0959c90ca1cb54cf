import { posix } from 'node:path';
import type { GoFile } from '../../formats/go/index.ts';
import type { Archetype } from '../../model/archetype.ts';
import type { Known } from '../../model/evidence.ts';
import type { Facts } from '../../model/facts.ts';
import { detected, knownValue } from '../../model/known.ts';
import { plainName } from '../../model/plain-name.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { type GoDetails, goNative, goRuntime, isOfModule } from '../../stacks/go.ts';
import { loadRuntime } from '../../stacks/runtimes/registry.gen.ts';
import type { ApplicationInput } from '../contract.ts';
import { unreadNote } from '../support/unread.ts';
import { serverOf } from './applications.ts';
import {
  readArchetype,
  readFiles,
  readFrameworks,
  readHealthcheck,
  readServeCommand,
  readSignals,
} from './behavior.ts';
import { readConnections } from './connections.ts';
import { readAssets } from './embedded.ts';
import { readPlaceholders } from './env-files.ts';
import { readVariables } from './environment.ts';
import { type Evaluation, evaluationOf, withSettings } from './evaluate.ts';
import { readGenerators } from './generated.ts';
import { type Listening, readListening } from './listening.ts';
import { readMigrating } from './migrating.ts';
import { isTest, type Module, moduleAt, moduleName, modulesOf, modulesWith, workspaceOf } from './modules.ts';
import { type PrivateModules, readPrivateModules } from './private.ts';
import { type GoProgram, mainFolders, readProgram, unreadMains } from './program.ts';
import { readBeside } from './programs.ts';
import { healthRoutesOf, readRoutes } from './routes.ts';
import { readSettings } from './settings.ts';

/** What an application is in its repository. */
type MigrationContext = {
  readonly project: Project;
  readonly root: string;
  readonly module: Module;
  readonly modules: readonly Module[];
  /** folder of `package main`; undefined: a library */
  readonly main: string | undefined;
  /** where there is no program: files of which nothing was read that may be one */
  readonly unread: readonly GoFile[];
  /** folders of further programs, which belong to the server */
  readonly beside: readonly string[];
  /** the folder that it is built from */
  readonly context: string;
};

/** Where the application of a folder is compiled from. */
function placeOf(project: Project, root: string): MigrationContext {
  const all = modulesOf(project);
  const module =
    moduleAt(all, root) ??
    ({
      folder: root,
      file: pathIn(root, 'go.mod'),
      mod: { module: undefined, go: undefined, toolchain: undefined, requires: [], replaces: [], uses: [], tools: [] },
    } satisfies Module);
  const modules = modulesWith(project, module, all);
  const mains = mainFolders(project, module, all);
  const server = root === module.folder && mains.length > 1 ? serverOf(project, modules, mains) : undefined;
  const main = server ?? (mains.includes(root) ? root : mains.length === 1 ? mains[0] : undefined);
  const workspace = workspaceOf(project, module);
  return {
    project,
    root,
    module,
    modules,
    main,
    unread: main === undefined ? unreadMains(project, module, all) : [],
    beside: server === undefined ? [] : mains.filter((one) => one !== server),
    context: commonFolder([...(workspace ? [workspace.folder] : []), ...modules.map(({ folder }) => folder)]),
  };
}

/** The nearest folder that holds all of some. */
function commonFolder(folders: readonly string[]): string {
  const parts = folders.map((folder) => (folder === '.' ? [] : folder.split('/')));
  const [first = []] = parts;
  const length = first.findIndex((part, at) => parts.some((other) => other[at] !== part));
  const shared = length === -1 ? first.slice(0, Math.min(...parts.map((one) => one.length))) : first.slice(0, length);
  return shared.join('/') || '.';
}

/** The version of Go, with what is to be known of it. */
async function runtimeOf(project: Project, { folder }: Module): Promise<Pick<Facts, 'runtime' | 'notes'>> {
  const loaded = await loadRuntime(goRuntime);
  const found = loaded?.version(project, folder);
  const value = found && 'value' in found ? found.value : { version: '1' };
  const from = found ? [...found.from] : [];
  return {
    runtime: { value: { name: goRuntime, ...value }, by: found && 'by' in found ? found.by : 'default', from },
    notes: (loaded?.supportNotes(value.version) ?? []).map((note) => ({ ...note, from })),
  };
}

/** What it depends on. */
const packagesOf = (
  { module }: MigrationContext,
  program: GoProgram,
  details: GoDetails,
  isPrivate: PrivateModules | undefined,
): Pick<Facts, 'tokens' | 'native' | 'system' | 'generators' | 'compiled' | 'installs' | 'dependencies'> => ({
  tokens: isPrivate?.tokens ?? [],
  native: details.cgo
    ? [
        detected(
          details.cgo.by,
          program.packages.filter(({ path }) => path === details.cgo?.by).map(({ from }) => from),
        ),
      ]
    : [],
  system: [],
  generators: [],
  compiled: [],
  installs: [],
  dependencies: module.mod.requires.map(({ path, version: range, line }) => ({
    name: path,
    range,
    dev: false,
    from: { file: module.file, line, why: 'go.mod requires it' },
  })),
});

/** Modules that the program needs and that only a login gets. */
const privateOf = ({ project, module }: MigrationContext): PrivateModules | undefined =>
  readPrivateModules(
    project,
    module.folder,
    module.mod.requires.map(({ path }) => path),
  );

/** What is compiled: the program, and further ones that run with it. */
const programOf = ({ project, root, main, modules }: MigrationContext, beside: readonly string[]): GoProgram =>
  readProgram(project, main ?? root, modules, beside);

/** A program with what its files of settings say. */
function evaluated({ project, module }: MigrationContext, program: GoProgram): Evaluation {
  const plain = evaluationOf(program);
  return withSettings(plain, readSettings(plain, project, module.folder));
}

/** What the image of the job holds. */
const withMigrating = ({ migrator, job }: Partial<ReturnType<typeof readMigrating>>): Partial<GoDetails> => ({
  ...(migrator ? { migrator } : {}),
  ...(job === undefined ? {} : { job }),
});

/** The facts of one application. Nothing of it is run. */
export async function inspectApplication(input: ApplicationInput): Promise<Facts> {
  const { project, root, existing } = input;
  const place = placeOf(project, root);
  const { module, main, context } = place;
  const name = nameOf(input, place);
  const beside = readBeside(place, place.beside, name.value);
  const program = programOf(place, beside.built);
  const evaluation = evaluated(place, beside.built.length > 0 ? programOf(place, []) : program);
  const whole = beside.built.length > 0 ? evaluated(place, program) : evaluation;
  const listening = main === undefined ? [] : readListening(evaluation);
  const signals = readSignals(evaluation);
  const archetype = archetypeOf(input, place, evaluation, listening, signals);
  const built = await runtimeOf(project, module);
  const made = readGenerators(project, program, place.modules);
  const { assets, notes } = await readAssets(project, program, context);
  const connections = readConnections(program, readVariables(whole), input);
  const migrating =
    main === undefined ? { notes: [] } : readMigrating(input, evaluation, { ...place, ...connections, ...beside });
  const isPrivate = privateOf(place);
  const details: GoDetails = {
    ...(isPrivate?.details ?? {}),
    ...detailsOf(place, program, evaluation, knownValue(archetype), name.value),
    ...withMigrating(migrating),
    ...(beside.programs.length > 0 ? { programs: beside.programs } : {}),
    ...(assets.length > 0 ? { assets } : {}),
    ...(made.generators.length > 0 ? { generators: made.generators.map(({ argv }) => argv) } : {}),
  };
  const routes = readRoutes(evaluation);
  return {
    name,
    title: { ...name, value: input.config.name ?? name.value },
    root,
    ...(context === root ? {} : { context }),
    archetype: archetype as Facts['archetype'],
    runtime: built.runtime,
    manager: detected({ name: goRuntime }, [{ file: module.file, why: 'Go resolves its modules itself' }]),
    manifest: posix.relative(root, module.file) || 'go.mod',
    ...lockfileOf(place),
    frameworks: readFrameworks(evaluation.program),
    commands: commandsOf(place, details),
    entry: detected(posix.relative(root, program.files[0]?.file ?? module.file), [
      { ...(program.files[0] ? { file: program.files[0].file } : {}), why: 'it begins there' },
    ]),
    sources: ['.'],
    ...portsOf(listening),
    ...withAddress(connections, listening),
    externals: [],
    routes: [...healthRoutesOf(routes)],
    ...pathsOf(routes),
    signals,
    ...filesOf(place, whole),
    tests: testsOf(place),
    existing: [...existing],
    ...packagesOf(place, program, details, isPrivate),
    details,
    ...(migrating.migration ? { migration: migrating.migration } : {}),
    ...(beside.processes.length > 0 ? { processes: [...beside.processes] } : {}),
    notes: [...unreadNotes(place), ...built.notes, ...notes, ...made.notes, ...migrating.notes, ...beside.notes],
  };
}

/** The first program of which nothing was read. */
const unreadNotes = ({ unread }: MigrationContext): Facts['notes'] =>
  unread.slice(0, 1).map(({ file, unread: why = '' }) => unreadNote(file, 1, why));

/** One test is enough to know that there are some. */
const testsOf = ({ project, root }: MigrationContext): Facts['tests'] =>
  project
    .files()
    .filter(isTest)
    .slice(0, 1)
    .map((file) => posix.relative(root, file));

function archetypeOf(
  { archetype }: ApplicationInput,
  place: MigrationContext,
  evaluation: Evaluation,
  listening: readonly Listening[],
  signals: Facts['signals'],
): Facts['archetype'] {
  if (archetype) return { ...archetype, from: [...archetype.from] };
  const { main, module, root } = place;
  const [note] = unreadNotes(place);
  if (note) return { why: `${note.from[0]?.file} could not be fully read`, ask: 'archetype', from: note.from };
  const found: ReturnType<typeof readArchetype> | Known<Archetype> =
    main === undefined
      ? detected('library' as const, [
          {
            file: module.file,
            why:
              root === module.folder
                ? 'the module does not contain a program'
                : 'this folder does not contain a program',
          },
        ])
      : readArchetype(evaluation, listening, signals);
  return 'value' in found
    ? { ...found, from: [...found.from] }
    : { ...found, from: [...found.from], ...(found.choices ? { choices: [...found.choices] } : {}) };
}

function nameOf({ config }: ApplicationInput, { root, module, main, project }: MigrationContext): Facts['name'] {
  if (config.name !== undefined)
    return { value: plainName(config.name), by: 'config', from: [{ why: 'the configuration says name' }] };
  if (main !== undefined && root === main && root !== module.folder)
    return detected(plainName(posix.basename(main)) || 'app', [
      { file: main, why: 'the folder of the program has that name' },
    ]);
  const name = moduleName(module.mod) ?? posix.basename(root === '.' ? project.label : root);
  return detected(plainName(name) || 'app', [{ file: module.file, line: 1, why: 'the module has that name' }]);
}

function lockfileOf({ project, module, root }: MigrationContext): Pick<Facts, 'lockfile'> {
  const file = pathIn(module.folder, 'go.sum');
  return project.has(file)
    ? {
        lockfile: detected({ path: posix.relative(root, file), format: 'text' as const }, [
          { file, why: 'it is there' },
        ]),
      }
    : {};
}

function commandsOf(
  { module, main, root }: MigrationContext,
  { binary, args = [], main: folder }: GoDetails,
): Facts['commands'] {
  const from = [{ file: main ?? module.file, why: 'the build output' }];
  return {
    start:
      main === undefined
        ? { why: 'the module does not contain a program', ask: 'archetype', from }
        : detected({ argv: [binary, ...args] }, from),
    dev: detected({ argv: ['go', 'run', packagePath(folder), ...args] }, from),
    test: detected({ argv: ['go', 'test', './...'] }, [
      { file: posix.join(root, module.folder), why: 'the tests of the module' },
    ]),
  };
}

/** A package of the module as a command takes it. */
export const packagePath = (folder: string): string => (folder === '.' ? '.' : `./${folder}`);

function detailsOf(
  { module, modules, main, context, project, root }: MigrationContext,
  program: GoProgram,
  evaluation: Evaluation,
  archetype: Archetype | undefined,
  name: string,
): GoDetails {
  const inContext = (path: string) => posix.relative(context, path) || '.';
  const folder = inContext(module.folder);
  const health = readHealthcheck(evaluation);
  const serve = archetype === 'web-service' ? readServeCommand(evaluation) : undefined;
  const cgo = cgoOf(program);
  const placeholders = readPlaceholders(evaluation, project, module.folder);
  const manifests = [
    ...(workspaceOf(project, module) ? ['go.work', 'go.work.sum'] : []),
    ...modules.flatMap(({ folder: one }) => [pathIn(inContext(one), 'go.mod'), pathIn(inContext(one), 'go.sum')]),
  ].filter((file) => project.has(posix.join(context, file)));
  return {
    language: 'go',
    module: folder,
    main: posix.relative(module.folder, main ?? root) || '.',
    binary: name,
    manifests,
    beside: modules.slice(1).map(({ folder: one }) => inContext(one)),
    ...(project.has(pathIn(module.folder, 'vendor/modules.txt')) ? { vendored: true } : {}),
    ...(module.mod.requires.length === 0 && modules.length === 1 ? { alone: true } : {}),
    ...(readsDocuments(program) ? { documents: true } : {}),
    ...(cgo ? { cgo } : {}),
    ...(health ? { healthcheck: health.argv } : {}),
    ...(serve ? { args: serve.argv } : {}),
    ...(placeholders.length > 0 ? { placeholders } : {}),
    ...countingOf(module),
  };
}

/** Programs of modules that ask for an older Go count the cores of the machine (https://go.dev/doc/go1.25#runtime). */
function countingOf({ mod, file }: Module): Pick<GoDetails, 'countsHost'> {
  const [major = 1, minor = 0] = (mod.go?.version ?? '1').split('.').map(Number);
  if (major > 1 || minor >= 25) return {};
  const line = mod.go ? { line: mod.go.line } : {};
  return { countsHost: { file, ...line, why: `the module requires Go ${mod.go?.version ?? 'of any version'}` } };
}

/** Whether files besides the sources are compiled into the program, or a package lies among documents. */
const readsDocuments = ({ files }: GoProgram): boolean =>
  files.some(
    ({ file, comments }) =>
      file.split('/').includes('docs') || comments.some(({ text }) => text.startsWith('go:embed ')),
  );

/** What needs a compiler for C: a package of the program, or a file of its own. */
function cgoOf({ packages }: GoProgram): GoDetails['cgo'] {
  for (const { module, cpp } of goNative)
    if (packages.some(({ path }) => isOfModule(path, module))) return { by: module, ...(cpp ? { cpp } : {}) };
  return packages.some(({ path }) => path === 'C') ? { by: 'C' } : undefined;
}

const isMetrics = ({ inside }: Listening): boolean => inside !== undefined;

/** The port of the application, and its further ones. */
function portsOf(listening: readonly Listening[]): Pick<Facts, 'port' | 'host' | 'otherPorts' | 'https'> {
  const [main] = [...listening].sort(
    (a, b) => Number(isMetrics(a)) - Number(isMetrics(b)) || Number(b.http === true) - Number(a.http === true),
  );
  if (!main) return {};
  const others = listening.filter((one) => one !== main && one.number !== undefined);
  const { number, variable, host, secure, from, addressVariable } = main;
  const usual = number ?? (variable !== undefined || addressVariable !== undefined ? 8080 : undefined);
  return {
    port:
      usual === undefined
        ? { why: `the address that it listens on (${from.file}:${from.line}) is computed`, ask: 'port', from: [from] }
        : detected({ number: usual, ...(variable ? { variable } : {}) }, [from]),
    ...(host ? { host: detected(host, [from]) } : {}),
    ...(secure ? { https: detected(true as const, [from]) } : {}),
    ...(others.length > 0
      ? {
          otherPorts: others.map((one) =>
            detected(
              {
                number: one.number ?? 0,
                ...(one.variable ? { variable: one.variable } : {}),
                ...(one.inside ? { inside: one.inside } : {}),
              },
              [one.from],
            ),
          ),
        }
      : {}),
  };
}

/** A variable that holds the whole address, and has no default of its own, is given one. */
function withAddress(
  { variables, services }: Pick<Facts, 'variables' | 'services'>,
  listening: readonly Listening[],
): Pick<Facts, 'variables' | 'services'> {
  const bare = listening.find(({ addressVariable, number }) => addressVariable !== undefined && number === undefined);
  return {
    services,
    variables: variables.map((variable) =>
      variable.name === bare?.addressVariable && variable.default === undefined
        ? { ...variable, default: ':8080', given: true as const, required: false }
        : variable,
    ),
  };
}

function pathsOf(routes: ReturnType<typeof readRoutes>): Pick<Facts, 'paths'> {
  const paths = routes
    .filter(({ method, path }) => method === 'GET' || (method === 'ALL' && !path.endsWith('/')))
    .slice(0, 200);
  const seen = new Set<string>();
  const all = paths.filter(({ path }) => !seen.has(path) && seen.add(path)).map(({ path, from }) => ({ path, from }));
  return all.length > 0 ? { paths: all } : {};
}

/** What the running program reads and writes, relative to the application: its paths begin at the folder of the module. */
function filesOf({ project, module, root }: MigrationContext, evaluation: Evaluation): Pick<Facts, 'reads' | 'writes'> {
  const found = readFiles(evaluation, project, module.folder);
  const files = evaluation.settings?.files.filter(({ path }) => !found.reads.some(({ value }) => value === path)) ?? [];
  const reads = [...found.reads, ...files.map(({ path, from }) => detected(path, [from]))];
  const { writes } = found;
  const moved = <T extends { value: string }>(one: T): T => ({
    ...one,
    value: one.value.startsWith('/') ? one.value : posix.relative(root, posix.join(module.folder, one.value)),
  });
  return { reads: reads.map(moved), writes: writes.map(moved) };
}
