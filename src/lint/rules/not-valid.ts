/** A file that Docker refuses, or a part of it. */
import type { Remark, Rule } from '../contract.ts';

const WHY = 'Docker stops with an error at this file.';

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

export const rule: Rule = {
  name: 'not-valid',
  title: 'A file is not valid',
  severity: 'error',
  weight: 100,
  check: (facts) => {
    const ofFiles = facts.dockerfiles.flatMap(({ path, tree }): Remark[] => {
      const [first, ...more] = tree.problems;
      if (!first) return [];
      // a newer frontend may know what this version does not
      const isNewer = /^there is no instruction|has no flag/.test(first.message);
      return [
        {
          ...(isNewer ? { severity: 'warning' as const } : {}),
          message: `${sentence(first.message)}${more.length > 0 ? ` ${more.length} more of its lines are not valid.` : ''}`,
          why: WHY,
          file: path,
          line: first.line,
        },
      ];
    });
    const ofCompose = facts.refused.map(
      ({ file, problem }): Remark => ({
        message: sentence(problem.message),
        why: WHY,
        file: problem.where?.file ?? file,
        line: problem.where?.line ?? 1,
      }),
    );
    return [...ofFiles, ...ofCompose];
  },
};
