import { posix } from 'node:path';
import { UserError } from '../../../model/errors.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Command, Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { nearest } from '../../../model/nearest.ts';
import { readSource } from '../../../project/source.ts';
import { builders } from '../../../stacks/builders/registry.gen.ts';
import type { Runtime, StartTarget } from '../../../stacks/contract.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import { type App, byConfig, inData, isInside, present } from '../app.ts';
import { isBuiltInImage, startedFile } from '../container.ts';
import { imageCommand } from '../image-command.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { chain, setting } from '../manifest/tsconfig.ts';
import { existing, isTest, ofPath, readModules } from '../modules/graph.ts';
import { type FollowedScript, followLine, type ScriptCommand, scriptsOf } from './follow.ts';
import { isWeb, placeOf, platformBuild, scriptOfPlatform, webLine } from './platform.ts';
import { withPreloadFiles } from './preload-files.ts';
import { readShellScript, setByShell } from './shell-script.ts';
import { type SplitBuild, splitBuild } from './split-build.ts';
import { isWorkerName } from './worker-name.ts';

/** The commands of an app, and the file that starting it runs. */
export type Commands = {
  readonly start: Fact<Command> | undefined;
  readonly startFile: Fact<string> | undefined;
  /** variables that the script of the shell which starts the app gives a value by itself; absent: none */
  readonly sets?: readonly string[];
  /** where the program that starts the app listens for it */
  readonly opens: Fact<OpenedPort> | undefined;
  /** what the start script starts besides, each a process of its own; absent: nothing */
  readonly further?: readonly FurtherProcess[];
  readonly dev: Fact<Command> | undefined;
  /** the file that developing starts, as it is written */
  readonly devFile: Fact<string> | undefined;
  readonly build: Fact<Command> | undefined;
  /** words of the build script that are source files of the app */
  readonly builtFrom: readonly string[];
  /** files of the app that the build script runs as programs */
  readonly buildPrograms: readonly string[];
  readonly test: Fact<Command> | undefined;
  readonly tests: readonly string[];
  readonly notes: Facts['notes'];
};

/** A further process of a start script: `pm2 start a.js && pm2 start b.js`. */
export type FurtherProcess = Pick<StartTarget, 'file' | 'argv'> &
  Pick<ScriptCommand, 'env'> & {
    /** absent: that of its file */
    readonly name?: string;
    readonly from: readonly Evidence[];
  };

/** The port and the address of a program that listens in the place of the app. */
export type OpenedPort = NonNullable<StartTarget['opens']>;

/** Names of scripts by what they are for, the most telling first. */
const names = {
  start: ['start:prod', 'start:production', 'prod', 'start', 'serve'],
  dev: ['dev', 'start:dev', 'develop', 'dev:server', 'watch'],
  test: ['test', 'test:unit'],
} as const;

/** Reads the scripts of package.json, followed to what they run in the end. */
export function readCommands(app: App, toolchain: Toolchain): Commands {
  const start = readStart(app, toolchain);
  const build = readBuild(app, toolchain);
  const tests = app.project
    .files()
    .filter((file) => isInside(app, file) && isTest(file) && /\.[cm]?[jt]sx?$/.test(file))
    .map(app.own)
    .sort();
  const { note, ...built } = build;
  const notes = note ? [...start.notes, note] : start.notes;
  return { ...start, ...readDev(app, toolchain), ...built, test: readTest(app, toolchain, tests), tests, notes };
}

type Script = {
  /** absent: a line of another platform's file */
  readonly name?: string;
  /** what it is called in messages */
  readonly label: string;
  readonly followed: FollowedScript;
  readonly main: ScriptCommand | undefined;
};

function scriptFor(
  app: App,
  toolchain: Toolchain,
  wanted: readonly string[],
): (Script & { readonly name: string }) | undefined {
  const name = wanted.find((value) => Object.hasOwn(scriptsOf(app), value));
  const followed = name === undefined ? undefined : toolchain.followed(name);
  if (name === undefined || !followed) return undefined;
  const main = followed.commands.findLast((scriptCommand) => !scriptCommand.beside) ?? followed.commands.at(-1);
  return { name, label: `the script ${name}`, followed, main };
}

