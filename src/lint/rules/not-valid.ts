/** A file that Docker rejects, as a whole or in part. */
import type { Remark, Rule } from '../contract.ts';

const WHY = 'Docker rejects this file with an error.';

/** A message that may begin with the name of the file, as a sentence without it. */
function sentence(text: string, file: string): string {
  const own = text.startsWith(`${file} `) ? `it ${text.slice(file.length + 1)}` : text;
  const first = own.slice(0, 200).split(' ')[0] ?? '';
  const begun = /[/.]/.test(first) ? own : `${own.charAt(0).toUpperCase()}${own.slice(1)}`;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** Whether the name of a file or of a folder above it says that it is for tests, or an example. */
const isAside = (file: string): boolean =>
  /(^|[/._-])(tests?|testing|e2e|integration|examples?|samples?|demos?|fixtures?|templates?)([/._-]|$)/i.test(file);

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
          message: `${sentence(first.message, path)}${more.length > 0 ? ` ${more.length} more lines are not valid.` : ''}`,
          why: WHY,
          file: path,
          line: first.line,
        },
      ];
    });
    const ofCompose = facts.refused.map(
      ({ file, problem }): Remark => ({
        // nothing is deployed with it
        ...(isAside(file) ? { severity: 'warning' as const } : {}),
        message: sentence(problem.message, problem.where?.file ?? file),
        why: WHY,
        file: problem.where?.file ?? file,
        line: problem.where?.line ?? 1,
      }),
    );
    return [...ofFiles, ...ofCompose];
  },
};
