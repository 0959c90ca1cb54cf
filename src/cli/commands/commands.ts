import { type Everyday, everydayCommands } from '../../index.ts';
import { type Run, warningOptions } from '../options.ts';
import { columns, json, out, style } from '../terminal.ts';

/** Words as a shell takes them. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const line = ({ argv, env = {} }: Everyday): string =>
  [...Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`), ...argv.map(quoted)].join(' ');

/** Prints the everyday commands of a project, to be copied. */
export const run: Run = async (flags, _args, signal) => {
  const commands = await everydayCommands(warningOptions(flags, signal));
  if (flags.json) {
    json({ commands: commands.map((command) => ({ ...command, line: line(command) })) });
    return 0;
  }
  const rows = commands.map((command) => [
    command.title,
    command.argv.length > 0 ? line(command) : style.dim(command.note ?? ''),
  ]);
  for (const row of columns(rows)) out(row);
  const notes = commands.filter((command) => command.note !== undefined && command.argv.length > 0);
  if (notes.length > 0) out();
  for (const note of notes) out(style.dim(`${note.title}: ${note.note}`));
  return 0;
};
