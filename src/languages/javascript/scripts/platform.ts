import type { Command, LeftOut } from '../../../model/facts.ts';
import type { Hint } from '../../../model/hint.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { WEB } from '../../../model/process-names.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import type { App } from '../app.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { programPath } from '../workspace/installed.ts';
import { type FollowedScript, followLine, type ScriptCommand } from './follow.ts';

/** A line of a platform's file, followed to the commands in the end. */
export type PlatformLine = {
  readonly hint: Hint;
  readonly followed: FollowedScript;
  /** what it runs until it is stopped: the last command; undefined: something in it is not understood */
  readonly main: ScriptCommand | undefined;
};

/** The lines of shell that the files of other platforms hold: their grammar is loaded before they are read. */
export const platformLines = ({ hints }: App): readonly string[] =>
  hints.filter(({ says }) => ['process', 'build', 'release'].includes(says)).map(({ value }) => value);

/** The processes that platforms start, each name once. */
export const processHints = ({ hints }: App): readonly Hint[] =>
  hints
    .filter(({ says }) => says === 'process')
    .filter((hint, at, all) => all.findIndex(({ name }) => name === hint.name) === at);

/** Where a hint stands, for messages. */
export const placeOf = ({ from }: Hint): string => `${from[0]?.file ?? ''}:${from[0]?.line ?? 1}`;

export function platformLine(app: App, toolchain: Toolchain, hint: Hint): PlatformLine {
  const followed = followLine(app, hint.value, hint.from, toolchain.loadedManager);
  const main = followed.commands.findLast((command) => !command.beside);
  const isClear = followed.plain && main && !main.dynamic && !followed.commands.some(leaves);
  return { hint, followed, main: isClear ? main : undefined };
}

/** A change of the folder: what follows is named from elsewhere. */
const leaves = ({ argv }: ScriptCommand): boolean => ['cd', 'pushd'].includes(argv[0] ?? '');

/** How a platform starts the app: its web process, or the only process that there is. */
export function webLine(app: App, toolchain: Toolchain): PlatformLine | undefined {
  const processes = processHints(app);
  const hint = processes.find(({ name }) => name === WEB) ?? (processes.length === 1 ? processes[0] : undefined);
  return hint && platformLine(app, toolchain, hint);
}

/** Whether a line is that of the process that gets the requests; the only process of an app may be beside what its manifest starts. */
export const isWeb = (line: PlatformLine | undefined): boolean => line?.hint.name === WEB;

/** The script of the manifest that a platform starts. */
export const scriptOfPlatform = (line: PlatformLine | undefined): readonly string[] =>
  isWeb(line) ? (line?.main?.through ?? []).slice(0, 1) : [];

/** Commands that do nothing that is left: messages, and installing, which has a layer of its own. */
export const leavesNothing = ({ argv: [program = '', verb = 'install'] }: ScriptCommand): boolean =>
  ['echo', 'true', 'printf'].includes(program) ||
  (managers.some(({ name }) => name === program) && ['install', 'ci', 'i', 'clean-install'].includes(verb));

/** How a platform builds the app, where no script of the manifest does: one command besides installing. */
export function platformBuild(app: App, toolchain: Toolchain): Fact<Command> | undefined {
  const hint = app.hints.find(({ says }) => says === 'build');
  const line = hint && platformLine(app, toolchain, hint);
  const [command, ...more] = (line?.followed.commands ?? []).filter((scriptCommand) => !leavesNothing(scriptCommand));
  if (!line?.main || !command || more.length > 0 || command.beside || command.dynamic) return undefined;
  const [script] = command.through;
  const own = toolchain.programs.has(command.argv[0] ?? '');
  const argv =
    script === undefined
      ? own
        ? command.argv
        : toolchain.loadedManager?.exec(command.argv)
      : toolchain.loadedManager?.script(script, []);
  return argv && detected({ argv: [...argv] }, line.followed.from);
}

/** What of a release is not a matter of the job that runs before the app starts, and how the build makes a file that it runs. */
export type ReleaseInput = {
  readonly isOfBuild: (command: ScriptCommand) => boolean;
  readonly builtAs: (file: string) => readonly string[] | undefined;
  /** what the author's image runs before it starts the app; absent: nothing that a job does */
  readonly ofImage?: Hint;
};

export type Release = { readonly command?: Fact<Command>; readonly leftOut?: LeftOut };

/** What a platform runs before a new version starts. */
export function readRelease(app: App, toolchain: Toolchain, input: ReleaseInput): Release {
  const hint = app.hints.find(({ says }) => says === 'release') ?? input.ofImage;
  if (!hint) return {};
  const { followed, main } = platformLine(app, toolchain, hint);
  const commands = followed.commands.filter((command) => !leavesNothing(command) && !input.isOfBuild(command));
  if (commands.length === 0) return {};
  const argv =
    main &&
    commands.every((command) => !command.dynamic && !command.beside) &&
    releaseArgv(app, toolchain, commands, input);
  if (argv) {
    const env = commands[0]?.env ?? {};
    const given = Object.keys(env).length > 0 ? { env: { ...env } } : {};
    return { command: detected({ argv: [...argv], ...given }, followed.from) };
  }
  const why =
    'this shell line is more than a list of commands: set the key "migrate" to a command that must run before the app starts';
  return { leftOut: { what: `release ${hint.value}`, why, from: hint.from } };
}

/** One command as it is, several in one line of shell; undefined: they would mean something else there. */
function releaseArgv(
  app: App,
  toolchain: Toolchain,
  commands: readonly ScriptCommand[],
  input: ReleaseInput,
): readonly string[] | undefined {
  const all = commands.map((command) => ofContainer(app, toolchain, command, input));
  const [only] = all;
  if (all.length === 1) return only;
  const isPlain = all.flat().every((word) => /^[\w./:=@,+-]+$/.test(word));
  const isBare = commands.every(({ env }) => Object.keys(env).length === 0);
  return isPlain && isBare ? ['sh', '-c', all.map((argv) => argv.join(' ')).join(' && ')] : undefined;
}

/** A command in a container that has the packages beside it: no package manager is needed to find a program. */
function ofContainer(
  app: App,
  toolchain: Toolchain,
  { argv }: ScriptCommand,
  { builtAs }: ReleaseInput,
): readonly string[] {
  const started = toolchain.loadedRuntime?.starts?.(argv);
  if (started) return builtAs(started.file) ?? started.argv;
  const [program = '', ...rest] = argv;
  const isThere = toolchain.programs.has(program) || program.includes('/') || ['sh', 'bash'].includes(program);
  return isThere ? argv : [programPath(app, toolchain, program, program), ...rest];
}