/** A command as the project's own script runs it: for what is more than one plain command, or a program of node_modules. */
function throughManager(toolchain: Toolchain, { name, main, followed }: Script): Fact<Command> {
  const argv = (name === undefined ? undefined : toolchain.loadedManager?.script(name, [])) ?? main?.argv ?? [];
  return detected({ argv: [...argv], ...present('script', name) }, followed.from);
}

const command = (
  argv: readonly string[],
  script: string | undefined,
  env: Readonly<Record<string, string>>,
): Command => ({
  argv: [...argv],
  ...present('script', script),
  ...(Object.keys(env).length > 0 ? { env: { ...env } } : {}),
});

/** The text of a file of the app, by its path from the app's folder. */
export const readOf = (app: App) => (file: string) => app.project.read(app.path(file));

function readStart(
  app: App,
  toolchain: Toolchain,
): Pick<Commands, 'start' | 'startFile' | 'sets' | 'opens' | 'notes' | 'further'> {
  const asked = app.config.start;
  if (asked) {
    const started = toolchain.loadedRuntime?.starts?.(asked, readOf(app));
    return {
      start: byConfig({ argv: [...asked] }, 'start'),
      startFile: started && byConfig(started.file, 'start'),
      opens: started?.opens && byConfig(started.opens, 'start'),
      notes: [],
    };
  }
  const ofImage = startOfImage(app, toolchain);
  if (ofImage) return ofImage;
  const script = startScript(app, toolchain);
  if (!script?.main) return { start: undefined, startFile: undefined, opens: undefined, notes: [] };
  const { followed } = script;
  const startedBy = (scriptCommand: ScriptCommand) =>
    scriptCommand.dynamic ? undefined : startedWithFlags(toolchain.loadedRuntime, scriptCommand, readOf(app));
  // of several that go on by themselves the first is the app
  const leaving = followed.commands.filter((scriptCommand) => startedBy(scriptCommand)?.leaves);
  // beside a compiler that watches, the app is what starts a file
  const others = followed.commands.slice(script.main.beside ? 0 : followed.commands.indexOf(script.main) + 1);
  const sides = script.main.beside ? followed.commands.filter(startedBy) : [];
  const server = sides.find((side) => !isWorkerName(startedBy(side)?.file ?? '')) ?? sides[0];
  const told = followed.commands.find(
    (scriptCommand) => scriptCommand.told && !scriptCommand.beside && startedBy(scriptCommand),
  );
  const main = leaving[0] ?? server ?? [script.main, ...others].find(startedBy) ?? told ?? script.main;
  const started = startedBy(main);
  if (!started) {
    const ofShell = startedByShell(app, toolchain, script, main);
    const startFile = main.dynamic ? fileOfDynamic(app, toolchain, main, followed) : undefined;
    return ofShell ?? { start: throughManager(toolchain, script), startFile, opens: undefined, notes: [] };
  }
  const file = existing(app.project, app.path(started.file));
  // `start.js` for a `start.ts`: what is there is started
  const named = file !== undefined && !app.project.has(app.path(started.file)) && /\.[cm]?js$/.test(started.file);
  const renamed = named ? started.argv.map((word) => (word === started.file ? app.own(file) : word)) : started.argv;
  const argv = withPreloadFiles(app, renamed);
  return {
    start: detected(command(argv, script.name, main.env), followed.from),
    startFile: detected(started.file, followed.from),
    opens: started.opens && detected(started.opens, followed.from),
    ...furtherOf(app, toolchain, followed, leaving),
    notes: startNotes({ ...script, followed: { ...followed, commands: without(followed.commands, leaving) } }, main, {
      ...started,
      argv,
    }),
  };
}

/** The file that a command starts of which a shell fills in other words: `node dist/server.js --port ${PORT:-80}`. */
function fileOfDynamic(
  app: App,
  { loadedRuntime }: Toolchain,
  { argv }: ScriptCommand,
  { from }: FollowedScript,
): Fact<string> | undefined {
  const file = loadedRuntime?.starts?.(argv, readOf(app))?.file;
  return file !== undefined && /^[\w./@-]+$/.test(file) ? detected(file, from) : undefined;
}

