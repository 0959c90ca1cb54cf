/** A health check that cannot fail, or that accepts an error page. */
import type { ScriptCommand } from '../../formats/shell/script.ts';
import type { Remark, Rule } from '../contract.ts';
import { type HealthCheck, healthChecks, localPort, programOf } from './support/checks.ts';

const succeeds = (command: ScriptCommand): boolean =>
  /^(true|:)$/.test(programOf(command)) ||
  (programOf(command) === 'exit' && command.argv[1] === '0') ||
  (programOf(command) === 'echo' && command.argv.length > 0) ||
  endsAlone(command);

/** A program in the words of a runtime that does nothing but end well: `node -e "process.exit(0)"`. */
const endsAlone = ({ argv }: ScriptCommand): boolean =>
  ['-e', '-c', '-p', '--eval', '--print'].includes(argv[1] ?? '') &&
  /^(process\.exit|(sys\.)?exit|quit|console\.log|print)\((0|'[\w ]*'|"[\w ]*")?\);?$/.test((argv[2] ?? '').trim());

/** Why the check passes where it should not; undefined: nothing is known against it. */
function passes({ commands }: HealthCheck): { readonly what: string; readonly fix: string } | undefined {
  const [first] = commands;
  const last = commands.at(-1);
  if (!first || !last) return undefined;
  // what stands behind `||` is never reached where the first one always succeeds
  const reached = succeeds(first) && commands.slice(1).every(({ after }) => after === '||') ? [first] : commands;
  if (reached.every(({ argv, env }) => argv.length === 0 || succeeds({ argv, env, nested: false, background: false })))
    return {
      what: 'The health check does not check anything, so it always passes.',
      fix: 'Request a route of the application, and fail if it does not respond.',
    };
  if (commands.length > 1 && succeeds(last) && (last.after === '||' || last.after === ';') && !last.nested)
    return {
      what: `The health check cannot fail, because it ends with \`${last.after === ';' ? ';' : '||'} ${last.argv.join(' ')}\`.`,
      fix: 'Remove that ending, or use `|| exit 1`.',
    };
  const asks = commands.find((command) => programOf(command) === 'curl' && localPort(command) !== undefined);
  const isPiped = commands.some(({ after }) => after === '|');
  const asked = asks?.argv ?? [];
  // -f, also among other letters, or -w, which prints the status for somebody to look at
  const judges = asked.some((word) =>
    word.startsWith('--')
      ? /^--(fail|fail-with-body|write-out)(=|$)/.test(word)
      : word.startsWith('-') && (word.includes('f') || word.includes('w')),
  );
  if (asks && !isPiped && !judges && commands.indexOf(asks) === 0)
    return {
      what: 'The health check uses `curl` without `-f`, which accepts a status such as 500.',
      fix: 'Use `curl -f`.',
    };
  return undefined;
}

export const rule: Rule = {
  name: 'health-check-passes',
  title: 'The health check passes when it should not',
  severity: 'warning',
  weight: 55,
  check: (facts) =>
    healthChecks(facts).flatMap((check): Remark[] => {
      const found = passes(check);
      if (!found) return [];
      const { file, line, endLine } = check;
      return [
        {
          message: found.what,
          why: 'A broken application counts as healthy, so it keeps getting traffic and nobody is alerted.',
          file,
          line,
          endLine,
          fix: { safety: 'suggested', description: found.fix },
        },
      ];
    }),
};
