/**
 * CMD or ENTRYPOINT is written in shell form. The shell of Debian and of Alpine stays process 1 then and starts the application as its child
 * (tried with dash 0.5.12 and BusyBox 1.37); with an ENTRYPOINT in shell form no argument of CMD arrives.
 */
import { jsonForm } from '../../formats/dockerfile/index.ts';
import type { Remark, Rule } from '../contract.ts';
import { type DockerfileFacts, lastOf, type StageFacts } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { onShipped } from './support/stages.ts';
import { startOfStage } from './support/starts.ts';

function shellStart(facts: LintFacts, dockerfile: DockerfileFacts, stage: StageFacts): Remark | undefined {
  const start = startOfStage(dockerfile, stage);
  if (!start?.isShell || stage.isWindows || lastOf(stage, 'SHELL')) return undefined;
  const services = facts.servicesOf(dockerfile).filter((service) => !service.isDevelopment);
  if (services.length > 0 && services.every((service) => service.command ?? service.entrypoint)) return undefined;
  const commands = facts.script(start.argv[0] ?? '') ?? [];
  const [first] = commands;
  if (!first || commands.some(({ argv }) => argv[0] === 'exec')) return undefined;
  const from = lastOf(stage, start.what);
  const words = start.argv[0] ?? '';
  const isPlain = commands.length === 1 && Object.keys(first.env).length === 0 && /^[\w./@:=, -]+$/.test(words);
  // as a list it would be process 1, and pass on no signals either
  const isManager = /^(npm|yarn|pnpm|npx)$/.test(first.argv[0] ?? '');
  const place = from?.args[0]?.span;
  return {
    message: `${start.what} is written in shell form, so that /bin/sh is process 1 and the application its child.`,
    why: 'The shell does not pass SIGTERM on: every stop waits for the whole grace period and then kills the application in the middle of its work.',
    file: dockerfile.path,
    line: start.line,
    ...(from ? { endLine: from.endLine } : {}),
    fix: isManager
      ? {
          safety: 'suggested',
          description: 'Write what the script of the package manager runs, as a list, such as `["node", "server.js"]`.',
        }
      : isPlain
        ? {
            safety: 'suggested',
            description: `Write it as a list: \`${start.what} ${jsonForm(first.argv)}\`.`,
            ...(place ? { edits: [{ file: dockerfile.path, ...place, text: jsonForm(first.argv) }] } : {}),
          }
        : {
            safety: 'suggested',
            description:
              'Write it as a list, or begin the last command with `exec`, so that it takes the place of the shell.',
          },
  };
}

export const rule: Rule = {
  name: 'shell-form-start',
  title: 'The start is written in shell form',
  severity: 'warning',
  weight: 60,
  check: (facts) => onShipped(facts, (dockerfile, stage) => shellStart(facts, dockerfile, stage)),
};
