import { posix } from 'node:path';
import type { Facts } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { startLine } from '../../../stacks/javascript.ts';
import { type App, present } from '../app.ts';
import { emittedPathOf } from '../manifest/emitted-path.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { existing } from '../modules/graph.ts';
import { bundlesItself } from '../modules/runtime-dev-dependencies.ts';
import { binOf, type Commands } from './commands.ts';

/** The start command: what a script starts, or else the runtime on the entry. */
export function commandFacts(
  app: App,
  toolchain: Toolchain,
  commands: Commands,
  start: string | undefined,
  entry: Facts['entry'],
  tool: ReturnType<typeof binOf>,
): Facts['commands'] {
  const run = start === undefined ? undefined : toolchain.loadedRuntime?.run(madeMain(app, commands) ?? start);
  const byEntry: Facts['commands']['start'] =
    run && 'value' in entry
      ? { value: { argv: [...run] }, by: entry.by, from: [...entry.from] }
      : { why: 'no script starts the app, and the entry point is not known', ask: 'start', from: [] };
  const program = tool && toolchain.loadedRuntime?.run(programFile(app, tool.file, start));
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

/** What `main` of package.json or developing names, where building makes it: without a start script that is what runs. */
function madeMain(app: App, commands: Commands): string | undefined {
  if (!commands.build) return undefined;
  return [app.manifest?.text(['main']), commands.devFile?.value]
    .flatMap((file) => (file === undefined ? [] : [posix.normalize(file)]))
    .find((file) => file.includes('/') && /\.[cm]?js$/.test(file) && !app.project.has(app.path(file)));
}

/** The file that starts, the files that it imports, and whether the runtime runs it as it is. */
type StartFacts = {
  readonly start: string | undefined;
  readonly reached: readonly string[];
  readonly runsSource: boolean;
};

/** The start command with the file where the compiler really puts it: a start script that names another has not been run lately. */
export function withEmittedPath(
  app: App,
  toolchain: Toolchain,
  { start, reached, runsSource }: StartFacts,
  commands: Facts['commands'],
): Pick<Facts, 'commands' | 'notes'> {
  const command = 'value' in commands.start ? commands.start : undefined;
  const bundled = command && bundledLine(app, toolchain, start, command.value.argv);
  if (command && bundled) {
    // the script starts the source: no script starts this
    const { script: _, ...rest } = command.value;
    return { commands: { ...commands, start: { ...command, value: { ...rest, argv: [...bundled] } } }, notes: [] };
  }
  const place = start === undefined ? undefined : emittedPathOf(app, toolchain, start, reached);
  const run = place === undefined || runsSource ? undefined : toolchain.loadedRuntime?.run(place);
  // no script starts the source: what building makes of it is what runs
  if (command && run && command.value.script === undefined && isSourceRun(command.value.argv, start)) {
    const value = { ...command.value, argv: [...run] };
    return { commands: { ...commands, start: { ...command, value } }, notes: [] };
  }
  const plain = (path: string) => posix.normalize(path).replace(/\.[cm]?js$/, '');
  const words = (command?.value.argv ?? []).filter((word, at) => at > 0 && !word.startsWith('-'));
  const named =
    words.find((word) => posix.basename(plain(word)) === posix.basename(plain(place ?? ''))) ??
    words.find((word) => isOfNoSource(app, word, place ?? ''));
  if (!command || place === undefined || named === undefined || plain(named) === plain(place))
    return { commands, notes: [] };
  // plain JavaScript that the author starts as it is, whatever a compiler makes of it besides
  if (command.value.script !== undefined && /\.[cm]?js$/.test(start ?? '') && plain(named) === plain(start ?? ''))
    return { commands, notes: [] };
  const message = `the start command runs ${named}; the compiler writes ${start} to ${place}, which the image starts`;
  const argv = command.value.argv.map((word) => (word === named ? place : word));
  return {
    commands: { ...commands, start: { ...command, value: { ...command.value, argv } } },
    notes: [{ code: 'start-elsewhere', message, from: command.from }],
  };
}

/** Whether a word is a file of the folder that is compiled into which no source of the project becomes, by its name. */
function isOfNoSource({ project, path }: App, word: string, place: string): boolean {
  const file = posix.normalize(word);
  const [folder = ''] = place.split('/');
  if (!/\.[cm]?js$/.test(file) || !place.includes('/') || !file.startsWith(`${folder}/`)) return false;
  const stem = (name: string) => posix.basename(name).replace(/\.\w+$/, '');
  return !project.has(path(file)) && !project.files().some((one) => stem(one) === stem(file));
}

/**
 * The line that starts what the author's own bundler makes, where the start script has a loader of development start its source: the bundler knows what
 * belongs into the file. It is what `bin` or `main` of package.json names, by the name of that source. Undefined: there is none, or it is not known.
 */
function bundledLine(
  app: App,
  toolchain: Toolchain,
  start: string | undefined,
  argv: readonly string[],
): readonly string[] | undefined {
  const line = startLine(argv);
  const source = start !== undefined && /\.[cm]?tsx?$/.test(start) ? posix.basename(start).replace(/\.\w+$/, '') : '';
  if (source === '' || line.preloads.length === 0 || line.file === undefined || posix.normalize(line.file) !== start)
    return undefined;
  if (!bundlesItself(toolchain)) return undefined;
  const named = [binOf(app)?.file, app.manifest?.text(['main'])].flatMap((file) =>
    file ? [posix.normalize(file)] : [],
  );
  const made = named.find(
    (file) =>
      file.includes('/') &&
      /\.[cm]?js$/.test(file) &&
      posix.basename(file).replace(/\.\w+$/, '') === source &&
      !app.project.has(app.path(file)),
  );
  const run = made && toolchain.loadedRuntime?.run(made);
  return run ? [...run, ...line.args] : undefined;
}

/** `node src/index.ts`: the runtime on the source, and no loader of its own. */
const isSourceRun = (argv: readonly string[], start: string | undefined): boolean =>
  argv.length === 2 && start !== undefined && /\.[cm]?tsx?$/.test(start) && posix.normalize(argv[1] ?? '') === start;

/** What a start script names that is not there, and that nothing makes: the app ends as soon as it starts. `isBuilt` says whether anything builds the app. */
export function missingBuildNotes(app: App, { startFile }: Commands, isBuilt: boolean): Facts['notes'] {
  if (isBuilt || !startFile || startFile.by !== 'detected') return [];
  const file = posix.normalize(startFile.value);
  const isOfApp = !file.startsWith('..') && !posix.isAbsolute(file) && !file.split('/').includes('node_modules');
  if (!isOfApp || existing(app.project, app.path(file)) !== undefined || isFolder(app, file)) return [];
  const message = `The start command runs ${file}, which does not exist and which no known script creates, so the app does not start. Create it in a script \`build\` or with the key "build", or start something else with the key "start"`;
  return [{ code: 'start-not-made', message, from: startFile.from }];
}

const isFolder = (app: App, path: string): boolean =>
  app.project.files().some((file) => path === '.' || file.startsWith(`${app.path(path)}/`));
