/**
 * CMD or ENTRYPOINT uses the shell form. The shell of Debian and Alpine then stays PID 1 and starts the application as its child (tested with dash
 * 0.5.12 and BusyBox 1.37); an ENTRYPOINT in shell form ignores the arguments of CMD.
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
    message: `${start.what} uses the shell form, so /bin/sh is PID 1 and the application is its child.`,
    why: 'The shell does not pass on SIGTERM: every stop waits for the full grace period, then kills the application in the middle of its work.',
    file: dockerfile.path,
    line: start.line,
    ...(from ? { endLine: from.endLine } : {}),
    fix: isManager
      ? {
          safety: 'suggested',
          description: 'Write the command of the script in exec form, such as `["node", "server.js"]`.',
        }
      : isPlain
        ? {
            safety: 'suggested',
            description: `Use the exec form: \`${start.what} ${jsonForm(first.argv)}\`.`,
            ...(place ? { edits: [{ file: dockerfile.path, ...place, text: jsonForm(first.argv) }] } : {}),
          }
        : {
            safety: 'suggested',
            description: 'Use the exec form, or start the last command with `exec`, so that it replaces the shell.',
          },
  };
}

export const rule: Rule = {
  name: 'shell-form-start',
  title: 'The start command uses the shell form',
  severity: 'warning',
  weight: 60,
  check: (facts) => onShipped(facts, (dockerfile, stage) => shellStart(facts, dockerfile, stage)),
};