/** What a command starts, with the flags that its variable of them holds, such as NODE_OPTIONS: no generated file sets that variable. */
function startedWithFlags(
  runtime: Runtime | undefined,
  { argv, env }: ScriptCommand,
  read: (file: string) => string | undefined,
): StartTarget | undefined {
  const started = runtime?.starts?.(argv, read);
  const text = runtime?.flagsVariable === undefined ? undefined : env[runtime.flagsVariable];
  const [program, ...words] = started?.argv ?? [];
  // a program of a package hands no flags on, and what a shell fills in is not known
  if (!started || text === undefined || /["'$`\\]/.test(text) || program === undefined || program.includes('/'))
    return started;
  const flags = text.split(' ').filter((word) => word !== '');
  const whole = runtime?.starts?.([program, ...flags, ...words], read);
  return whole ? { ...started, argv: whole.argv, dropped: [...started.dropped, ...whole.dropped] } : started;
}

/** A script of the shell that starts the app: it is run as it is, and what it runs last is the app. */
function startedByShell(
  app: App,
  toolchain: Toolchain,
  script: Script,
  main: ScriptCommand,
): ReturnType<typeof readStart> | undefined {
  const shell = main.dynamic ? undefined : readShellScript(app, main.argv);
  const line =
    shell &&
    followLine(
      app,
      shell.text,
      [{ file: app.path(shell.file), why: 'the start script runs it' }],
      toolchain.loadedManager,
    );
  const starts = (line?.commands ?? []).flatMap(
    (scriptCommand) => toolchain.loadedRuntime?.starts?.(scriptCommand.argv, readOf(app)) ?? [],
  );
  const last = starts.at(-1);
  if (!shell || !line || !last) return undefined;
  const from = [...script.followed.from, ...line.from];
  return {
    start: detected(command(main.argv, script.name, main.env), from),
    startFile: detected(last.file, from),
    sets: setByShell(shell.text),
    opens: last.opens && detected(last.opens, from),
    notes: [],
  };
}

const without = (all: readonly ScriptCommand[], some: readonly ScriptCommand[]): readonly ScriptCommand[] =>
  all.filter((scriptCommand) => !some.includes(scriptCommand));

/** The processes after the first of those that a start script starts one after the other. */
function furtherOf(
  app: App,
  toolchain: Toolchain,
  { from }: FollowedScript,
  [, ...leaving]: readonly ScriptCommand[],
): Pick<Commands, 'further'> {
  const further = leaving.flatMap(({ argv, env }) => {
    const started = toolchain.loadedRuntime?.starts?.(argv, readOf(app));
    return started ? [{ file: started.file, argv: started.argv, env, from }] : [];
  });
  return further.length > 0 ? { further } : {};
}

/**
 * The script that starts the app: the one that the author's image or another platform names, else by its name. The line of another platform counts
 * where the manifest has none, or one for development.
 */
function startScript(app: App, toolchain: Toolchain): Script | undefined {
  const line = webLine(app, toolchain);
  const certain = names.start.filter((name) => name !== looseStart);
  const script = scriptFor(app, toolchain, [...scriptOfImage(app), ...scriptOfPlatform(line), ...certain]);
  const started = ({ main }: Pick<Script, 'main'>) =>
    main && !main.dynamic ? toolchain.loadedRuntime?.starts?.(main.argv, readOf(app)) : undefined;
  const platform = line && started(line)?.dropped.length === 0 ? line : undefined;
  const isForDevelopment = script !== undefined && (started(script)?.dropped.length ?? 0) > 0;
  if (platform && (!script || (isForDevelopment && isWeb(platform))))
    return { label: placeOf(platform.hint), followed: platform.followed, main: platform.main };
  return script ?? scriptFor(app, toolchain, [looseStart]);
}

/** A name under which many projects start a server for development. */
const looseStart = 'serve';

/** What the image of the author starts, where that is one file of the application, or one that building makes. */
function startOfImage(app: App, toolchain: Toolchain): ReturnType<typeof readStart> | undefined {
  const command = imageCommand(app);
  const started = command && toolchain.loadedRuntime?.starts?.(command.argv, readOf(app));
  const own = started && startedFile(app, started.file);
  if (!started || own === undefined) return undefined;
  const isThere = existing(app.project, app.path(own)) !== undefined;
  const script = scriptFor(app, toolchain, names.start);
  const isStarted = script?.main?.argv.some((word) => posix.normalize(word) === own);
  // what nobody has, and lies in a folder, the build of the image makes: in a stage of its own, or in the one that runs
  const isMade =
    app.manifest?.text(['scripts', 'build']) !== undefined && (isBuiltInImage(app, own) || own.includes('/'));
  if (!isThere && !isStarted && !isMade) return undefined;
  const argv = started.argv.map((word) => (word === started.file ? own : word));
  return {
    start: detected({ argv: [...argv] }, command.from),
    startFile: detected(own, command.from),
    opens: started.opens && detected(started.opens, command.from),
    notes: [],
  };
}

/** The script that the image of the author starts: `npm start`, `yarn run serve`. */
function scriptOfImage(app: App): readonly string[] {
  const argv = imageCommand(app)?.argv ?? [];
  if (!managers.some(({ name }) => name === argv[0])) return [];
  const words = argv.slice(1).filter((word) => !word.startsWith('-') && word !== 'run' && word !== 'run-script');
  return words.slice(0, 1);
}

function startNotes(
  script: Script,
  main: ScriptCommand,
  { argv, dropped }: { readonly argv: readonly string[]; readonly dropped: readonly string[] },
): Facts['notes'] {
  const more = script.followed.commands.filter(
    (scriptCommand) => scriptCommand !== main && (main.beside || !scriptCommand.beside),
  );
  const from = [...script.followed.from];
  return [
    ...(dropped.length > 0
      ? [
          {
            code: 'start-for-development',
            message: `${script.label} starts with ${dropped.join(' ')}, which is left out in production`,
            from,
          },
        ]
      : []),
    ...(more.length > 0
      ? [
          {
            code: 'start-does-more',
            message: `${script.label} runs ${more.map((scriptCommand) => `\`${scriptCommand.argv.join(' ')}\``).join(', ')} ${main.beside ? 'as well' : 'first'}; the image only starts \`${argv.join(' ')}\``,
            from,
          },
        ]
      : []),
  ];
}

