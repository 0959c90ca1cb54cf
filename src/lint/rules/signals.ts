/** PID 1 is a shell or a package manager that starts the application and does not pass on signals. */
import { posix } from 'node:path';
import type { Remark, Rule } from '../contract.ts';
import type { LintFacts } from '../facts/facts.ts';
import { isInit, type Start, shellScript, startOfService, startOfStage, withoutWrappers } from './support/starts.ts';

const MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm', 'npx', 'pnpx']);

const WHY =
  'SIGTERM only reaches that process, so the application cannot shut down gracefully: requests are cut off, and it is killed after the grace period.';

/** What stands between process 1 and the application; undefined: nothing that is known. */
function between(start: Start, facts: LintFacts): { readonly what: string; readonly fix: string } | undefined {
  if (start.isShell || isInit(start.argv[0])) return undefined;
  const argv = withoutWrappers(start.argv);
  const program = posix.basename(argv[0] ?? '');
  if (MANAGERS.has(program)) {
    return {
      what: `PID 1 is ${program}, which starts a shell that starts the application.`,
      fix: 'Start the application directly, with the command of the script, such as `["node", "dist/index.js"]`.',
    };
  }
  const script = shellScript(argv);
  const commands = script === undefined ? [] : (facts.script(script) ?? []);
  const last = commands.at(-1);
  if (!last || commands.some((command) => command.argv[0] === 'exec') || last.background) return undefined;
  return {
    what: `PID 1 is ${argv[0] ?? 'a shell'}, which starts the application and waits for it.`,
    fix: 'Start its last command with `exec`, so that it replaces the shell.',
  };
}

function remarkOn(start: Start | undefined, facts: LintFacts): readonly Remark[] {
  const found = start && between(start, facts);
  if (!start || !found) return [];
  return [
    {
      message: found.what,
      why: WHY,
      file: start.file,
      line: start.line,
      fix: { safety: 'suggested', description: found.fix },
    },
  ];
}

export const rule: Rule = {
  name: 'signals',
  title: 'Signals do not reach the application',
  severity: 'warning',
  weight: 70,
  check: (facts) => {
    const services = facts.services.filter((service) => !service.isDevelopment);
    const ofServices = services.flatMap((service) => {
      const dockerfile = facts.dockerfileOf(service);
      const [stage] = dockerfile?.shipped ?? [];
      if (!dockerfile || !stage || stage.isWindows) return [];
      return remarkOn(startOfService(service, startOfStage(dockerfile, stage)), facts);
    });
    const ofImages = facts.dockerfiles.flatMap((dockerfile) => {
      const others = facts.servicesOf(dockerfile).filter((service) => !service.isDevelopment);
      // where every service says its own start, that of the image runs nowhere
      if (others.length > 0 && others.every((service) => service.command ?? service.entrypoint)) return [];
      return dockerfile.shipped.flatMap((stage) =>
        stage.isWindows ? [] : remarkOn(startOfStage(dockerfile, stage), facts),
      );
    });
    return [...ofImages, ...ofServices];
  },
};
