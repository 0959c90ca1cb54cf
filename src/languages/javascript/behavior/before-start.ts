import type { ShellCommand } from '../../../formats/shell/commands.ts';
import type { LeftOut } from '../../../model/facts.ts';
import type { Hint } from '../../../model/hint.ts';
import type { App } from '../app.ts';
import { imageCommand, type PrecedingCommand } from '../image-command.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { readOf } from '../scripts/commands.ts';
import { followLine, type ScriptCommand } from '../scripts/follow.ts';
import { leavesNothing } from '../scripts/platform.ts';

type Input = {
  readonly isOfBuild: (command: ScriptCommand) => boolean;
  /** whether a command brings the database up to date */
  readonly applies: (command: ScriptCommand) => boolean;
};

/**
 * What the author's image runs each time before it starts the app, where that image goes: what changes the database or runs a file of the app is for a
 * job before the app starts, as a line that a platform would have; the rest is listed.
 */
export function readBefore(
  app: App,
  toolchain: Toolchain,
  { isOfBuild, applies }: Input,
): { readonly release?: Hint; readonly leftOut: readonly LeftOut[] } {
  if (app.config.existing !== 'replace') return { leftOut: [] };
  const all = (imageCommand(app)?.before ?? []).map((precedingCommand) => {
    const line = lineOfWords(precedingCommand.command);
    const commands =
      line === undefined ? [] : followLine(app, line, precedingCommand.from, toolchain.loadedManager).commands;
    const known = commands.filter((command) => isOfBuild(command) || leavesNothing(command));
    const jobs = commands.filter((command) => !known.includes(command));
    const isOfJob = (command: ScriptCommand) =>
      applies(command) || toolchain.loadedRuntime?.starts?.(command.argv, readOf(app)) !== undefined;
    return {
      command: precedingCommand,
      line,
      isDone: commands.length > 0 && jobs.length === 0,
      isOfJob: jobs.length > 0 && jobs.every(isOfJob),
    };
  });
  const taken = all.filter(({ command, isOfJob }) => command.sure && isOfJob);
  const [first] = taken;
  const value = taken.map(({ line }) => line).join(' && ');
  return {
    ...(first ? { release: { hint: 'dockerfile', says: 'release', value, from: [...first.command.from] } } : {}),
    leftOut: all.filter((row) => !taken.includes(row) && !row.isDone).map(({ command }) => leftOutOf(command)),
  };
}

/** A command of plain words as a line; undefined: only running it would tell what it does. */
function lineOfWords({ argv, env, dynamic, background }: ShellCommand): string | undefined {
  const isPlain = argv.every((word) => /^[\w./:=@,+-]+$/.test(word));
  return isPlain && !dynamic && !background && Object.keys(env).length === 0 ? argv.join(' ') : undefined;
}

function leftOutOf({ command, sure, from }: PrecedingCommand): LeftOut {
  const when = sure ? 'before it starts the app' : 'before it starts the app, under a condition';
  const why = `the existing image runs it ${when}; the generated one only starts the app: set the key "migrate" to a command that must run before`;
  return { what: `command ${command.argv.join(' ').slice(0, 200)}`, why, from: [...from] };
}