function readDev(app: App, toolchain: Toolchain): Pick<Commands, 'dev' | 'devFile'> {
  const script = scriptFor(app, toolchain, names.dev);
  if (!script?.main) return { dev: undefined, devFile: undefined };
  const started = script.main.dynamic ? undefined : toolchain.loadedRuntime?.starts?.(script.main.argv, readOf(app));
  const devFile = started && detected(started.file, script.followed.from);
  const plain = script.followed.commands.every((scriptCommand) => !scriptCommand.beside) && !script.main.dynamic;
  // a program of node_modules is on no path but that of scripts
  const own = 'value' in toolchain.runtime && script.main.argv[0] === toolchain.runtime.value.name;
  // what the commands before it make is not there without them: `tsc && node dist/index.js`
  const isMade = started && script.followed.commands.some(builds) && !existing(app.project, app.path(started.file));
  if (!plain || !own || !started || isMade) return { dev: throughManager(toolchain, script), devFile };
  return { dev: detected(command(script.main.argv, script.name, script.main.env), script.followed.from), devFile };
}

function readBuild(
  app: App,
  toolchain: Toolchain,
): Pick<Commands, 'build' | 'builtFrom' | 'buildPrograms'> & { readonly note?: Note } {
  const none = { builtFrom: [], buildPrograms: [] };
  if (app.config.build) return { build: byConfig({ argv: [...app.config.build] }, 'build'), ...none };
  const script = scriptFor(app, toolchain, toolchain.buildScripts);
  const apart = script && splitBuild(app, script.followed.commands);
  if (script && apart) return { ...none, ...builtApart(toolchain, script, apart) };
  // what the author's Dockerfile runs is left to it
  const offline = script && !app.container ? builtOffline(toolchain, script) : undefined;
  if (offline) return { ...none, ...offline };
  const real = script?.followed.commands.filter((scriptCommand) => !checksOnly(scriptCommand)) ?? [];
  const [only] = real;
  if (!script || !only)
    return {
      build: builtByStart(app, toolchain) ?? platformBuild(app, toolchain) ?? builtByCompiler(app, toolchain),
      ...none,
    };
  // `x run build.ts` runs a program that builds: that file is no source of the app
  const builders = real.filter((scriptCommand) => !toolchain.loadedRuntime?.starts?.(scriptCommand.argv));
  const builtFrom = builders.flatMap((builder) =>
    builder.argv.slice(1).filter((word) => /\.[cm]?[jt]sx?$/.test(word) && app.project.has(app.path(word))),
  );
  // a program of the project may run what node_modules/.bin holds, which only the manager puts on the path
  const runs = toolchain.loadedRuntime?.starts?.(only.argv) !== undefined;
  const known = toolchain.programs.has(only.argv[0] ?? '') && !runs;
  const single = real.length === 1 && !only.dynamic && script.followed.plain && known;
  const cleans = script.followed.commands.length > 1 && real.length === 1;
  const build = single || cleans ? own(single, only, toolchain, script) : throughManager(toolchain, script);
  // what stands behind the name of a script goes to its last command
  const last = script.followed.commands.at(-1);
  const watch =
    last && builds(last) && !last.beside ? toolchain.loadedManager?.script(script.name, ['--watch']) : undefined;
  return {
    build: watch ? { ...build, value: { ...build.value, watch: [...watch] } } : build,
    builtFrom: builtFrom.map((word) => posix.normalize(word)),
    buildPrograms: real.flatMap((scriptCommand) =>
      scriptCommand.dynamic ? [] : (toolchain.loadedRuntime?.starts?.(scriptCommand.argv)?.file ?? []),
    ),
  };
}

