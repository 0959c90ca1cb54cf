/** Dependencies are installed without enforcing the lockfile. */
import { posix } from 'node:path';
import type { ScriptCommand } from '../../formats/shell/script.ts';
import type { Remark, Rule } from '../contract.ts';
import type { CopyFacts, DockerfileFacts, RunFacts, StageFacts } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { type Install, installOf } from './support/installs.ts';
import { lockfiles, lockfilesOf } from './support/lockfiles.ts';
import { placeOf } from './support/stages.ts';

/** By manager: the command that refuses a lockfile that does not fit. */
const FROZEN: Readonly<Record<string, string>> = {
  npm: 'npm ci',
  yarn: 'yarn install --frozen-lockfile',
  pnpm: 'pnpm install --frozen-lockfile',
  bun: 'bun install --frozen-lockfile',
};

const WHY =
  'The image may get different versions than those that were tested, and two builds of one commit can differ.';

/** Whether a copy brings a file of this name. */
const brings = ({ sources }: CopyFacts, name: string): boolean =>
  sources.some((source) => {
    const base = posix.basename(source);
    if (/^(\.|\.\/|\/|\*|\.\.)$/.test(source) || base === name) return true;
    // a folder that holds it, or a pattern
    if (!base.includes('*')) return !/\.\w+$/.test(base);
    const [head = '', tail = ''] = [base.slice(0, base.indexOf('*')), base.slice(base.lastIndexOf('*') + 1)];
    return name.startsWith(head) && name.endsWith(tail);
  });

type Place = {
  readonly dockerfile: DockerfileFacts;
  readonly stage: StageFacts;
  readonly run: RunFacts;
  readonly command: ScriptCommand;
};

function loose(facts: LintFacts, { dockerfile, stage, run, command }: Place, install: Install): Remark | undefined {
  const frozen = FROZEN[install.manager];
  const files = lockfilesOf[install.manager] ?? [];
  // another folder than that of the manifest that is judged here
  const isElsewhere = command.argv.some((word) => /^(--prefix|--dir|-C|--cwd)(=|$)/.test(word));
  if (frozen === undefined || install.isFrozen || run.binds || isElsewhere) return undefined;
  const { context } = dockerfile;
  const file = files.find((name) => facts.has(posix.join(context, name)));
  const place = placeOf(dockerfile, run.from);
  if (file === undefined) {
    // of a folder that is not here nothing is known
    if (!facts.has(posix.join(context, 'package.json')) || anyLockfile(facts, context)) return undefined;
    return {
      message: 'Dependencies are installed without a lockfile: the project has none.',
      why: WHY,
      ...place,
      fix: { safety: 'suggested', description: `Commit ${files[0]} and install with \`${frozen}\`.` },
    };
  }
  const isCopied = stage.copies.some((copy) => brings(copy, file)) || stage.parent !== undefined;
  const words = command.argv.join(' ').slice(0, 60);
  const isAlone = install.manager === 'npm' && isCopied && /^npm (install|i)$/.test(run.text.trim());
  const span = run.from.args[0]?.span;
  return {
    ...(install.manager === 'npm' || !isCopied ? {} : { severity: 'info' as const }),
    message: isCopied
      ? `\`${words}\` updates ${file} if it is out of date, instead of failing.`
      : `Dependencies are installed without ${file}, which is not copied.`,
    why: WHY,
    ...place,
    fix: {
      safety: 'suggested',
      description: isCopied
        ? `Install with \`${frozen}\`.`
        : `Copy ${file} together with package.json, and install with \`${frozen}\`.`,
      ...(isAlone && span && run.from.form === 'shell'
        ? { edits: [{ file: dockerfile.path, ...span, text: 'npm ci' }] }
        : {}),
    },
  };
}

const anyLockfile = ({ has }: LintFacts, context: string): boolean =>
  lockfiles.some((name) => has(posix.join(context, name)));

export const rule: Rule = {
  name: 'no-lockfile-install',
  title: 'Dependencies are installed without enforcing the lockfile',
  severity: 'warning',
  weight: 38,
  check: (facts) =>
    facts.dockerfiles.flatMap((dockerfile) =>
      [...dockerfile.reached].flatMap((stage) =>
        stage.runs.flatMap((run) => {
          // one of several branches of a script is as good as its best
          const installs = run.commands.flatMap((command) => {
            const install = installOf(command);
            return install ? [{ command, install }] : [];
          });
          const [first] = installs;
          if (!first || installs.some(({ install }) => install.isFrozen)) return [];
          return loose(facts, { dockerfile, stage, run, command: first.command }, first.install) ?? [];
        }),
      ),
    ),
};
