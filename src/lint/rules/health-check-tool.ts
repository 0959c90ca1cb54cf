/** A health check that uses a program that is not in the image, so that the container never becomes healthy. */
import { posix } from 'node:path';
import { contentsOf } from '../../catalog/image-contents.ts';
import type { Remark, Rule } from '../contract.ts';
import { lineageOf } from '../facts/dockerfile.ts';
import { type HealthCheck, healthChecks, programOf } from './support/checks.ts';

/** Package by the program that it brings, where the names differ. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  nc: /^(netcat\S*|nc|ncat|busybox\S*)$/,
  ps: /^procps\S*$/,
  wget: /^(wget|busybox\S*)$/,
};

/** Whether a line of the stage may have brought the program: a package of its name, a copied file, or commands that could not be read. */
function brings({ built }: HealthCheck, program: string): boolean {
  if (!built) return false;
  const named = (word: string) => {
    const name = word.split(/[=<>~@:]/, 1)[0] ?? '';
    return name === program || posix.basename(word) === program || (PACKAGES[program]?.test(name) ?? false);
  };
  return lineageOf(built.stage).some(
    ({ runs, copies }) =>
      runs.some(
        ({ commands, text }) =>
          commands.some(({ argv }) => argv.slice(1).some(named)) || (commands.length === 0 && text !== ''),
      ) ||
      copies.some(
        ({ to, sources }) =>
          posix.basename(to) === program ||
          sources.some(
            (source) => posix.basename(source) === program || /^\/(usr\/)?(local\/)?s?bin\/?$|^\/$/.test(source),
          ),
      ),
  );
}

function missing(check: HealthCheck): string | undefined {
  const lacks = contentsOf(check.image)?.lacks ?? [];
  const [first] = check.commands;
  if (!first) return undefined;
  if (check.isShell && lacks.includes('sh')) return 'a shell';
  const program = programOf(first);
  return lacks.includes(program) && !brings(check, program) ? `\`${program}\`` : undefined;
}

export const rule: Rule = {
  name: 'health-check-tool',
  title: 'The health check needs a program that is not in the image',
  severity: 'error',
  weight: 60,
  check: (facts) =>
    healthChecks(facts).flatMap((check): Remark[] => {
      const program = missing(check);
      if (program === undefined) return [];
      const { file, line, endLine, image } = check;
      return [
        {
          message: `The health check needs ${program}, which ${image.text} does not include and nothing here installs.`,
          why: 'The check always fails: the container stays unhealthy, and services that wait for it never start.',
          file,
          line,
          endLine,
          fix: {
            safety: 'suggested',
            description:
              'Use a program that the image includes, such as the runtime of the application or `wget` in Alpine, or install it.',
          },
        },
      ];
    }),
};