type Note = Facts['notes'][number];

/** The build of an application whose script builds another one of the repository, too: what is left is its own compiler, or nothing. */
function builtApart(
  toolchain: Toolchain,
  { label, followed }: Script,
  { own, others }: SplitBuild,
): { readonly build: Fact<Command> | undefined; readonly note: Note } {
  const argv = own
    .map((scriptCommand) => toolchain.loadedManager?.exec(scriptCommand.argv))
    .find((item) => item !== undefined);
  const message = `${label} also builds ${others.join(', ')}, which is deployed separately, so the image of this application leaves it out`;
  return {
    build: argv && detected({ argv: [...argv] }, followed.from),
    note: { code: 'builds-others', message, from: [...followed.from] },
  };
}

/**
 * The build of an application whose script also changes a database, as a platform that has one beside the build is told to: no build of an image has one,
 * so that the commands run without that, each as the script runs it. Undefined: it changes none, or something in it is more than commands in a row.
 */
function builtOffline(
  toolchain: Toolchain,
  { name, label, followed }: Script,
): { readonly build: Fact<Command> | undefined; readonly note: Note } | undefined {
  const after = name === undefined ? undefined : toolchain.followed(`post${name}`);
  const all = [...followed.commands, ...(after?.commands ?? [])];
  const changes = all.filter(toolchain.changesDatabase);
  const rest = all.filter((scriptCommand) => !changes.includes(scriptCommand) && !checksOnly(scriptCommand));
  if (changes.length === 0 || rest.some((scriptCommand) => scriptCommand.dynamic || scriptCommand.beside))
    return undefined;
  const argv = inARow(toolchain, rest);
  if (rest.length > 0 && !argv) return undefined;
  const skippedText = changes.map((change) => `\`${change.argv.join(' ')}\``).join(', ');
  const message = `${label} runs ${skippedText}, which needs the database. There is none during an image build, so the build runs without it. Set the key "migrate" to a command that must run before the application starts`;
  const [only, ...more] = rest;
  const env = only && more.length === 0 && Object.keys(only.env).length > 0 ? { env: { ...only.env } } : {};
  return {
    build: argv && detected({ argv: [...argv], ...env }, followed.from),
    note: { code: 'build-changes-database', message, from: [...followed.from] },
  };
}

