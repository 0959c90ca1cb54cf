/**
 * A package manager without a pinned version. Tested with pnpm 12, which rejected a lockfile of pnpm 10 with overrides in package.json. Corepack uses
 * the newest version if none is set (https://github.com/nodejs/corepack#environment-variables, COREPACK_DEFAULT_TO_LATEST).
 */
import { posix } from 'node:path';
import { parseJson } from '../../formats/json/index.ts';
import type { ScriptCommand } from '../../formats/shell/script.ts';
import { UserError } from '../../model/errors.ts';
import type { Remark, Rule } from '../contract.ts';
import type { StageFacts } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { programOf } from './support/checks.ts';
import { onReached, placeOf } from './support/stages.ts';

/** The package managers whose next major release may refuse what the last one wrote. `yarn` of npm stays at 1. */
const TOOLS = ['pnpm', 'bun'];

/** The tool whose newest release a command brings: `npm i -g pnpm`, `corepack prepare pnpm@latest`; undefined: it brings none, or a release that it names. */
function newest({ argv }: ScriptCommand): string | undefined {
  const isGlobal = argv[0] === 'npm' && argv.some((word) => ['-g', '--global', '--location=global'].includes(word));
  const isPrepared = argv[0] === 'corepack' && ['prepare', 'use', 'install'].includes(argv[1] ?? '');
  const names = argv.slice(2).flatMap((word) => {
    const [name = '', release = ''] = word.split('@');
    const floats = ['', 'latest', 'next'].includes(release) || release.startsWith('latest-');
    return TOOLS.includes(name) && floats ? [name] : [];
  });
  return isGlobal || (isPrepared && argv.some((word) => word.includes('@'))) ? names[0] : undefined;
}

const commandsOf = ({ runs }: StageFacts) => runs.flatMap((run) => run.commands.map((command) => ({ run, command })));

/** What brings it in a stage; `corepack enable` alone does as soon as the tool runs. */
function brought(stage: StageFacts) {
  const commands = commandsOf(stage);
  const found = commands.find(({ command }) => newest(command) !== undefined);
  if (found) return { run: found.run, tool: newest(found.command) ?? '', words: found.command.argv.join(' ') };
  const ofCorepack = commands.filter(({ command }) => programOf(command) === 'corepack');
  const [enabled] = ofCorepack;
  const isAlone = ofCorepack.every(({ command }) => command.argv[1] === 'enable');
  const runs = commands.some(({ command }) => programOf(command) === 'pnpm');
  return enabled && isAlone && runs ? { run: enabled.run, tool: 'pnpm', words: 'corepack enable' } : undefined;
}

/** Whether the project says which release it is kept with. */
function isNamed({ read }: LintFacts, context: string): boolean {
  const file = posix.join(context, 'package.json');
  const text = read(file);
  if (text === undefined) return true;
  try {
    const { value } = parseJson(text, file, { lenient: true });
    return typeof value === 'object' && value !== null && ('packageManager' in value || 'devEngines' in value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return true;
  }
}

export const rule: Rule = {
  name: 'newest-tool',
  title: 'A package manager has no pinned version',
  severity: 'warning',
  weight: 44,
  check: (facts) =>
    onReached(facts, (dockerfile, stage): Remark | undefined => {
      const found = brought(stage);
      if (!found || isNamed(facts, dockerfile.context)) return undefined;
      const { run, tool, words } = found;
      return {
        message: `\`${words.slice(0, 60)}\` installs whichever version of ${tool} is newest at the time.`,
        why: 'A new major version may use other settings and reject the lockfile, so the build breaks without any change of yours.',
        ...placeOf(dockerfile, run.from),
        fix: {
          safety: 'suggested',
          description: `Pin the version that wrote the lockfile: \`"packageManager": "${tool}@…"\` in package.json, or \`${tool}@…\` here.`,
        },
      };
    }),
};
