import { parseDockerfile } from '../../../formats/dockerfile/index.ts';
import { shellCommands } from '../../../formats/shell/commands.ts';
import type { Evidence, Known } from '../../../model/evidence.ts';
import { detected } from '../../../model/known.ts';
import type { Manager } from '../../../stacks/contract.ts';
import type { App } from '../app.ts';

/** A longer line is none that installs. Characters. */
const MAX_LINE = 5000;

const isInstall = (word: string | undefined): boolean =>
  word === undefined || ['install', 'i', 'ci', 'clean-install', 'add'].includes(word) || word.startsWith('-');

/** The commands of the author's Dockerfile that install packages of the project, with the program that each starts. */
export function installCommands({
  container,
  project,
}: App): readonly { readonly argv: readonly string[]; readonly from: Evidence }[] {
  const file = container?.stages.at(-1)?.from[0]?.file;
  const text = file === undefined ? undefined : project.read(file);
  if (file === undefined || text === undefined) return [];
  return parseDockerfile(text).instructions.flatMap(({ keyword, rest, startLine: line }) => {
    if (keyword !== 'RUN' || rest.text.length > MAX_LINE) return [];
    return shellCommands(rest.text)
      .commands.filter(({ argv }) => isInstall(argv[1]) && !argv.includes('-g') && !argv.includes('--global'))
      .map(({ argv }) => ({ argv, from: { file, line, why: `installs with \`${argv.join(' ')}\`` } }));
  });
}

/** Flags without which installing fails, such as for peers that contradict each other: as the author's Dockerfile has them. */
export function installFlags(
  app: App,
  manager: Manager | undefined,
  name: string | undefined,
): readonly Known<string>[] {
  const known = manager?.installFlags ?? [];
  const found = new Map<string, Known<string>>();
  for (const { argv, from } of known.length > 0 ? installCommands(app) : [])
    for (const flag of argv[0] === name ? argv.filter((word) => known.includes(word)) : [])
      found.set(flag, detected(flag, [from]));
  return [...found.values()];
}
