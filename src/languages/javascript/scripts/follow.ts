import { posix } from 'node:path';
import { type ShellCommand, shellCommands } from '../../../formats/shell/commands.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { interpreterLine } from '../../../project/source.ts';
import type { Manager, ScriptRun } from '../../../stacks/contract.ts';
import { programRun, startLine } from '../../../stacks/javascript.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import { runtimes } from '../../../stacks/runtimes/registry.gen.ts';
import { type App, inData } from '../app.ts';
import { type ManagedProgram, toldPrograms } from './ecosystem.ts';
import { severalOf } from './parallel.ts';

/** One command that a script comes to, with the variables set for it. */
export type ScriptCommand = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly dynamic: boolean;
  /** runs beside the others, or in a pipe behind one */
  readonly beside: boolean;
  /** what was written before the program to start it, such as npx */
  readonly starter?: string;
  /** the scripts that were followed, outermost first */
  readonly through: readonly string[];
  /** what the file of a process manager says of it */
  readonly told?: ManagedProgram;
};

export type FollowedScript = {
  readonly commands: readonly ScriptCommand[];
  /** false: something in it is more than commands in a row */
  readonly plain: boolean;
  readonly from: readonly Evidence[];
};

/** Programs that only set variables or start another program: how many words of theirs come before it. */
const wrappers: Readonly<Record<string, (argv: readonly string[]) => { skip: number; env: Record<string, string> }>> = {
  'cross-env': (argv) => assignments(argv),
  'cross-env-shell': (argv) => assignments(argv),
  env: (argv) => assignments(argv),
  exec: () => ({ skip: 1, env: {} }),
  time: () => ({ skip: 1, env: {} }),
  // https://github.com/entropitor/dotenv-cli: the dashes are only needed where the command has flags of its own
  dotenv: (argv) => (argv.includes('--') ? afterDashes(argv) : afterOptions(argv, ['-e', '-v', '-p', '-c'])),
  // https://github.com/toddbluhm/env-cmd: before its release 9 the file stood first, without a flag
  'env-cmd': (argv) => {
    const { skip } = afterOptions(argv, ['-f', '--file', '-e', '--environments', '-r', '--rc-file']);
    return { skip: skip === 1 && /(^|\/)[\w-]*\.env(\.[\w.-]+)?$/.test(argv[1] ?? '') ? 2 : skip, env: {} };
  },
  dotenvx: (argv) => afterDashes(argv),
  doppler: (argv) => afterDashes(argv),
  infisical: (argv) => afterDashes(argv),
  op: (argv) => afterDashes(argv),
};

function assignments(argv: readonly string[]): { skip: number; env: Record<string, string> } {
  const env: Record<string, string> = {};
  let skip = 1;
  for (; skip < argv.length; skip += 1) {
    const [name, value] = (argv[skip] ?? '').split(/=(.*)/s);
    if (name === undefined || value === undefined || !/^\w+$/.test(name)) break;
    env[name] = value;
  }
  return { skip, env };
}

function afterDashes(argv: readonly string[]): { skip: number; env: Record<string, string> } {
  const at = argv.indexOf('--');
  return { skip: at === -1 ? argv.length : at + 1, env: {} };
}

/** What stands behind the flags of a program; `valued` take the next word. */
function afterOptions(
  argv: readonly string[],
  valued: readonly string[],
): { skip: number; env: Record<string, string> } {
  let skip = 1;
  while (argv[skip]?.startsWith('-')) skip += valued.includes(argv[skip] ?? '') ? 2 : 1;
  return { skip, env: {} };
}

/** The scripts of package.json. */
export const scriptsOf = (app: App): Readonly<Record<string, string>> => app.manifest?.texts(['scripts']) ?? {};

/** Names of the script that builds the app for production, the most telling first. */
export const buildScripts: readonly string[] = ['build:prod', 'build'];

/** The scripts of an app, each followed once. */
export function followedScripts(app: App, manager: Manager | undefined): (name: string) => FollowedScript | undefined {
  const followed = new Map<string, FollowedScript | undefined>();
  return (name) => {
    if (!followed.has(name)) followed.set(name, followScript(app, name, manager));
    return followed.get(name);
  };
}

/** Follows a script of package.json, through the scripts that it runs, to the commands in the end. */
export function followScript(app: App, name: string, manager: Manager | undefined): FollowedScript | undefined {
  if (!app.manifest || !Object.hasOwn(scriptsOf(app), name)) return undefined;
  const { follow, state, from } = follower(app, manager);
  const commands = follow(name, [], {}, []);
  return { commands, plain: state.plain, from };
}

