import { posix } from 'node:path';
import { memberPath, property, type Source, walk } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Command, Dependency, Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { filesBelow, pathsBelow } from '../../../project/paths.ts';
import { runtimes } from '../../../stacks/runtimes/registry.gen.ts';
import { type App, appAt, byConfig, inData, inSource, present } from '../app.ts';
import { applicationRoots } from '../applications.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { pathExists, pathOf } from '../modules/paths.ts';
import { type FollowedScript, followedScripts, type ScriptCommand, scriptsOf } from '../scripts/follow.ts';
import {
  applies,
  changesDatabase,
  isProgramOf,
  type KnownMigrator,
  knownTools,
  makesOutput,
} from '../scripts/migrating.ts';
import { readRelease } from '../scripts/platform.ts';
import { programPath } from '../workspace/installed.ts';
import { memberClosure } from '../workspace/member-closure.ts';
import { readBefore } from './before-start.ts';

/** Names of scripts that bring a database up to date, those for production first. */
const names = [
  'migrate:deploy',
  'db:migrate:deploy',
  'migrate:prod',
  'db:migrate:prod',
  'migration:run:prod',
  'prisma:deploy',
  'db:deploy',
  'db:migrate',
  'migrate',
  'migrate:up',
  'migrate:latest',
  'migration:run',
  'migrations:run',
];

/** What a command for migrations is made with. */
type Tools = { readonly app: App; readonly toolchain: Toolchain; readonly known: readonly KnownMigrator[] };
type MigrationFacts = Pick<Facts, 'migration' | 'generators' | 'system' | 'notes' | 'leftOut'> &
  Partial<Pick<Facts, 'reads'>> & {
    /** the commands among the generators that the build script runs itself; absent: none */
    readonly builtAlready?: readonly string[];
    /** folders that generators make among the sources */
    readonly made: readonly string[];
    /** variables that generators demand, with what stands in their places; absent: none */
    readonly demanded?: Readonly<Record<string, string>>;
  };

/** What brings the database of an app up to date, and what makes its client; an app that migrates itself needs no job. */
export async function readMigrations(
  context: AnalysisContext,
  toolchain: Toolchain,
  dependencies: readonly Dependency[],
  made: BuiltEntry | undefined,
): Promise<MigrationFacts> {
  const { app } = context;
  const known = await knownTools(dependencies);
  const generators = known.flatMap((knownMigrator) => generatorOf(app, knownMigrator, toolchain));
  const read = readerOf(app);
  const folders = known.flatMap(({ migrator }) => migrator.makes?.(filesOf(app), read) ?? []).map(app.path);
  const demanded = Object.assign({}, ...known.map(({ migrator }) => migrator.demands?.(filesOf(app), read)));
  const clients = {
    generators,
    made: folders,
    ...present('builtAlready', builtAlready(known, generators, toolchain)),
    ...(Object.keys(demanded).length > 0 ? { demanded } : {}),
  };
  const system = known.flatMap(({ migrator, from }) => (migrator.system ?? []).map((name) => detected(name, [from])));
  const asked = app.config.migrate;
  if (asked === false) return { ...clients, system, notes: [] };
  if (asked) return { migration: byConfig({ argv: [...asked] }, 'migrate'), ...clients, system, notes: [] };
  // platforms build in this step, too: the build has a stage of its own
  const isOfBuild = (command: ScriptCommand) =>
    generates(command, known) ||
    (command.through.some((script) => toolchain.buildScripts.includes(script)) && !changesDatabase(command, known));
  const before = readBefore(app, toolchain, { isOfBuild, applies: (command) => applies(command, known) });
  const release = readRelease(app, toolchain, {
    isOfBuild,
    builtAs: (file) => builtAs(toolchain, file, made),
    ...present('ofImage', before.release),
  });
  const leftOutRows = [...(release.leftOut ? [release.leftOut] : []), ...before.leftOut];
  const released = {
    ...present('migration', release.command),
    ...(leftOutRows.length > 0 ? { leftOut: leftOutRows } : {}),
  };
  const calls = known.flatMap((knownMigrator) =>
    context.modules.sources.flatMap((source) => ownCalls(context, source, knownMigrator)),
  );
  if (calls[0]) {
    const message =
      'the app applies its own migrations at startup, so several replicas would run them at the same time: run only one replica, or remove the call and set the key "migrate" to its command, which a job then runs once before';
    const reads = calls.flatMap(({ folder, from }) => (folder === undefined ? [] : [detected(folder, [from])]));
    return {
      ...released,
      ...clients,
      system,
      reads,
      notes: [{ code: 'migrates-itself', message, from: [calls[0].from] }],
    };
  }
  const own = release.command ?? ofScripts({ app, toolchain, known }, made) ?? ofTool({ app, toolchain, known });
  const { migration, notes } = own ? { migration: own, notes: [] } : await ofMembers(app, toolchain);
  const open =
    migration || notes.length > 0 ? [] : known.flatMap((knownMigrator) => unapplied(app, knownMigrator, read));
  return { ...released, ...present('migration', migration), ...clients, system, notes: [...notes, ...open] };
}

