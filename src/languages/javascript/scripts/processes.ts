import { posix } from 'node:path';
import { UserError } from '../../../model/errors.ts';
import type { LeftOut, Process } from '../../../model/facts.ts';
import type { Hint } from '../../../model/hint.ts';
import { WEB } from '../../../model/process-names.ts';
import { services } from '../../../services/registry.gen.ts';
import { plainContext } from '../analysis.ts';
import type { App } from '../app.ts';
import { readLifetime } from '../behavior/lifetime.ts';
import { readSignals } from '../behavior/signals.ts';
import { emittedPathOf } from '../manifest/emitted-path.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { readModules } from '../modules/graph.ts';
import { type Commands, type FurtherProcess, readOf, sourceOfFile } from './commands.ts';
import { composeHints } from './compose-processes.ts';
import { furtherHints, skippedProcesses, startedBeside } from './extra-processes.ts';
import { platformLine, processHints } from './platform.ts';
import type { PreloadedFile } from './preload.ts';

/** Further processes of the app, and those that its platforms start and the deployment does not. */
export type ReadProcesses = { readonly processes: readonly Process[]; readonly leftOut: readonly LeftOut[] };

/** Names that other containers of a deployment have. */
const taken: ReadonlySet<string> = new Set([
  'app',
  'migrate',
  'schedule',
  ...services.filter(({ outside }) => !outside).map(({ host }) => host),
]);

/** Processes that start others in time: two of them would start everything twice. */
const clocks = /^(clock|cron|scheduler|schedule|beat|timer)$/;

/** A process that a platform starts, before anybody knows where building puts its file. */
type FoundProcess = {
  readonly name: string;
  readonly started: Started;
  /** the file that it starts, as it is written; relative to the app */
  readonly source: string;
  readonly env: Readonly<Record<string, string>>;
  /** absent: it was read in the project */
  readonly by?: 'config';
  readonly from: Process['from'];
};

/** The processes that platforms start beside the one that gets the requests, and what of them the deployment cannot start. */
export type FoundProcesses = { readonly found: readonly FoundProcess[]; readonly leftOut: readonly LeftOut[] };

/** What platforms, the manifest and the configuration start besides, by the sources of it. */
export function findProcesses(app: App, toolchain: Toolchain, commands: Commands): FoundProcesses {
  const configured = app.config.processes ?? {};
  const asked = ofConfig(app, toolchain, commands);
  const all = [...asked, ...readProcesses(app, toolchain, commands)];
  const { found, leftOut } = eachOnce(app, toolchain, all);
  // the configuration says what runs under a name, or that nothing does
  const isOwn = ({ name, by }: FoundProcess) => by === 'config' || !Object.hasOwn(configured, name);
  return {
    found: found.filter(isOwn),
    leftOut: [...leftOut, ...found.filter((foundProcess) => !isOwn(foundProcess)).map(switchedOff)],
  };
}

const switchedOff = ({ name, from }: FoundProcess): LeftOut => ({
  what: `process ${name}`,
  why: `the configuration says processes.${name}`,
  from: [...from],
});

/** The processes of the configuration. Throws a UserError for one that starts no file of the application. */
function ofConfig(app: App, toolchain: Toolchain, commands: Commands): readonly FoundProcess[] {
  return Object.entries(app.config.processes ?? {}).flatMap(([name, argv]): FoundProcess[] => {
    if (argv === false) return [];
    const started = toolchain.loadedRuntime?.starts?.(argv, readOf(app));
    const source = started && sourceOfFile(app, started.file, commands);
    if (!started || source === undefined) throw startsNothing(name, argv);
    const from = [{ why: `the configuration says processes.${name}` }];
    return [{ name, started, source, env: {}, by: 'config', from }];
  });
}

const startsNothing = (name: string, argv: readonly string[]): UserError =>
  new UserError({
    code: 'process-not-started',
    message: `The key "processes.${name}" is \`${argv.join(' ')}\`, which does not start a file of the application`,
    next: ['Use the runtime and a file of the application, such as `node worker.js`'],
  });