/** The same for a line that stands in another file, at `from`. Its words have to be prepared with `shellFor`. */
export function followLine(
  app: App,
  text: string,
  place: readonly Evidence[],
  manager: Manager | undefined,
): FollowedScript {
  const { expand, state, from } = follower(app, manager);
  const line = shellCommands(text);
  if (!line.plain) state.plain = false;
  const commands = line.commands.flatMap((command) => expand(command, [], {}, []));
  return { commands, plain: state.plain, from: [...place, ...from] };
}

/** Scripts that run each other several times come to more commands with every step: whoever means so many starts them by a program. */
const MOST_FOLLOWED = 200;

/** Counts one more script; true where it is one too many, and the commands are then not all that run. */
function isTooMuch(state: { plain: boolean; followed: number }): boolean {
  state.followed += 1;
  if (state.followed > MOST_FOLLOWED) state.plain = false;
  return state.followed > MOST_FOLLOWED;
}

/** Follows commands through the scripts that they run, and keeps what was seen on the way. */
function follower(app: App, manager: Manager | undefined) {
  const scripts = scriptsOf(app);
  const { manifest } = app;
  const from: Evidence[] = [];
  const state = { plain: true, followed: 0 };
  const follow = (
    script: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    through: readonly string[],
  ): ScriptCommand[] => {
    if (through.includes(script) || isTooMuch(state)) return [];
    const path = [...through, script];
    return [`pre${script}`, script].flatMap((value) => {
      const text = scripts[value];
      if (text === undefined || !manifest) return [];
      from.push(inData(manifest, ['scripts', value], `the script ${value} is \`${text}\``));
      const line = shellCommands(text);
      if (!line.plain) state.plain = false;
      return line.commands.flatMap((command, index) => {
        const more = value === script && index === line.commands.length - 1 ? args : [];
        return expand(command, more, env, path);
      });
    });
  };
  const expand = (
    command: ShellCommand,
    args: readonly string[],
    outer: Readonly<Record<string, string>>,
    through: readonly string[],
  ): ScriptCommand[] => {
    // a bare assignment starts nothing
    if (readsSettings(command.argv) || command.argv.length === 0) return [];
    const inner = unwrapped(command.argv, { ...outer, ...command.env });
    const argv = withInterpreter(app, [...inner.argv, ...args]);
    const parts = severalOf(argv, Object.keys(scripts))?.map((part) => {
      const ran =
        'script' in part
          ? follow(part.script, part.args, inner.env, through)
          : commandsOf(part.line).flatMap((shellCommand) => expand(shellCommand, [], inner.env, through));
      return part.beside ? ran.map((scriptCommand) => ({ ...scriptCommand, beside: true })) : ran;
    });
    if (parts) return parts.flat();
    const told = toldPrograms(app, argv);
    if (told)
      return told.flatMap((managedProgram, at) => startTold(managedProgram, at > 0, { argv, env: inner.env }, through));
    // a script of that name in another folder is another one
    const run = folderFlag(argv) === undefined ? runsScript(argv, scripts, manager) : undefined;
    if (!run) {
      const beside = command.background || command.after === '|';
      return [{ argv, env: inner.env, dynamic: command.dynamic, beside, through }];
    }
    if ('script' in run) return follow(run.script, run.args, inner.env, through);
    const started = expand({ ...command, argv: run.program }, [], inner.env, through);
    return started.map((scriptCommand) => ({ ...scriptCommand, starter: argv[0] ?? '' }));
  };
  const startTold = (told: ManagedProgram, beside: boolean, by: Starter, through: readonly string[]): ScriptCommand[] =>
    expand(lineOf(told), [], by.env, through).map(toldBy(told, beside, by));
  return { follow, expand, state, from };
}

type Starter = Pick<ScriptCommand, 'argv' | 'env'>;

const toldBy =
  (told: ManagedProgram, beside: boolean, { argv }: Starter) =>
  (scriptCommand: ScriptCommand): ScriptCommand => ({
    ...scriptCommand,
    told,
    starter: argv[0] ?? '',
    ...(beside ? { beside } : {}),
  });

/** A program that a process manager is told to start, as a line of the shell. */
const lineOf = ({ argv, env, apart }: ManagedProgram): ShellCommand => ({
  argv,
  env,
  dynamic: apart !== undefined,
  background: false,
});