/**
 * The migrations that a member of the workspace holds, which the application runs with. Of several such applications one has the job: two would apply
 * the same at once.
 */
async function ofMembers(
  app: App,
  toolchain: Toolchain,
): Promise<Pick<MigrationFacts, 'notes'> & { readonly migration?: Fact<Command> | undefined }> {
  const { project, root, members } = app;
  const needed = members
    ? memberClosure(project, members, [root], { runs: true }).filter((value) => value !== root)
    : [];
  for (const folder of members ? needed.toReversed() : []) {
    const member = memberApp(app, folder);
    const tools = await knownTools(memberDependencies(member));
    const own = { app: member, toolchain: toolchainOf(member, app, toolchain), known: tools };
    const found = tools.length > 0 ? (ofScripts(own, undefined) ?? ofTool(own)) : undefined;
    if (!found || !members) continue;
    const needs = (value: string) => memberClosure(project, members, [value], { runs: true }).includes(folder);
    const first = applicationRoots(project).find(needs);
    const place = pathsBelow(members.root)(folder);
    if (first === root || first === undefined)
      return { migration: { ...found, value: { ...found.value, folder: place } }, notes: [] };
    const message = `the migrations of ${folder} are applied by the job of ${first}, which uses the same database: without that one nothing applies them`;
    return { notes: [{ code: 'migrates-elsewhere', message, from: [...found.from] }] };
  }
  return { notes: [] };
}

/** A database that nothing brings up to date. */
function unapplied(
  app: App,
  { migrator, from }: KnownMigrator,
  read: (file: string) => string | undefined,
): Facts['notes'] {
  const message = migrator.unapplied?.(filesOf(app), read);
  return message === undefined ? [] : [{ code: 'nothing-migrates', message, from: [from] }];
}

/** A member as the application that it is to its own scripts. */
const memberApp = (app: App, folder: string): App =>
  appAt({
    project: app.project,
    root: folder,
    config: {},
    examples: app.examples,
    hints: [],
    archetype: undefined,
    existing: [],
  });

function toolchainOf(member: App, { path }: App, toolchain: Toolchain): Toolchain {
  const { lockfile, loadedManager } = toolchain;
  const moved = lockfile && { ...lockfile.value, path: member.own(path(lockfile.value.path)) };
  return {
    ...toolchain,
    followed: followedScripts(member, loadedManager),
    lockfile: lockfile && moved && { ...lockfile, value: moved },
  };
}

function memberDependencies({ manifest }: App): readonly Dependency[] {
  return ['dependencies', 'devDependencies'].flatMap((group) =>
    Object.entries(manifest?.texts([group]) ?? {}).flatMap(([name, range]) =>
      manifest
        ? [
            {
              name,
              range,
              dev: group !== 'dependencies',
              from: inData(manifest, [group, name], `${group} has ${name}`),
            },
          ]
        : [],
    ),
  );
}

