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
    json({ commands: commands.map((one) => ({ ...one, line: line(one) })) });
    return 0;
  }
  const rows = commands.map((one) => [one.title, one.argv.length > 0 ? line(one) : style.dim(one.note ?? '')]);
  for (const row of columns(rows)) out(row);
  const notes = commands.filter((one) => one.note !== undefined && one.argv.length > 0);
  if (notes.length > 0) out();
  for (const one of notes) out(style.dim(`${one.title}: ${one.note}`));
  return 0;
};