/** The commands of a line that stood in quotes; a bare word is one, whatever the shell would make of it. */
const commandsOf = (line: string): readonly ShellCommand[] =>
  /\s/.test(line) ? shellCommands(line).commands : [{ argv: [line], env: {}, dynamic: false, background: false }];

/** `set -a; . ./.env.production; set +a`: variables from a file, which a container is given instead. */
const readsSettings = ([program, ...args]: readonly string[]): boolean =>
  (program === 'set' && args.every((word) => /^[-+][a-z]+$/.test(word))) ||
  ((program === '.' || program === 'source') && args.length === 1 && /(^|\/)\.env(\.[\w.-]+)?$/.test(args[0] ?? ''));

function unwrapped(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): { argv: readonly string[]; env: Readonly<Record<string, string>> } {
  const program = programOfModules(argv);
  if (program) return unwrapped(program, env);
  const wrapper = Object.hasOwn(wrappers, argv[0] ?? '') ? wrappers[argv[0] ?? ''] : undefined;
  if (!wrapper) return { argv, env };
  const { skip, env: more } = wrapper(argv);
  return argv.length > skip ? unwrapped(argv.slice(skip), { ...env, ...more }) : { argv, env };
}

/**
 * A program that is named by its file: `node ./node_modules/.bin/nest start` is `nest start`, `node_modules/nodemon/bin/nodemon.js` nodemon, and
 * `node --max-old-space-size=8192 node_modules/astro/astro.js build` is `astro build`.
 */
function programOfModules(argv: readonly string[]): readonly string[] | undefined {
  const isRun = runtimes.some(({ name }) => name === argv[0]);
  const { file, args, flags, preloads } = isRun ? startLine(argv) : startLine(['', ...argv]);
  const [, inside] = /^(?:\.{0,2}\/)*node_modules\/(.+)$/.exec(file ?? '') ?? [];
  // behind a loader of TypeScript it is not the program alone; flags of the runtime belong to what serves
  if (inside === undefined || preloads.length > 0 || (flags.length > 0 && args.some((word) => serving.has(word))))
    return undefined;
  const parts = inside.split('/');
  const name = posix.basename(inside).replace(/\.[cm]?js$/, '');
  const owner = parts[0]?.startsWith('@') ? parts[1] : parts[0];
  const isProgram = ['bin', '.bin'].includes(parts.at(-2) ?? '') || name === owner;
  return isProgram ? [name, ...args] : undefined;
}

const serving = new Set(['start', 'serve', 'preview']);

/** A file of the app that is started by itself, with the runtime that its first line names: `./bin/www` with `#!/usr/bin/env node`. */
function withInterpreter(app: App, argv: readonly string[]): readonly string[] {
  const [file = ''] = argv;
  const path = app.path(posix.normalize(file));
  if (!file.includes('/') || file.startsWith('/') || !app.project.has(path)) return argv;
  const words = (interpreterLine(app.project, path) ?? '').replace(/^#!\s*/, '').split(/\s+/);
  const [program, ...flags] = posix.basename(words[0] ?? '') === 'env' ? words.slice(1) : words;
  const name = posix.basename(program ?? '');
  return flags.length === 0 && runtimes.some((runtime) => runtime.name === name) ? [name, ...argv] : argv;
}

/** Flags by which a package manager works in another folder. */
const folderFlags: ReadonlySet<string> = new Set(['--prefix', '--cwd', '--dir', '-C']);

/** The folder that a command of a package manager is told to work in; undefined: it works where it is. */
export function folderFlag(argv: readonly string[]): string | undefined {
  if (!managers.some(({ name }) => name === argv[0])) return undefined;
  const at = argv.findIndex((word) => folderFlags.has(word.split('=')[0] ?? ''));
  if (at === -1) return undefined;
  return (argv[at] ?? '').split('=')[1] ?? argv[at + 1] ?? '';
}

/** The script or the program that a command runs: what the project's manager makes of it, any `npx tsc`, or any `x run start`. */
function runsScript(
  argv: readonly string[],
  scripts: Readonly<Record<string, string>>,
  manager: Manager | undefined,
): ScriptRun | undefined {
  const program = programRun(argv);
  const known = program ? { program } : manager?.runs?.(argv, Object.keys(scripts));
  if (known) return known;
  const [, verb, script, ...args] = argv;
  if ((verb !== 'run' && verb !== 'run-script') || script === undefined || !Object.hasOwn(scripts, script))
    return undefined;
  return { script, args: args[0] === '--' ? args.slice(1) : args };
}