const readerOf =
  (app: App) =>
  (file: string): string | undefined =>
    app.project.read(app.path(file));

/** The files of the app, relative to it. */
const filesOf = ({ project, root }: App): readonly string[] => filesBelow(project.files(), root);

/** What makes the client, where no script does that installing runs: of those of the project the recipe knows. */
function generatorOf(app: App, known: KnownMigrator, toolchain: Toolchain): Fact<Command>[] {
  const argv = known.migrator.generates?.(filesOf(app), readerOf(app));
  if (!argv) return [];
  const made = ['postinstall', 'prepare'].some((name) => runsGenerator(toolchain, name, known, argv));
  return made ? [] : [detected({ argv: [...argv] }, [known.from])];
}

/** Whether a script of package.json makes the client, itself or by a script that it runs. */
const runsGenerator = (
  { followed }: Toolchain,
  script: string,
  { stack }: KnownMigrator,
  argv: readonly string[],
): boolean =>
  followed(script)?.commands.some(
    (command) => stack.programs?.includes(command.argv[0] ?? '') && command.argv.includes(argv[1] ?? ''),
  ) ?? false;

/** The generators that the build script of the project runs, as lines: building does not run them twice, and developing and testing need them too. */
function builtAlready(known: readonly KnownMigrator[], generators: readonly Fact<Command>[], toolchain: Toolchain) {
  const [build] = toolchain.buildScripts;
  const lines = generators.flatMap(({ value: { argv } }) => {
    const owner = known.find(({ stack }) => stack.programs?.includes(argv[0] ?? ''));
    const scripts = build === undefined || !owner ? [] : [build, `pre${build}`];
    return scripts.some((name) => owner && runsGenerator(toolchain, name, owner, argv)) ? [argv.join(' ')] : [];
  });
  return lines.length > 0 ? lines : undefined;
}

/** Calls by which the app applies its migrations itself, with the folder of the app that they are read from. */
function ownCalls(
  context: AnalysisContext,
  source: Source,
  { migrator }: KnownMigrator,
): { from: Evidence; folder?: string }[] {
  const found: { from: Evidence; folder?: string }[] = [];
  if (migrator.calls.length === 0) return found;
  walk(source.program, (node) => {
    if (node.type !== 'CallExpression') return;
    const path = memberPath(node.callee);
    if (path === undefined) return;
    for (const { modules, name, folder: option } of migrator.calls) {
      const local = path.split('.')[0];
      const imported = source.imports.some(
        (imported) =>
          modules.test(imported.specifier) &&
          imported.names.some((each) => each.local === local && each.imported === name),
      );
      const member =
        path.endsWith(`.${name}`) &&
        (name.includes('.') || source.imports.some((item) => modules.test(item.specifier)));
      if (!imported && !member) continue;
      const said =
        option === undefined ? undefined : node.arguments.map((argument) => property(argument, option)).find(Boolean);
      const place = said && pathOf(context, source, said)?.path;
      const folder = place === undefined ? undefined : posix.normalize(place).replace(/\/$/, '');
      const there = folder !== undefined && pathExists(context, folder);
      found.push({
        from: inSource(source, node.start, `${path}() applies the migrations`),
        ...(there ? { folder } : {}),
      });
    }
  });
  return found;
}

/** The project's own script, else what its start script does first. */
function ofScripts(tools: Tools, made: BuiltEntry | undefined): Fact<Command> | undefined {
  const { app, toolchain } = tools;
  const files = filesOf(app);
  const known = tools.known.filter(({ migrator }) => !migrator.lacks?.(files));
  const all = Object.keys(scriptsOf(app));
  const ordered = [...names.filter((name) => all.includes(name)), ...all.filter((name) => !names.includes(name))];
  for (const name of ordered) {
    const followed = toolchain.followed(name);
    const command = followed?.commands.find((command) => applies(command, known));
    if (followed && command) return commandOf(tools, name, followed, command);
    const own = followed?.commands.at(-1);
    const started = own && !own.dynamic ? toolchain.loadedRuntime?.starts?.(own.argv) : undefined;
    if (followed && own && started && names.includes(name)) {
      const argv = builtAs(toolchain, started.file, made) ?? toolchain.loadedManager?.script(name, []) ?? own.argv;
      return detected({ argv: [...argv], script: name }, followed.from);
    }
  }
  return undefined;
}