/** Commands of a script without the script: one as it is, several in one line of shell. Undefined: there is none, or they would mean something else there. */
function inARow({ programs, loadedManager }: Toolchain, commands: readonly ScriptCommand[]) {
  const all = commands.flatMap((scriptCommand) => {
    const argv = programs.has(scriptCommand.argv[0] ?? '')
      ? scriptCommand.argv
      : loadedManager?.exec(scriptCommand.argv);
    return argv ? [{ argv, env: Object.entries(scriptCommand.env).map(([name, value]) => `${name}=${value}`) }] : [];
  });
  const [only, ...more] = all;
  if (!only || all.length !== commands.length) return undefined;
  if (more.length === 0) return only.argv;
  const words = all.map(({ argv, env }) => [...env, ...argv]);
  const isPlain = words.flat().every((word) => /^[\w./:=@,+-]+$/.test(word));
  return isPlain ? ['sh', '-c', words.map((line) => line.join(' ')).join(' && ')] : undefined;
}

/** Whether a file of the app imports one of some modules: tests of another tool are none of the runtime. */
const importsOneOf = (app: App, file: string, modules: readonly string[]): boolean =>
  readSource(app.project, app.path(file))?.imports.some(({ specifier }) => modules.includes(specifier)) ?? false;

/** What a start script does before it starts, where no script is for building: `npm run build:ts && node dist/server.js`. */
function builtByStart(app: App, toolchain: Toolchain): Fact<Command> | undefined {
  const script = scriptFor(app, toolchain, names.start);
  const before = script?.followed.commands.find(
    (scriptCommand) =>
      scriptCommand !== script.main &&
      !scriptCommand.beside &&
      !scriptCommand.dynamic &&
      !checksOnly(scriptCommand) &&
      builds(scriptCommand),
  );
  if (!script || !before) return undefined;
  const through = before.through.at(-1);
  const argv =
    through !== undefined && through !== script.name
      ? toolchain.loadedManager?.script(through, [])
      : toolchain.loadedManager?.exec(before.argv);
  return argv && detected({ argv: [...argv] }, script.followed.from);
}

/** Where no script builds, and the start script names a file below the folder in which the compiler of TypeScript puts what it makes: that compiler. */
function builtByCompiler(app: App, toolchain: Toolchain): Fact<Command> | undefined {
  const main = scriptFor(app, toolchain, names.start)?.main;
  const started = main && !main.dynamic ? toolchain.loadedRuntime?.starts?.(main.argv, readOf(app)) : undefined;
  const isInstalled = ['dependencies', 'devDependencies'].some((key) => app.manifest?.text([key, 'typescript']));
  if (!started || !isInstalled || existing(app.project, app.path(started.file)) !== undefined) return undefined;
  const outDir = setting(chain(app, 'tsconfig.json'), 'outDir');
  const folder = outDir && posix.normalize(posix.join(posix.dirname(app.own(outDir.data.file)), outDir.value));
  if (!outDir || folder === undefined || !posix.normalize(started.file).startsWith(`${folder.replace(/\/$/, '')}/`))
    return undefined;
  const argv = toolchain.loadedManager?.exec(['tsc']);
  const from = inData(outDir.data, ['compilerOptions', 'outDir'], `the compiler writes its output to ${outDir.value}`);
  return argv && detected({ argv: [...argv] }, [from]);
}

/** Compilers and bundlers; what else comes before starting (migrations, checks) makes nothing that runs. */
const builds = ({ argv }: ScriptCommand): boolean =>
  builders.some((builder) => builder.programs?.includes(argv[0] ?? ''));

const own = (single: boolean, only: ScriptCommand, toolchain: Toolchain, script: Script): Fact<Command> =>
  single
    ? detected(command(only.argv, script.name, only.env), script.followed.from)
    : throughManager(toolchain, script);