/** What files of platforms, scripts and the start script name. */
function readProcesses(app: App, toolchain: Toolchain, commands: Commands): readonly (FoundProcess | LeftOut)[] {
  const written = distinctNames([...processHints(app), ...composeHints(app)]);
  const isNew = ({ name }: { readonly name?: string | undefined }) => !written.some((item) => item.name === name);
  const read = distinct([...written, ...furtherHints(app, toolchain).filter(isNew)]).flatMap((hint) =>
    hint.name === WEB ? [] : (findProcess(app, toolchain, commands, hint) ?? []),
  );
  const same = commands.start?.value;
  const beside = startedBeside(app, toolchain).filter(
    (furtherProcess) =>
      isNew(furtherProcess) && !(isSame(furtherProcess.argv, same?.argv) && isSameEnv(furtherProcess.env, same?.env)),
  );
  return [
    ...read,
    ...[...beside, ...(commands.further ?? [])].flatMap((furtherProcess) => ofStart(app, commands, furtherProcess)),
    ...skippedProcesses(app, toolchain),
  ];
}

/** The same, each program once. */
function eachOnce(app: App, toolchain: Toolchain, named: readonly (FoundProcess | LeftOut)[]): FoundProcesses {
  const command = ({ started, env }: FoundProcess) => JSON.stringify([started.argv, env]);
  const all = named.flatMap((item) => ('source' in item ? [item] : []));
  const once = all.filter(
    (foundProcess, at) => all.findIndex((other) => command(other) === command(foundProcess)) === at,
  );
  // what a platform or the start script starts is not started again because a script of its own does so, too
  const isNamed = ({ source }: FoundProcess) => once.some((other) => !isOfScript(other) && other.source === source);
  const found = once.filter((foundProcess) => !isOfScript(foundProcess) || !isNamed(foundProcess));
  const ending = found.filter((foundProcess) => isOfScript(foundProcess) && ends(app, toolchain, foundProcess));
  return {
    found: found.filter((foundProcess) => !ending.includes(foundProcess)),
    leftOut: [...named.flatMap((item) => ('source' in item ? [] : [item])), ...ending.map(endingLeftOut)],
  };
}

/** Each name once, the first that says it. */
const distinctNames = (hints: readonly Hint[]): readonly Hint[] =>
  hints.filter(({ name }, at) => hints.findIndex((other) => other.name === name) === at);

/** A process that only a script names, or a compose file: nobody says that it stays alive. */
const isOfScript = ({ from, name }: FoundProcess): boolean =>
  from[0]?.why.includes(' starts a separate process') === true && !/^web$/.test(name);

/** Whether a program ends by itself. */
function ends(app: App, toolchain: Toolchain, { source }: FoundProcess): boolean {
  const modules = readModules(app, [app.path(source)]);
  const context = plainContext({ app, modules, runtime: toolchain.loadedRuntime });
  const { lifetime, sure } = readLifetime(context, [], readSignals(context, undefined));
  return lifetime === 'ends' && sure && modules.sources.length > 0;
}

const endingLeftOut = ({ name, source, from }: FoundProcess): LeftOut => ({
  what: `process ${name}`,
  why: `${source} exits on its own: run it when needed, for example with \`docker compose run --rm app node ${source}\``,
  from: [...from],
});

/** A further process of the start script, by the name of its file; `queue` for `queue/index.js`. */
function ofStart(
  app: App,
  commands: Commands,
  { name: own, file, argv, env, from }: FurtherProcess,
): FoundProcess | LeftOut {
  const stem = (path: string) => posix.basename(path).replace(/\.[cm]?[jt]s$/, '');
  const isGeneral = ['index', 'main', 'app', 'server'].includes(stem(file)) && file.includes('/');
  const name = own ?? (isGeneral ? posix.basename(posix.dirname(file)) : stem(file));
  const source = sourceOfFile(app, file, commands);
  if (source === undefined)
    return { what: `process ${name}`, why: `${file} does not exist, and its source was not found`, from: [...from] };
  return { name, started: { file, argv }, source, env, from: [...from] };
}

/** The same with the commands that start them. `reached` are the files that the app and they import, relative to the app: they are compiled together. */
export function placeProcesses(
  app: App,
  toolchain: Toolchain,
  commands: Commands,
  { found, leftOut }: FoundProcesses,
  reached: readonly string[],
): ReadProcesses {
  const processes: Process[] = [];
  const notBuilt: LeftOut[] = [];
  for (const { name: written, started, source, env, by, from } of found) {
    const argv = argvOf(app, toolchain, commands, started, { source, reached });
    const name = nameOf(written, processes);
    if (argv === undefined) {
      const why = `it runs ${source} directly, but the image contains the build output: start the built file instead`;
      notBuilt.push({ what: `process ${written}`, why, from });
    } else
      processes.push({
        name,
        command: { argv: [...argv], ...(Object.keys(env).length > 0 ? { env: { ...env } } : {}) },
        entry: source,
        ...(clocks.test(name) ? { single: true } : {}),
        ...(by === undefined ? {} : { by }),
        from,
      });
  }
  return { processes, leftOut: [...leftOut, ...notBuilt] };
}