/** The file that starts, as it is written and as the build makes it: `src/server.ts` becomes `dist/server.js`. */
export type BuiltEntry = { readonly source: string; readonly built: string };

/** A program of the project as the build makes it, by how it makes the file that starts: no loader of TypeScript is needed then. */
function builtAs(toolchain: Toolchain, file: string, made: BuiltEntry | undefined): readonly string[] | undefined {
  if (!made || !/\.[cm]?ts$/.test(file)) return undefined;
  const stem = (path: string) => path.replace(/^\.\//, '').replace(/\.[cm]?[jt]s$/, '');
  const [source, built] = [stem(made.source), stem(made.built)];
  const tail = source.slice(source.lastIndexOf('/') + 1);
  if (!source.endsWith(tail) || !built.endsWith(tail)) return undefined;
  const [from, to] = [source.slice(0, -tail.length), built.slice(0, -tail.length)];
  const own = stem(file);
  return own.startsWith(from) && from !== ''
    ? toolchain.loadedRuntime?.run(`${to}${own.slice(from.length)}.js`)
    : undefined;
}

/** What makes a client of the database: the build does it, wherever else it stands. */
const generates = ({ argv }: ScriptCommand, known: readonly KnownMigrator[]): boolean =>
  argv[1] === 'generate' &&
  known.some(({ stack, migrator }) => migrator.generates && stack.programs?.includes(argv[0] ?? ''));

/** One plain command is run as it is; what does more is run as the script that it is, unless it also builds or starts the app. */
function commandOf(tools: Tools, name: string, followed: FollowedScript, command: ScriptCommand): Fact<Command> {
  const { toolchain } = tools;
  const isLoader = command.argv.slice(1).some((word) => word.includes('node_modules/'));
  const alone = followed.commands.length === 1 && followed.plain && !isLoader;
  const starts = followed.commands.some(
    (scriptCommand) =>
      scriptCommand !== command &&
      (makesOutput(scriptCommand) || toolchain.loadedRuntime?.starts?.(scriptCommand.argv)),
  );
  const sure = tools.known.find(({ stack }) => isProgramOf(stack, command.argv))?.migrator.sure;
  const asked = sure === undefined || command.argv.includes(sure) ? [] : [sure];
  const argv =
    alone || starts
      ? throughModules(tools, [...command.argv, ...asked])
      : (toolchain.loadedManager?.script(name, []) ?? command.argv);
  const env = Object.keys(command.env).length > 0 ? { env: { ...command.env } } : {};
  return detected({ argv: [...argv], script: name, ...env }, followed.from);
}

/** A program of the packages by its path: a container needs no package manager to run it. */
function throughModules(
  { app, toolchain, known }: Tools,
  [program = '', ...rest]: readonly string[],
): readonly string[] {
  // a file of the app that a runtime starts
  if (runtimes.some(({ programs }) => programs?.includes(program))) return [program, ...rest];
  const tool = known.find(({ stack }) => stack.programs?.includes(program));
  // the first package of a tool is the one that brings its program
  return [programPath(app, toolchain, tool?.stack.dependencies?.[0] ?? program, program), ...rest];
}

function ofTool(tools: Tools): Fact<Command> | undefined {
  for (const { migrator, range, from } of tools.known) {
    const argv = migrator.usual(filesOf(tools.app), range, readerOf(tools.app));
    if (argv) return detected({ argv: [...throughModules(tools, argv)] }, [from]);
  }
  return undefined;
}