/** Type checks, linters and cleaning make nothing that runs. */
const checksOnly = ({ argv }: ScriptCommand): boolean =>
  ['rm', 'rimraf', 'del', 'echo', 'true', 'mkdir', 'eslint', 'biome', 'prettier', 'exit'].includes(argv[0] ?? '') ||
  (argv.includes('--noEmit') && argv.includes('tsc'));

function readTest(app: App, toolchain: Toolchain, tests: readonly string[]): Fact<Command> | undefined {
  if (app.config.test) return byConfig({ argv: [...app.config.test] }, 'test');
  const script = scriptFor(app, toolchain, names.test);
  // the placeholder that package managers write: `echo "Error: no test specified" && exit 1`
  const real =
    script?.followed.commands.filter(
      (scriptCommand) => !['echo', 'exit', 'true', 'false'].includes(scriptCommand.argv[0] ?? ''),
    ) ?? [];
  const [only] = real;
  if (script && only) {
    const single =
      real.length === 1 && !only.dynamic && script.followed.plain && toolchain.programs.has(only.argv[0] ?? '');
    return single
      ? detected(command(only.argv, script.name, only.env), script.followed.from)
      : throughManager(toolchain, script);
  }
  const own = toolchain.loadedRuntime?.testModules;
  const first = own ? tests.find((file) => importsOneOf(app, file, own)) : tests[0];
  if (first === undefined || !toolchain.loadedRuntime) return undefined;
  return detected({ argv: [...toolchain.loadedRuntime.test()] }, [{ file: app.path(first), why: 'a file of tests' }]);
}

function configuredEntry(app: App, written: string): string {
  const entry = posix.normalize(written);
  const outside = entry.startsWith('..') || posix.isAbsolute(entry);
  if (!outside && app.project.has(app.path(entry))) return entry;
  const near = nearest(
    entry,
    app.project.files().map((file) => app.own(file)),
  );
  throw new UserError({
    code: 'entry-missing',
    message: `The key "entry" is ${JSON.stringify(written)}, which is ${outside ? 'outside the app' : 'not a file of the app'}`,
    next: [near ? `Did you mean "${near}"?` : 'Set it to the entry point of the app, relative to its package.json'],
  });
}

/** The source file that the process starts with: named by a command, by package.json, or by its usual name. */
export function readEntry(app: App, toolchain: Toolchain, commands: Commands): Facts['entry'] {
  const { config, project, manifest } = app;
  if (config.entry !== undefined) return byConfig(configuredEntry(app, config.entry), 'entry');
  const find = (raw: string): string | undefined => {
    const file = existing(project, app.path(raw));
    return file === undefined ? undefined : app.own(file);
  };
  const named = commands.startFile;
  if (named) {
    const file =
      named.value === '.' || named.value === './'
        ? undefined
        : (find(named.value) ?? sourceOf(app, named.value, commands));
    if (file !== undefined) return detected(file, named.from);
  }
  const dev = commands.devFile;
  const ofDev = dev && (find(dev.value) ?? sourceOf(app, dev.value, commands));
  if (dev && ofDev) return detected(ofDev, dev.from);
  const tool = commands.startFile ? undefined : binOf(app);
  const ofTool = tool && (find(tool.file) ?? sourceOf(app, tool.file, commands));
  if (tool && ofTool) return detected(ofTool, [tool.from]);
  for (const key of ['module', 'main']) {
    const text = manifest?.text([key]);
    const file = text === undefined ? undefined : (find(text) ?? sourceOf(app, text, commands));
    if (manifest && file !== undefined) return detected(file, [inData(manifest, [key], `${key} is ${text}`)]);
  }
  return usualEntry(app, toolchain, commands);
}

/** The program that package.json offers, where there is one. */
export function binOf(app: App): { name: string; file: string; from: Evidence } | undefined {
  const { manifest } = app;
  if (!manifest) return undefined;
  const own = (manifest.text(['name']) ?? 'app').split('/').at(-1) ?? 'app';
  const single = manifest.text(['bin']);
  const [name, file] = single === undefined ? (Object.entries(manifest.texts(['bin']))[0] ?? []) : [own, single];
  if (name === undefined || file === undefined) return undefined;
  return { name, file, from: inData(manifest, ['bin'], `bin is ${file}`) };
}