/** One process; undefined: it is the app itself, as something else says already. */
function findProcess(
  app: App,
  toolchain: Toolchain,
  commands: Commands,
  hint: Hint,
): FoundProcess | LeftOut | undefined {
  const { followed, main } = platformLine(app, toolchain, hint);
  const started = main && toolchain.loadedRuntime?.starts?.(main.argv, readOf(app));
  const kind = hint.hint === 'compose' ? 'service' : 'process';
  const asLeftOut = (why: string): LeftOut => ({ what: `${kind} ${hint.name ?? ''}`, why, from: hint.from });
  if (!main)
    return asLeftOut('this shell line is more than one plain command: start it beside the application if you need it');
  if (!started)
    return asLeftOut(
      `\`${main.argv.join(' ')}\` does not start a file of the application: start it beside the application if you need it`,
    );
  const same = commands.start?.value;
  if (isSame(started.argv, same?.argv) && isSameEnv(main.env, same?.env)) return undefined;
  const source = sourceOfFile(app, started.file, commands);
  if (source === undefined) return asLeftOut(`${started.file} does not exist, and its source was not found`);
  const from = followed.from.map((item) => ({ ...item }));
  return { name: hint.name ?? 'process', started, source, env: main.env, from };
}

const isSame = (argv: readonly string[], other: readonly string[] | undefined): boolean =>
  other !== undefined &&
  argv.length === other.length &&
  argv.every((word, at) => plain(word) === plain(other[at] ?? ''));

/** The same file with other variables is another process: `PROCESS=worker node index.js`. */
const isSameEnv = (env: Readonly<Record<string, string>>, other: Readonly<Record<string, string>> = {}): boolean =>
  Object.entries(env).every(([name, value]) => other[name] === value || name === 'NODE_ENV');

/** Each line once: a platform and a script may both name it. */
const distinct = (hints: readonly Hint[]): readonly Hint[] =>
  hints.filter(({ value }, at) => hints.findIndex((other) => other.value === value) === at);

const plain = (word: string): string => posix.normalize(word).replace(/\.[cm]?[jt]s$/, '');

type Started = { readonly file: string; readonly argv: readonly string[] };

/** The command with the file where the build puts it; undefined: the app is built, and this file would not be among what is. */
function argvOf(
  app: App,
  toolchain: Toolchain,
  commands: Commands,
  { file, argv }: Started,
  { source, reached }: { readonly source: string; readonly reached: readonly string[] },
): readonly string[] | undefined {
  const isWritten = app.project.has(app.path(file));
  const isBuilt =
    commands.build !== undefined &&
    commands.startFile !== undefined &&
    !app.project.has(app.path(commands.startFile.value));
  const place = emittedPathOf(app, toolchain, source, reached);
  const named = (path: string) => argv.map((word) => (word === file ? path : word));
  if (!isWritten) return place !== undefined && plain(place) !== plain(file) ? named(place) : argv;
  // plain JavaScript is copied as it is; what needs a loader has none beside what is built
  if (!isBuilt || /\.[cm]?js$/.test(file)) return argv;
  return place === undefined ? undefined : toolchain.loadedRuntime?.run(place);
}

/** As the name of a container: lower case, digits and dashes, and none that another has. */
function nameOf(written: string, others: readonly Process[]): string {
  const name =
    written
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40) || 'process';
  const isTaken = (value: string) => taken.has(value) || others.some((other) => other.name === value);
  const own = isTaken(name) ? `${name}-process` : name;
  return isTaken(own) ? `${own}-${others.length + 1}` : own;
}

/** What keeps the app from becoming one file: that file would hold one of its programs. */
export const processBlocker = ({ processes: [first] }: ReadProcesses) =>
  first
    ? [
        {
          code: 'bundle-blocker',
          message: `${first.name} is a separate program, and a compiled file contains one program`,
          from: [...first.from],
        },
      ]
    : [];

/** Files of processes that no build makes anything of, beside an app that is built: they are copied as they are. */
export const processFiles = (app: App, { processes }: ReadProcesses, { build }: Commands): readonly PreloadedFile[] =>
  processes.flatMap(({ name, entry, command }) => {
    const isWritten = entry !== undefined && command.argv.some((word) => posix.normalize(word) === entry);
    return build && isWritten ? [{ file: app.path(entry), why: `the process ${name} starts it` }] : [];
  });