/** Scripts that start no application: what checks it, makes it, fills its database, or runs around installing and publishing. */
const serving =
  /test|spec|e2e|lint|format|prettier|type|check|build|compile|bundle|clean|gen|codegen|migrat|seed|db|schema|doc|deploy|release|publish|version|install|prepare|^(pre|post)/i;

/** The one file that scripts of other names start: `"local": "node ./dist/cli.js"`. */
function entryOfScripts(app: App, toolchain: Toolchain, commands: Commands): Facts['entry'] | undefined {
  const found = Object.keys(scriptsOf(app))
    .filter((name) => !serving.test(name))
    .flatMap((name) => {
      const followed = toolchain.followed(name);
      return (followed?.commands ?? []).flatMap((scriptCommand) => {
        const started = scriptCommand.dynamic
          ? undefined
          : toolchain.loadedRuntime?.starts?.(scriptCommand.argv, readOf(app));
        const there = started && existing(app.project, app.path(started.file));
        const file = there === undefined ? started && sourceOf(app, started.file, commands) : app.own(there);
        return file === undefined || !followed ? [] : [{ file, from: followed.from }];
      });
    });
  const [first] = found;
  return first && found.every(({ file }) => file === first.file) ? detected(first.file, first.from) : undefined;
}

function usualEntry(app: App, toolchain: Toolchain, commands: Commands): Facts['entry'] {
  const found = (toolchain.loadedRuntime?.entries ?? []).filter((file) => app.project.has(app.path(file)));
  const [first, ...others] = found;
  const scripted = first === undefined && !commands.startFile ? entryOfScripts(app, toolchain, commands) : undefined;
  if (scripted) return scripted;
  if (first === undefined) {
    const why = commands.startFile
      ? `${commands.startFile.value} is started, but its source was not found`
      : 'no script, package.json field or conventional file name shows the entry point';
    return { why, ask: 'entry', from: [...(commands.startFile?.from ?? [])] };
  }
  const main = others.length > 0 ? found.find((file) => reachesAll(app, file, found)) : undefined;
  if (main !== undefined) {
    const why = `a conventional name, and it imports ${found.filter((file) => file !== main).join(' and ')}`;
    return detected(main, [{ file: app.path(main), why }]);
  }
  if (others.length > 0) {
    return {
      why: `${found.join(' and ')} exist, and it is unclear which one is the entry point`,
      ask: 'entry',
      from: found.map((file) => ({ file: app.path(file), why: 'a conventional name' })),
    };
  }
  return detected(first, [{ file: app.path(first), why: 'the conventional name of an entry point' }]);
}

/** Whether a file imports all the others, directly or through more. */
function reachesAll(app: App, file: string, all: readonly string[]): boolean {
  const reached = new Set(readModules(app, [app.path(file)]).sources.map((source) => app.own(source.file)));
  return all.every((value) => reached.has(value));
}

/** The source of a file that a command names, relative to the app: the file itself, or what the build makes it of; undefined: there is none. */
export function sourceOfFile(app: App, file: string, commands: Commands): string | undefined {
  const there = existing(app.project, app.path(file));
  return there === undefined ? sourceOf(app, file, commands) : app.own(there);
}

/** The source of a file that building makes: what the build script names, or the same path under the source folder. */
function sourceOf(app: App, made: string, commands: Commands): string | undefined {
  const stem = (file: string) => posix.basename(file).replace(/\.[cm]?[jt]sx?$/, '');
  const named = commands.builtFrom.filter((file) => stem(file) === stem(made));
  if (named[0] !== undefined) return named[0];
  if (commands.builtFrom.length === 1) return commands.builtFrom[0];
  const emitted = ofPath(app.project, app.path(made));
  if (emitted !== undefined && emitted !== app.path(made)) return app.own(emitted);
  const [, ...rest] = posix.normalize(made).split('/');
  if (rest.length === 0) return undefined;
  const found = [posix.join('src', ...rest), posix.join(...rest)]
    .map((path) => existing(app.project, app.path(path)))
    .find((value) => value !== undefined);
  return found === undefined ? undefined : app.own(found);
}
